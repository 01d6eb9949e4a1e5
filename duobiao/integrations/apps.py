"""Django wiring of integrations."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Puts the door to imports into administration."""

    name = "duobiao.integrations"
    label = "integrations"

    def ready(self) -> None:
        """Register the door."""
        from duobiao.integrations import panels
        from duobiao.web.registry import Panel, register_panel

        register_panel(Panel("identity.admin", 60, "integrations.import", panels.door))
