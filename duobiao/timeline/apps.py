"""Django wiring of the timeline."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TimelineConfig(AppConfig):
    """Keeps the append-only triggers in place after every migration."""

    name = "duobiao.timeline"
    label = "timeline"

    def ready(self) -> None:
        from duobiao.timeline import triggers

        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="timeline.triggers")
