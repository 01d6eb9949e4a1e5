"""Django wiring of integrations."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Puts the door to imports into administration."""

    name = "duobiao.integrations"
    label = "integrations"

    def ready(self) -> None:
        """Register the door."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.customers.work_events import ContactErased
        from duobiao.identity.registry import Door, register_door
        from duobiao.integrations.actions.follow_erasures import contact_erased
        from duobiao.integrations.tables import register as name_tables
        from duobiao.timeline.registry import on

        what = _("Bring in customers, contacts, products and deals from tables")
        register_door(Door(_("Import"), what, "file-import", "integrations:imports", "integrations.import"))
        on(ContactErased, contact_erased)
        name_tables()
