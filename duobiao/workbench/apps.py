"""Django wiring of workbench."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Registers Today and the calendar with the shell."""

    name = "duobiao.workbench"
    label = "workbench"

    def ready(self) -> None:
        """Register destinations of the rail."""
        from django.utils.translation import gettext_lazy as _
        from django.utils.translation import pgettext_lazy

        from duobiao.web.registry import NavItem, register_nav

        register_nav(NavItem("today", _("Today"), "sun", "workbench:today", 10, "workbench.today", tab=1))
        label = pgettext_lazy("navigation", "Calendar")
        register_nav(NavItem("calendar", label, "calendar-month", "workbench:calendar", 42, "integrations.calendar"))
