"""Django wiring of engagement."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Names the app."""

    name = "duobiao.engagement"
    label = "engagement"
