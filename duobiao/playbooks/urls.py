"""Addresses of playbooks; mounted at the root."""

from django.urls import path

from duobiao.playbooks.views import improvements, playbook

app_name = "playbooks"
urlpatterns = [
    path("playbooks/", playbook.newest, name="newest"),
    path("playbooks/<slug:key>/<int:version>/", playbook.playbook, name="playbook"),
    path("playbooks/<slug:key>/<int:version>/notes/new/", improvements.note, name="note_improvement"),
    path("playbooks/notes/<str:ref>/", improvements.improvement, name="improvement"),
    path("playbooks/notes/<str:ref>/decide/", improvements.decide, name="decide_improvement"),
]
