"""Django wiring of rivals and of the investment matrix."""

from django.apps import AppConfig


class CompetitionConfig(AppConfig):
    """Registers subjects, handlers, advice, panels, tables, and the place in the shell."""

    name = "duobiao.competition"
    label = "competition"

    def ready(self) -> None:
        """Register everything once, at start."""
        from django.utils.translation import pgettext_lazy

        from duobiao.competition import panels, registry
        from duobiao.competition.tables import register as name_tables
        from duobiao.web.registry import NavItem, register_nav

        registry.register()
        panels.register()
        name_tables()
        label = pgettext_lazy("navigation", "Rivals")
        register_nav(NavItem("competition", label, "swords", "competition:rivals", 37, "competition.view"))
