"""What can happen to strategies, contingency plans and review meetings, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.opportunities.signal_words import rule_title


class StrategyWritten(Event):
    """A version of the strategy was written."""

    name = "strategy.strategy_written"
    title = gettext_lazy("Strategy written")
    icon = "target-arrow"
    tone = "ours"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the version and its goal."""
        return _("Strategy version %(n)d") % {"n": data["number"]}, str(data["goal"])


class StrategyReviewed(Event):
    """A version of the strategy was reviewed."""

    name = "strategy.strategy_reviewed"
    title = gettext_lazy("Strategy reviewed")
    icon = "checklist"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the version and the causes found."""
        return _("Strategy version %(n)d reviewed") % {"n": data["number"]}, str(data["causes"])


class PlanPrepared(Event):
    """A contingency plan was prepared."""

    name = "strategy.plan_prepared"
    title = gettext_lazy("Contingency plan prepared")
    icon = "shield-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the risk and what is planned."""
        title = _("Contingency plan: %(risk)s") % {"risk": rule_title(data["rule"])}
        return title, " · ".join(part for part in (data.get("deal"), data["plan"]) if part)


class PlanEdited(Event):
    """A contingency plan was changed."""

    name = "strategy.plan_edited"
    title = gettext_lazy("Contingency plan changed")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the risk."""
        return str(cls.title), rule_title(data["rule"])


class PlanAdvanced(Event):
    """A contingency plan was activated, or is done."""

    name = "strategy.plan_advanced"
    title = gettext_lazy("Contingency plan advanced")
    icon = "shield-check"
    tone = "warn"
    words: ClassVar[dict[str, object]] = {
        "ACTIVATED": gettext_lazy("Contingency plan activated: %(risk)s"),
        "DONE": gettext_lazy("Contingency plan done: %(risk)s"),
    }

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the risk and the note."""
        title = str(cls.words[data["state"]]) % {"risk": rule_title(data["rule"])}
        return title, " · ".join(part for part in (data.get("deal"), data["note"]) if part)


class MeetingOpened(Event):
    """A review meeting began."""

    name = "strategy.meeting_opened"
    title = gettext_lazy("Review meeting begun")
    icon = "users-group"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the meeting."""
        return str(cls.title), str(data["meeting"])


class DealReviewed(Event):
    """A deal was talked about in a review meeting."""

    name = "strategy.deal_reviewed"
    title = gettext_lazy("Noted in a review meeting")
    icon = "users-group"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the meeting and what was noted."""
        return _("Review meeting: %(meeting)s") % {"meeting": data["meeting"]}, str(data["notes"])


class MeetingEnded(Event):
    """A review meeting ended; its minutes are there."""

    name = "strategy.meeting_ended"
    title = gettext_lazy("Minutes of a review meeting")
    icon = "clipboard-list"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the meeting."""
        return _("Minutes: %(meeting)s") % {"meeting": data["meeting"]}, str(data.get("summary", ""))
