"""Django wiring of web."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Names the app."""

    name = "duobiao.web"
    label = "web"
