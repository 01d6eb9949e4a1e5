"""Addresses of pushing; mounted at the root."""

from django.urls import path

from duobiao.push.views import choices, robots

app_name = "push"
urlpatterns = [
    path("profile/notifications/", choices.choices, name="choices"),
    path("admin/robots/", robots.robots, name="robots"),
    path("admin/robots/new/", robots.add, name="add_robot"),
    path("admin/robots/<str:ref>/", robots.edit, name="edit_robot"),
    path("admin/robots/<str:ref>/try/", robots.try_out, name="try_robot"),
    path("admin/robots/<str:ref>/remove/", robots.remove, name="remove_robot"),
    path("admin/deliveries/<str:ref>/retry/", robots.retry, name="retry_delivery"),
]
