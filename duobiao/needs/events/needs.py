"""What can happen to needs, the requirements as a paper, and changes asked for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event

STEPS: dict[int, object] = {
    1: gettext_lazy("restated"),
    2: gettext_lazy("pain confirmed"),
    3: gettext_lazy("benefit sorted out"),
    4: gettext_lazy("consensus reached"),
}
"""The four steps of verification, as they read once done."""


def joined(*parts: object) -> str:
    """Return what there is of some parts, with points between."""
    return " · ".join(str(part) for part in parts if part)


class _OfNeed:
    """Words of what happened to a need."""

    title: ClassVar[object] = ""

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the need, and what was said about it."""
        return str(cls.title), joined(data.get("text"), data.get("note"))


class NeedNoted(_OfNeed, Event):
    """A need of the customer was noted."""

    name = "needs.need_noted"
    title = gettext_lazy("Need noted")
    icon = "list-tree"
    tone = "b"


class NeedChanged(_OfNeed, Event):
    """What is known of a need was changed."""

    name = "needs.need_changed"
    title = gettext_lazy("Need changed")
    icon = "pencil"


class NeedMoved(_OfNeed, Event):
    """A need was put at another place of the tree."""

    name = "needs.need_moved"
    title = gettext_lazy("Need moved")
    icon = "list-tree"


class NeedRemoved(_OfNeed, Event):
    """A need was taken off the tree."""

    name = "needs.need_removed"
    title = gettext_lazy("Need taken off")
    icon = "trash"


class NeedRanked(Event):
    """A need got a priority, or another one."""

    name = "needs.need_ranked"
    title = gettext_lazy("Need ranked")
    icon = "arrows-sort"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say from where to where, and why."""
        step = f"{data['before']} → {data['after']}" if data.get("before") else str(data["after"])
        return _("Need ranked %(step)s") % {"step": step}, joined(data.get("text"), data.get("reason"))


class NeedVerified(Event):
    """A step of verification was done."""

    name = "needs.need_verified"
    title = gettext_lazy("Need verified")
    icon = "checklist"
    tone = "ours"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say which step, and what shows it."""
        words = {"n": data["step"], "step": STEPS[int(data["step"])]}
        return _("Need verified, step %(n)s: %(step)s") % words, joined(data.get("text"), data.get("note"))


class NeedVoiced(_OfNeed, Event):
    """It was noted how people stand to a need."""

    name = "needs.need_voiced"
    title = gettext_lazy("Noted who wants a need")
    icon = "users"


class NeedAnswered(_OfNeed, Event):
    """It was noted how the solution answers a need."""

    name = "needs.need_answered"
    title = gettext_lazy("Noted how the solution answers a need")
    icon = "puzzle"


class ModuleAdded(_OfNeed, Event):
    """A module was added to the solution."""

    name = "needs.module_added"
    title = gettext_lazy("Module of the solution added")
    icon = "puzzle"


class ModuleRemoved(_OfNeed, Event):
    """A module was taken out of the solution."""

    name = "needs.module_removed"
    title = gettext_lazy("Module of the solution taken out")
    icon = "puzzle"


class AnalysisCompleted(Event):
    """A version of the requirements was completed."""

    name = "needs.analysis_completed"
    title = gettext_lazy("Requirement analysis completed")
    icon = "file-check"
    tone = "ours"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say which version, and how much stands in it."""
        words = _("version %(number)s, %(needs)s needs, %(p0)s of them P0") % data
        return str(cls.title), words


class ChangeRaised(_OfNeed, Event):
    """A confirmed need is to change."""

    name = "needs.change_raised"
    title = gettext_lazy("Change of a confirmed need asked for")
    icon = "git-pull-request"
    tone = "warn"


class ChangeDecided(Event):
    """A change of a confirmed need was accepted or rejected."""

    name = "needs.change_decided"
    title = gettext_lazy("Change of a need decided")
    icon = "gavel"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how it was decided, and why."""
        title = _("Change of a need accepted") if data.get("accepted") else _("Change of a need rejected")
        return title, joined(data.get("text"), data.get("reason"))
