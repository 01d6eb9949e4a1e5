"""Addresses of analyses and account plans; mounted at the root."""

from django.urls import path

from duobiao.planning.views import entries, plan_parts, plans, sheets

app_name = "planning"
SHEET = "analyses/<str:about>/<str:ref>/<str:definition>/"
urlpatterns = [
    path("analyses/", sheets.industries, name="industries"),
    path("analyses/industries/new/", sheets.begin_industry, name="open_industry"),
    path("analysis-sheets/<str:ref>/", sheets.open_sheet, name="open_sheet"),
    path("analysis-entries/<str:ref>/edit/", entries.edit, name="change_entry"),
    path("analysis-entries/<str:ref>/remove/", entries.remove, name="remove_entry"),
    path(SHEET, sheets.sheet, name="sheet"),
    path(f"{SHEET}new/", entries.note, name="note_entry"),
    path(f"{SHEET}differ/<str:entry>/", entries.note_difference, name="differ"),
    path(f"{SHEET}strike/<str:entry>/", entries.strike_out, name="strike"),
    path(f"{SHEET}pairs/<str:pair>/", entries.act_on, name="act_on_pair"),
    path(f"{SHEET}pairs/<str:pair>/people/", entries.pair_people, name="pair_people"),
    path("account-plans/", plans.plans, name="plans"),
    path("account-plans/due/", plans.due, name="due_dates"),
    path("customers/<str:ref>/account-plans/new/", plans.draft, name="draft_plan"),
    path("customers/<str:ref>/budget-cycle/", plans.budget, name="set_budget_cycle"),
    path("account-plans/<str:ref>/", plans.plan, name="plan"),
    path("account-plans/<str:ref>/edit/", plans.edit, name="edit_plan"),
    path("account-plans/<str:ref>/deals/", plans.choose, name="choose_deals"),
    path("account-plans/<str:ref>/submit/", plans.submit, name="submit_plan"),
    path("account-plans/<str:ref>/recall/", plans.recall, name="recall_plan"),
    path("account-plans/<str:ref>/reopen/", plans.reopen, name="reopen_plan"),
    path("account-plans/<str:ref>/close/", plans.close, name="close_plan"),
    path("account-plans/<str:ref>/goals/new/", plan_parts.add_goal, name="set_goal"),
    path("account-plans/<str:ref>/dates/new/", plan_parts.add_date, name="set_date"),
    path("account-plans/<str:ref>/people/", plan_parts.date_people, name="date_people"),
    path("plan-goals/<str:ref>/edit/", plan_parts.change_goal, name="edit_goal"),
    path("plan-goals/<str:ref>/reached/", plan_parts.reach_goal, name="note_reached"),
    path("plan-goals/<str:ref>/remove/", plan_parts.drop_goal, name="remove_goal"),
    path("plan-dates/<str:ref>/edit/", plan_parts.change_date, name="edit_date"),
    path("plan-dates/<str:ref>/finish/", plan_parts.finish, name="finish_date"),
    path("plan-dates/<str:ref>/remove/", plan_parts.drop_date, name="remove_date"),
]
