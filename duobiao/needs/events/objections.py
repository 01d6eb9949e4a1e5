"""What can happen to objections, and to questions and methods of asking."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.needs.events.needs import joined

STEPS: dict[int, object] = {
    1: gettext_lazy("listened"),
    2: gettext_lazy("made clear what is meant"),
    3: gettext_lazy("responded with understanding"),
    4: gettext_lazy("resolved"),
    5: gettext_lazy("confirmed by the customer"),
}
"""The five steps of answering an objection, as they read once done."""


class _Worded:
    """Words of what happened."""

    title: ClassVar[object] = ""

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name what it is about."""
        return str(cls.title), joined(data.get("text"), data.get("note"))


class ObjectionRaised(_Worded, Event):
    """Somebody at the customer objected."""

    name = "needs.objection_raised"
    title = gettext_lazy("Objection raised")
    icon = "message-x"
    tone = "b"


class ObjectionChanged(_Worded, Event):
    """What is known of an objection was changed."""

    name = "needs.objection_changed"
    title = gettext_lazy("Objection changed")
    icon = "pencil"


class ObjectionAnswered(Event):
    """A step of answering an objection was done."""

    name = "needs.objection_answered"
    title = gettext_lazy("Objection answered")
    icon = "message-check"
    tone = "ours"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say which step, and what was said."""
        words = {"n": data["step"], "step": STEPS[int(data["step"])]}
        return _("Objection, step %(n)s: %(step)s") % words, joined(data.get("text"), data.get("note"))


class SpinPlanned(_Worded, Event):
    """Questions for a conversation were put together."""

    name = "needs.spin_planned"
    title = gettext_lazy("Questions planned")
    icon = "message-2-question"


class SpinAnswered(_Worded, Event):
    """Answers to planned questions were noted."""

    name = "needs.spin_answered"
    title = gettext_lazy("Answers noted")
    icon = "message-check"
    tone = "b"


class MethodUsed(_Worded, Event):
    """A method of asking was used."""

    name = "needs.method_used"
    title = gettext_lazy("Method of asking used")
    icon = "bulb"


class LibraryKept(_Worded, Event):
    """A question or tactic of the library was written, changed, taken out, or its last change undone."""

    name = "needs.library_kept"
    title = gettext_lazy("Question or tactic of the library kept")
    icon = "book"
