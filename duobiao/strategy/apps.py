"""Django wiring of strategies and contingency plans."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Registers the panels of the strategy page, and review meetings with the shell."""

    name = "duobiao.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Register panels and the place in the shell."""
        from django.utils.translation import pgettext_lazy

        from duobiao.strategy import panels
        from duobiao.web.registry import NavItem, register_nav

        panels.register()
        label = pgettext_lazy("navigation", "Reviews")
        register_nav(NavItem("reviews", label, "users-group", "strategy:meetings", 50, "strategy.review_meeting"))
