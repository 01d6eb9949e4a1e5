"""What can happen to the contact lines of a deal, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.customers.models import Function
from duobiao.kernel.events import Event


def _department(data: Mapping[str, Any]) -> str:
    name = str(data.get("function", ""))
    return str(Function(name).label) if name in Function.values else name


class ThreadKept(Event):
    """Somebody noted what a department cares about, or who keeps the line to it."""

    name = "opportunities.thread_kept"
    title = gettext_lazy("Contact line noted")
    icon = "messages"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the department, the concern and the keeper."""
        title = _("Contact line to: %(department)s") % {"department": _department(data)}
        return title, " · ".join(str(part) for part in (data.get("concern"), data.get("keeper")) if part)


class ThreadCold(Event):
    """Words the line in the keeper's bell when nothing was heard from a department for too long."""

    name = "opportunities.thread_cold"
    title = gettext_lazy("A contact line has gone cold")
    icon = "message-off"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the department, the deal and the days."""
        title = _("Nothing heard from %(department)s for %(days)s days") % {
            "department": _department(data),
            "days": data.get("days", ""),
        }
        return title, str(data.get("deal", ""))
