"""Django wiring of calls and visits."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Lets calls and visits follow what happens below, and puts them into the shell."""

    name = "duobiao.engagement"
    label = "engagement"

    def ready(self) -> None:
        """Register handlers, subjects, panels and places in the shell."""
        from duobiao.engagement import panels, registry
        from duobiao.engagement.tables import register as name_tables

        registry.register()
        panels.register()
        name_tables()
