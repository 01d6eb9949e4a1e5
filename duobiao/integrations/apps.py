"""Django wiring of integrations."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Names the app."""

    name = "duobiao.integrations"
    label = "integrations"
