"""Addresses of gate reviews; the list of one deal is composed by the workbench."""

from django.urls import path

from duobiao.reviews.views import plan, record, reviews

app_name = "reviews"
urlpatterns = [
    path("gate-reviews/", reviews.reviews, name="reviews"),
    path("gate-reviews/<str:ref>/", reviews.review, name="review"),
    path("gate-reviews/<str:ref>/minutes/", reviews.minutes, name="minutes"),
    path("gate-reviews/<str:ref>/edit/", plan.change, name="change_gate_review"),
    path("gate-reviews/<str:ref>/cancel/", plan.cancel, name="cancel_gate_review"),
    path("gate-reviews/<str:ref>/record/", record.record, name="submit_gate_review"),
    path("opportunities/<str:ref>/gate-reviews/new/", plan.plan, name="plan_gate_review"),
]
