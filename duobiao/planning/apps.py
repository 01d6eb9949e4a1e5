"""Django wiring of sheets and plans."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Registers panels, subjects, the approval of plans, and the place in the shell."""

    name = "duobiao.planning"
    label = "planning"

    def ready(self) -> None:
        """Register everything once, at start."""
        from django.utils.translation import pgettext_lazy

        from duobiao.planning import panels, registry
        from duobiao.planning.tables import register as name_tables
        from duobiao.web.registry import NavItem, register_nav

        registry.register()
        panels.register()
        name_tables()
        label = pgettext_lazy("navigation", "Analyses")
        register_nav(NavItem("planning", label, "chart-radar", "planning:industries", 35, "planning.view"))
