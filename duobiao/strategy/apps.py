"""Django wiring of strategies and contingency plans."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Registers the panels of the strategy page, and review meetings with the timeline and the shell."""

    name = "duobiao.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Register panels, meetings and the place in the shell."""
        from django.utils.translation import pgettext_lazy

        from duobiao.strategy import panels, registry
        from duobiao.strategy.tables import register as name_tables
        from duobiao.web.registry import NavItem, register_nav

        panels.register()
        registry.register()
        label = pgettext_lazy("navigation", "Reviews")
        register_nav(NavItem("reviews", label, "users-group", "strategy:meetings", 50, "strategy.review_meeting"))
        name_tables()
