"""What can happen to gate reviews, and how the timeline words it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from duobiao.kernel.events import Event
from duobiao.web.formats import day


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _on(data: Mapping[str, Any], name: str) -> str:
    return day(date.fromisoformat(data[name])) if data.get(name) else ""


class GateReviewPlanned(Event):
    """A gate review was planned."""

    name = "reviews.gate_review_planned"
    title = gettext_lazy("Gate review planned")
    icon = "calendar-event"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the control point and the day."""
        words = _("Review %(gate)s planned for %(day)s")
        return words % {"gate": data["gate"], "day": _on(data, "planned_on")}, _joined(data.get("deal"))


class GateReviewChanged(GateReviewPlanned):
    """The day or the participants of a planned review changed."""

    name = "reviews.gate_review_changed"
    title = gettext_lazy("Gate review moved")
    icon = "calendar-time"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the control point and the day."""
        words = _("Review %(gate)s is now on %(day)s")
        return words % {"gate": data["gate"], "day": _on(data, "planned_on")}, _joined(data.get("deal"))


class GateReviewCancelled(Event):
    """A planned review was called off."""

    name = "reviews.gate_review_cancelled"
    title = gettext_lazy("Gate review called off")
    icon = "calendar-off"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the control point and the reason."""
        title = _("Review %(gate)s called off") % {"gate": data["gate"]}
        return title, _joined(data.get("deal"), data.get("reason"))


DECISIONS: dict[str, object] = {
    "GO": pgettext_lazy("decision", "go"),
    "HOLD": pgettext_lazy("decision", "hold"),
    "STOP": pgettext_lazy("decision", "stop"),
}


class GateReviewSubmitted(Event):
    """A review was held; its decision waits for approval."""

    name = "reviews.gate_review_submitted"
    title = gettext_lazy("Gate review held")
    icon = "users-group"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the control point and what was decided."""
        words = {"gate": data["gate"], "decision": DECISIONS[data["decision"]]}
        return _("Review %(gate)s held: %(decision)s") % words, _joined(data.get("reason"))


class GateReviewDecided(Event):
    """The decision of a review was approved, refused or taken back."""

    name = "reviews.gate_review_decided"
    title = gettext_lazy("Gate review decided")
    icon = "shield-check"
    tone = "ours"
    words: ClassVar[dict[str, object]] = {
        "APPROVED": gettext_lazy("Review %(gate)s decided: %(decision)s"),
        "REFUSED": gettext_lazy("Decision of review %(gate)s refused: %(decision)s"),
        "WITHDRAWN": gettext_lazy("Review %(gate)s taken back: %(decision)s"),
    }

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what was decided, and why."""
        held = {"gate": data["gate"], "decision": DECISIONS[data["decision"]]}
        return str(cls.words[data["outcome"]]) % held, _joined(data.get("deal"), data.get("reason"), data.get("note"))
