"""Django wiring of the decision chain."""

from django.apps import AppConfig


class StakeholdersConfig(AppConfig):
    """Registers panels, subjects, handlers and the nightly measuring."""

    name = "duobiao.stakeholders"
    label = "stakeholders"

    def ready(self) -> None:
        """Register everything once, at start."""
        from duobiao.stakeholders import panels, registry
        from duobiao.stakeholders.tables import register as name_tables

        registry.register()
        panels.register()
        name_tables()
