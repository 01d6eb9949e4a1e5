"""Django wiring of integrations."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Puts the door to imports into administration."""

    name = "duobiao.integrations"
    label = "integrations"

    def ready(self) -> None:
        """Register the door."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.identity.registry import Door, register_door
        from duobiao.integrations.tables import register as name_tables

        what = _("Bring in customers, contacts, products and deals from tables")
        register_door(Door(_("Import"), what, "file-import", "integrations:imports", "integrations.import"))
        name_tables()
