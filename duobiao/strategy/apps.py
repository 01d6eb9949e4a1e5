"""Django wiring of strategies and contingency plans."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Registers the panels of the strategy page."""

    name = "duobiao.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Register panels."""
        from duobiao.strategy import panels

        panels.register()
