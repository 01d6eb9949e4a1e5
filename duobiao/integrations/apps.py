"""Django wiring of integrations."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Puts the door to imports into administration."""

    name = "duobiao.integrations"
    label = "integrations"

    def ready(self) -> None:
        """Register the door."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.customers.queries.kept_files import register_keeper
        from duobiao.customers.work_events import ContactErased
        from duobiao.identity.registry import Door, register_door
        from duobiao.integrations.actions.follow_erasures import contact_erased
        from duobiao.integrations.jobs import expire_exports
        from duobiao.integrations.queries.uploads import uploads
        from duobiao.integrations.tables import register as name_tables
        from duobiao.jobs import registry as schedule
        from duobiao.timeline.registry import on
        from duobiao.web.registry import MenuItem, register_menu

        what = _("Bring in customers, contacts, products and deals from tables")
        register_door(Door(_("Import"), what, "file-import", "integrations:imports", "integrations.import"))
        on(ContactErased, contact_erased)
        register_keeper(uploads)
        schedule.every("integrations.exports", task=expire_exports, minutes=60)
        register_menu(
            MenuItem("exports", _("Take my data along"), "package", "integrations:exports", 20, "integrations.export")
        )
        name_tables()
