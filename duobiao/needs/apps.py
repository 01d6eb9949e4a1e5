"""Django wiring of needs."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Registers panels, subjects, handlers and suggestions of needs."""

    name = "duobiao.needs"
    label = "needs"

    def ready(self) -> None:
        """Register everything once, at start."""
        from duobiao.needs import panels, registry
        from duobiao.needs.tables import register as name_tables

        registry.register()
        panels.register()
        name_tables()
