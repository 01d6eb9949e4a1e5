"""Addresses of calls and visits; mounted at the root."""

from django.urls import path

from duobiao.engagement.views import (
    call_lists,
    calls,
    contact_plan,
    log_call,
    minutes,
    plan_visit,
    record_visit,
    visit_brief,
    visits,
    work_list,
)

app_name = "engagement"
urlpatterns = [
    path("calls/", calls.calls, name="calls"),
    path("calls/new/", log_call.new_call, name="log_call"),
    path("calls/lists/", call_lists.call_lists, name="call_lists"),
    path("calls/lists/new/", call_lists.new_list, name="make_call_list"),
    path("calls/lists/<str:ref>/", call_lists.call_list, name="call_list"),
    path("calls/lists/<str:ref>/work/", work_list.work, name="work_list"),
    path("calls/lists/<str:ref>/close/", call_lists.close, name="close_call_list"),
    path("calls/latent/", call_lists.latent, name="latent"),
    path("calls/<str:ref>/", calls.call_page, name="call"),
    path("calls/<str:ref>/edit/", calls.edit_call, name="correct_call"),
    path("calls/<str:ref>/withdraw/", calls.remove_call, name="withdraw_call"),
    path("contact-plan/", contact_plan.contact_plan, name="contact_plan"),
    path("contacts/<str:ref>/plan/", contact_plan.plan, name="plan_contact"),
    path("contacts/<str:ref>/plan/end/", contact_plan.end, name="end_contact_plan"),
    path("visits/", visits.visits, name="visits"),
    path("visits/new/", plan_visit.new_visit, name="plan_visit"),
    path("visits/record/", record_visit.new_record, name="log_visit"),
    path("visits/<str:ref>/", visits.visit_page, name="visit"),
    path("visits/<str:ref>/brief/", visit_brief.visit_brief, name="visit_brief"),
    path("visits/<str:ref>/edit/", plan_visit.edit_visit, name="correct_visit"),
    path("visits/<str:ref>/move/", plan_visit.reschedule, name="move_visit"),
    path("visits/<str:ref>/cancel/", plan_visit.call_off, name="cancel_visit"),
    path("visits/<str:ref>/record/", record_visit.record, name="record_visit"),
    path("visits/<str:ref>/minutes/", minutes.minutes, name="minutes"),
    path("visits/<str:ref>/minutes/confirm/", minutes.other_way, name="other_way"),
    path("visits/<str:ref>/minutes/<str:confirmation>/revoke/", minutes.revoke, name="revoke_link"),
    path("visits/<str:ref>/minutes/<str:confirmation>/verify/", minutes.verify, name="verify_confirmation"),
]
