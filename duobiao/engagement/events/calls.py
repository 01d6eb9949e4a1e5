"""What can happen to calls, calling lists and the contact plan."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from duobiao.engagement.events.wording import joined, proved, when
from duobiao.kernel.events import Event

OUTCOME_WORDS: dict[str, Any] = {
    "MEETING": pgettext_lazy("outcome", "meeting agreed"),
    "INTERESTED": pgettext_lazy("outcome", "interested"),
    "REACHED": pgettext_lazy("outcome", "reached, undecided"),
    "NOT_INTERESTED": pgettext_lazy("outcome", "not interested"),
    "CALL_BACK": pgettext_lazy("outcome", "call back"),
    "NO_ANSWER": pgettext_lazy("outcome", "no answer"),
    "WRONG_NUMBER": pgettext_lazy("outcome", "wrong number"),
    "SKIPPED": pgettext_lazy("outcome", "skipped"),
}
"""What became of an entry of a calling list, in the order of the keys 1 to 8."""


class CallLogged(Event):
    """A telephone call was logged."""

    name = "engagement.call_logged"
    title = pgettext_lazy("record", "Call")
    icon = "phone-call"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was called and what came of it."""
        title = _("Call with %(name)s") % {"name": data.get("contact_name", "")}
        interest = data.get("interest")
        level = _("interest %(level)s") % {"level": interest} if interest else ""
        return title, joined(level, data.get("words"), proved(data))


class CallImported(Event):
    """A call of another system came in; it was had by somebody on an earlier day."""

    name = "engagement.call_imported"
    title = gettext_lazy("Call brought in")
    icon = "file-import"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was called, by whom, on which day."""
        line = joined(data.get("contact_name"), data.get("met"), data.get("author"), data.get("on"), data.get("words"))
        return str(cls.title), line


class CallCorrected(Event):
    """A call was corrected; ``data["changes"]`` holds before and after by field."""

    name = "engagement.call_corrected"
    title = gettext_lazy("Call corrected")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was called."""
        return str(cls.title), joined(data.get("contact_name"))


class CallWithdrawn(Event):
    """A call that was logged wrongly was withdrawn, with all it proved."""

    name = "engagement.call_withdrawn"
    title = gettext_lazy("Call withdrawn")
    icon = "phone-off"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the reason."""
        return str(cls.title), joined(data.get("contact_name"), data.get("reason"))


class CallListMade(Event):
    """A calling list was made."""

    name = "engagement.call_list_made"
    title = gettext_lazy("Calling list made")
    icon = "list-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the list and how many it holds."""
        count = int(data.get("entries", 0))
        people = ngettext("%(num)s person", "%(num)s people", count) % {"num": count}
        return str(cls.title), joined(data.get("note"), people, data.get("about"))


class CallListAssigned(Event):
    """A colleague made a calling list for somebody; words the line of their bell."""

    name = "engagement.call_list_assigned"
    title = gettext_lazy("A calling list waits for you")
    icon = "list-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the list and who made it."""
        return str(cls.title), joined(data.get("name"), data.get("by"))


class CallListClosed(Event):
    """A calling list was closed."""

    name = "engagement.call_list_closed"
    title = gettext_lazy("Calling list closed")
    icon = "list-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the list and how many were not called."""
        left = int(data.get("left", 0))
        words = ngettext("%(num)s not called", "%(num)s not called", left) % {"num": left} if left else ""
        return str(cls.title), joined(data.get("note"), words)


class EntrySkipped(Event):
    """Somebody on a calling list was passed over."""

    name = "engagement.entry_skipped"
    title = gettext_lazy("Not called")
    icon = "player-skip-forward"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was passed over."""
        return str(cls.title), joined(data.get("name"), data.get("company"), data.get("list"))


class CallBackDue(Event):
    """The time has come at which somebody asked to be called; words the line of the bell."""

    name = "engagement.call_back_due"
    title = gettext_lazy("Call back now")
    icon = "phone-call"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who waits, and since when."""
        return str(cls.title), joined(data.get("name"), data.get("company"), when(data.get("at")))


class LeadCalled(Event):
    """A lead was called from a calling list and is no customer yet."""

    name = "engagement.lead_called"
    title = gettext_lazy("Called")
    icon = "phone-call"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what came of it."""
        return str(cls.title), joined(OUTCOME_WORDS.get(str(data.get("outcome", ""))), data.get("words"))


class ContactPlanned(Event):
    """How often a person is spoken to was set or changed."""

    name = "engagement.contact_planned"
    title = gettext_lazy("Contact plan set")
    icon = "calendar-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the person and the rhythm."""
        days = int(data.get("every_days", 0))
        rhythm = ngettext("every day", "every %(num)s days", days) % {"num": days}
        return str(cls.title), joined(data.get("contact_name"), rhythm, data.get("aim"))


class ContactPlanEnded(Event):
    """A person is no longer spoken to by a plan."""

    name = "engagement.contact_plan_ended"
    title = gettext_lazy("Contact plan ended")
    icon = "calendar-off"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the person."""
        return str(cls.title), joined(data.get("contact_name"))
