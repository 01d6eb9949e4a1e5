"""Addresses of the timeline: the bell, comments, whom one may mention."""

from django.urls import path

from duobiao.timeline.views import comments, notifications

app_name = "timeline"
urlpatterns = [
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_all, name="read_all"),
    path("notifications/<str:ref>/open/", notifications.open_notification, name="open_notification"),
    path("comments/<str:kind>/<str:ref>/", comments.comments, name="comments"),
    path("people/mentionable/", comments.mentionable_people, name="mentionable"),
]
