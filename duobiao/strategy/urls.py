"""Addresses of the forms of strategies and plans; the page itself is composed by the workbench."""

from django.urls import path

from duobiao.strategy.views import plans, strategy

app_name = "strategy"
urlpatterns = [
    path("opportunities/<str:ref>/strategy/new/", strategy.write, name="write_strategy"),
    path("opportunities/<str:ref>/strategy/review/", strategy.review, name="review_strategy"),
    path("opportunities/<str:ref>/contingency-plans/new/", plans.prepare, name="prepare_plan"),
    path("contingency-plans/<str:ref>/edit/", plans.edit, name="edit_plan"),
    path("contingency-plans/<str:ref>/advance/", plans.advance, name="advance_plan"),
]
