"""Django wiring of opportunities."""

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    """Names the app."""

    name = "duobiao.opportunities"
    label = "opportunities"
