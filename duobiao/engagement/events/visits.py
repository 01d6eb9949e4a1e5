"""What can happen to visits."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from duobiao.engagement.events.calls import CallImported
from duobiao.engagement.events.wording import joined, proved, when
from duobiao.kernel.events import Event


class VisitImported(CallImported):
    """A visit of another system came in."""

    name = "engagement.visit_imported"
    title = gettext_lazy("Visit brought in")


class VisitPlanned(Event):
    """A visit was planned."""

    name = "engagement.visit_planned"
    title = gettext_lazy("Visit planned")
    icon = "calendar-plus"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say when, where and about what."""
        return str(cls.title), joined(when(data.get("at")), data.get("place"), data.get("topic"))


class VisitInvited(Event):
    """A colleague was asked to come along; words the line of their bell."""

    name = "engagement.visit_invited"
    title = gettext_lazy("You are asked to come along on a visit")
    icon = "calendar-event"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say where to."""
        return str(cls.title), joined(data.get("customer"), when(data.get("at")), data.get("topic"))


class VisitDue(Event):
    """A visit takes place within a day; words the line of the bell."""

    name = "engagement.visit_due"
    title = gettext_lazy("Visit within a day")
    icon = "calendar-event"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say where to and when."""
        return str(cls.title), joined(data.get("customer"), when(data.get("at")), data.get("topic"))


class VisitMoved(Event):
    """A visit got another time or place."""

    name = "engagement.visit_moved"
    title = gettext_lazy("Visit moved")
    icon = "calendar-time"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say from when to when, and why."""
        move = f"{when(data.get('before'))} → {when(data.get('after'))}"
        return str(cls.title), joined(move, data.get("place"), data.get("reason"))


class VisitCancelled(Event):
    """A visit will not take place."""

    name = "engagement.visit_cancelled"
    title = gettext_lazy("Visit cancelled")
    icon = "calendar-off"
    tone = "bad"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the reason."""
        return str(cls.title), joined(when(data.get("at")), data.get("reason"))


class VisitRecorded(Event):
    """A visit took place and was recorded."""

    name = "engagement.visit_recorded"
    title = gettext_lazy("Visit held")
    icon = "users-group"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name whom we met and what was said."""
        return str(cls.title), joined(data.get("met"), data.get("summary"), proved(data))


class VisitCorrected(Event):
    """Plan or record of a visit was corrected; ``data["changes"]`` holds before and after by field."""

    name = "engagement.visit_corrected"
    title = gettext_lazy("Visit corrected")
    icon = "pencil"
