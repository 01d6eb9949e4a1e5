"""Django wiring of deals."""

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    """Lets deals follow customers and people, and registers the deal as a subject and with the shell."""

    name = "duobiao.opportunities"
    label = "opportunities"

    def ready(self) -> None:
        """Register handlers, subject, daily job and destinations."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.identity.registry import Door, register_door
        from duobiao.opportunities import duplicate_kinds, panels, registry
        from duobiao.opportunities.tables import register as name_tables
        from duobiao.web.registry import NavItem, QuickAdd, register_nav, register_quick_add

        registry.register()
        duplicate_kinds.register()
        panels.register()
        view, create = "opportunities.view", "opportunities.create"
        register_nav(
            NavItem("opportunities", _("Projects"), "layout-kanban", "opportunities:pipeline", 20, view, tab=2)
        )
        register_door(
            Door(
                _("Products"), _("What we list and sell"), "package", "opportunities:products", "opportunities.products"
            )
        )
        register_door(
            Door(
                _("Risk signals"),
                _("What is watched on each deal, and from which figure on"),
                "alert-triangle",
                "opportunities:risk_rules",
                "opportunities.risk_rules",
            )
        )
        register_quick_add(
            QuickAdd("opportunity", _("Project"), "briefcase", "opportunities:create_opportunity", 30, create)
        )
        name_tables()
