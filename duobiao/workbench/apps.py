"""Django wiring of workbench."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Registers Today with the shell."""

    name = "duobiao.workbench"
    label = "workbench"

    def ready(self) -> None:
        """Register the first destination of the rail."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.web.registry import NavItem, register_nav

        register_nav(NavItem("today", _("Today"), "sun", "workbench:today", 10, "workbench.today", tab=1))
