"""Django wiring of playbooks."""

from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Names the app."""

    name = "duobiao.playbooks"
    label = "playbooks"
