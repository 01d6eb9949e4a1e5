"""Addresses of composed pages; mounted at the root, after those of deals."""

from django.urls import path
from django.views.generic import RedirectView

from duobiao.workbench.views import (
    calendar,
    deal_chain,
    deal_competition,
    deal_files,
    deal_history,
    deal_needs,
    deal_people,
    deal_reviews,
    deal_room,
    deal_stage,
    deal_strategy,
    deal_summary,
    deal_timeline,
    deal_tracks,
    today,
)

app_name = "workbench"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="workbench:today"), name="home"),
    path("today/", today.today, name="today"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("opportunities/<str:ref>/", deal_room.deal_room, name="deal_room"),
    path("opportunities/<str:ref>/stages/<int:number>/", deal_stage.deal_stage, name="deal_stage"),
    path("opportunities/<str:ref>/tracks/", deal_tracks.deal_tracks, name="deal_tracks"),
    path("opportunities/<str:ref>/people/", deal_people.deal_people, name="deal_people"),
    path("opportunities/<str:ref>/decision-chain/", deal_chain.deal_chain, name="deal_chain"),
    path("opportunities/<str:ref>/needs/", deal_needs.deal_needs, name="deal_needs"),
    path("opportunities/<str:ref>/strategy/", deal_strategy.deal_strategy, name="deal_strategy"),
    path("opportunities/<str:ref>/competition/", deal_competition.deal_competition, name="deal_competition"),
    path("opportunities/<str:ref>/summary/", deal_summary.deal_summary, name="deal_summary"),
    path("opportunities/<str:ref>/gate-reviews/", deal_reviews.deal_reviews, name="deal_reviews"),
    path("opportunities/<str:ref>/files/", deal_files.deal_files, name="deal_files"),
    path("opportunities/<str:ref>/timeline/", deal_timeline.deal_timeline, name="deal_timeline"),
    path("opportunities/<str:ref>/history/", deal_history.deal_history, name="deal_history"),
]
