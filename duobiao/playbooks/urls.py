"""Addresses of playbooks; mounted at the root."""

from django.urls import path

from duobiao.playbooks.views import playbook

app_name = "playbooks"
urlpatterns = [
    path("playbooks/", playbook.newest, name="newest"),
    path("playbooks/<slug:key>/<int:version>/", playbook.playbook, name="playbook"),
]
