"""Addresses of review meetings, and of the forms of strategies and plans, whose page the workbench composes."""

from django.urls import path

from duobiao.strategy.views import meetings, plans, strategy

app_name = "strategy"
urlpatterns = [
    path("opportunities/<str:ref>/strategy/new/", strategy.write, name="write_strategy"),
    path("opportunities/<str:ref>/strategy/review/", strategy.review, name="review_strategy"),
    path("opportunities/<str:ref>/contingency-plans/new/", plans.prepare, name="prepare_plan"),
    path("contingency-plans/<str:ref>/edit/", plans.edit, name="edit_plan"),
    path("contingency-plans/<str:ref>/advance/", plans.advance, name="advance_plan"),
    path("reviews/", meetings.meetings, name="meetings"),
    path("reviews/new/", meetings.begin, name="begin_meeting"),
    path("reviews/<str:ref>/", meetings.meeting, name="meeting"),
    path("reviews/<str:ref>/end/", meetings.end, name="end_meeting"),
    path("reviews/<str:ref>/deals/<str:deal>/", meetings.walk, name="walk_meeting"),
    path("reviews/<str:ref>/deals/<str:deal>/notes/", meetings.note, name="note_in_meeting"),
    path("reviews/<str:ref>/deals/<str:deal>/tasks/new/", meetings.add_task, name="decide_in_meeting"),
]
