"""Django wiring of finding customers."""

from django.apps import AppConfig


class ProspectingConfig(AppConfig):
    """Registers leads with search, timeline and shell; pools and web forms with administration."""

    name = "duobiao.prospecting"
    label = "prospecting"

    def ready(self) -> None:
        """Register handlers, the daily job, panels and destinations."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.identity.registry import Door, register_door
        from duobiao.prospecting import duplicate_kinds, panels, registry
        from duobiao.prospecting.tables import register as name_tables
        from duobiao.web.registry import NavItem, QuickAdd, register_nav, register_quick_add

        registry.register()
        duplicate_kinds.register()
        panels.register()
        register_nav(NavItem("prospecting", _("Leads"), "inbox", "prospecting:leads", 25, "prospecting.view"))
        register_quick_add(QuickAdd("lead", _("Lead"), "inbox", "prospecting:capture_lead", 35, "prospecting.capture"))
        register_door(
            Door(
                _("Pools of leads"),
                _("Who may take leads from where, how many, and when they come back"),
                "droplet",
                "prospecting:pools",
                "prospecting.pools",
            )
        )
        register_door(
            Door(
                _("Figures of registrations"),
                _("How long a registered project is protected, how often that is extended"),
                "shield-check",
                "prospecting:registration_figures",
                "prospecting.figures",
            )
        )
        register_door(
            Door(
                _("Web forms"),
                _("Forms for our web sites, whose answers become leads"),
                "forms",
                "prospecting:web_forms",
                "prospecting.web_forms",
            )
        )
        name_tables()
