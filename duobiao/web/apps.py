"""Django wiring of the shell."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Lets the daily schedule forget old form tokens."""

    name = "duobiao.web"
    label = "web"

    def ready(self) -> None:
        from duobiao.jobs import registry
        from duobiao.web import housekeeping

        registry.every("web.forget_submitted", task=housekeeping.forget_submitted_forms, hour=3, minute=50)
