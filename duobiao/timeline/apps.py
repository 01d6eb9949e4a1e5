"""Django wiring of the timeline."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TimelineConfig(AppConfig):
    """Keeps the append-only triggers in place after every migration, rings the bell, anchors the chains daily."""

    name = "duobiao.timeline"
    label = "timeline"

    def ready(self) -> None:
        from django.core import checks

        from duobiao.jobs import registry as schedule
        from duobiao.timeline import jobs, panels, soundness, triggers
        from duobiao.timeline.tables import register as name_tables
        from duobiao.web import registry

        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="timeline.triggers")
        registry.register_top(panels.bell)
        schedule.every("timeline.anchor", task=jobs.anchor_yesterday, hour=0, minute=20)
        checks.register(soundness.audit_chains_are_whole, "doctor", deploy=True)
        checks.register(soundness.audit_cannot_be_changed, "doctor", deploy=True)
        name_tables()
