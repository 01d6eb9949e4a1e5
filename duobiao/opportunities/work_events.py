"""What can happen to the tasks and suggestions of a deal, and how the timeline words it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.opportunities.choices import DismissReason, SuggestionKind
from duobiao.opportunities.events import evidence_title
from duobiao.opportunities.signal_words import rule_title
from duobiao.web.formats import day


class TaskAdded(Event):
    """Somebody is to do something for a deal."""

    name = "opportunities.task_added"
    title = gettext_lazy("Task")
    icon = "checkbox"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what is to be done, by whom and by when."""
        return _("Task: %(task)s") % {"task": data["task"]}, _who_by_when(data)


class TaskEdited(Event):
    """A task was worded anew, given to somebody else or moved to another day."""

    name = "opportunities.task_edited"
    title = gettext_lazy("Task changed")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what is to be done now, by whom and by when."""
        return _("Task changed: %(task)s") % {"task": data["task"]}, _who_by_when(data)


class TaskFinished(Event):
    """A task was done, or dropped with a reason."""

    name = "opportunities.task_finished"
    title = gettext_lazy("Task done")
    icon = "square-rounded-check"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what was done or dropped, and with which result."""
        words = _("Task dropped: %(task)s") if data.get("dropped") else _("Task done: %(task)s")
        return words % {"task": data["task"]}, _joined(data.get("deal"), data.get("result"))


class TaskDue(Event):
    """Words the line in the bell of whose task is due today."""

    name = "opportunities.task_due"
    title = gettext_lazy("Task due")
    icon = "alarm"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what is due."""
        return _("Due today: %(task)s") % {"task": data["task"]}, str(data.get("deal", ""))


def _who_by_when(data: Mapping[str, Any]) -> str:
    due = _("due %(day)s") % {"day": day(date.fromisoformat(data["due_on"]))}
    return _joined(data.get("deal"), data.get("owner"), due)


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


class SuggestionDecided(Event):
    """Somebody decided about a suggestion: done, later, dismissed, or brought back."""

    name = "opportunities.suggestion_decided"
    title = gettext_lazy("Suggestion decided")
    icon = "bulb"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what was decided about what, and why."""
        words: dict[str, str] = {
            "DONE": _("Said to be done: %(what)s"),
            "SNOOZED": _("Suggestion put off: %(what)s"),
            "DISMISSED": _("Suggestion dismissed: %(what)s"),
            "": _("Suggestion brought back: %(what)s"),
        }
        reason = str(DismissReason(data["reason"]).label) if data.get("reason") else ""
        until = _("until %(day)s") % {"day": day(date.fromisoformat(data["until"]))} if data.get("until") else ""
        return words[data["choice"]] % {"what": _suggested(data)}, _joined(reason, until, data.get("note"))


def _suggested(data: Mapping[str, Any]) -> str:
    kind = str(SuggestionKind(data["kind"]).label)
    subject = rule_title(data["rule"]) if data.get("rule") else ""
    subject = evidence_title(data["evidence"]) if data.get("evidence") else subject
    return _("%(kind)s: %(subject)s") % {"kind": kind, "subject": subject} if subject else kind
