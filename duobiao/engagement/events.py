"""What can happen to calls and visits, and how the timeline words it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from duobiao.kernel.events import Event
from duobiao.web import formats

LONGEST_LINE = 120
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


def _when(text: object) -> str:
    moment = parse_datetime(str(text or ""))
    return _moment(moment) if moment is not None else ""


def _moment(moment: datetime) -> str:
    return f"{formats.day(moment)} {formats.time(moment)}"


def _joined(*parts: object) -> str:
    line = " · ".join(str(part) for part in parts if part)
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def _proved(data: Mapping[str, Any]) -> str:
    count = int(data.get("proved", 0))
    return ngettext("proves %(count)d item", "proves %(count)d items", count) % {"count": count} if count else ""


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
        return title, _joined(level, data.get("words"), _proved(data))


class CallImported(Event):
    """A call of another system came in; it was had by somebody on an earlier day."""

    name = "engagement.call_imported"
    title = gettext_lazy("Call brought in")
    icon = "file-import"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was called, by whom, on which day."""
        line = _joined(data.get("contact_name"), data.get("met"), data.get("author"), data.get("on"), data.get("words"))
        return str(cls.title), line


class VisitImported(CallImported):
    """A visit of another system came in."""

    name = "engagement.visit_imported"
    title = gettext_lazy("Visit brought in")


class CallCorrected(Event):
    """A call was corrected; ``data["changes"]`` holds before and after by field."""

    name = "engagement.call_corrected"
    title = gettext_lazy("Call corrected")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was called."""
        return str(cls.title), _joined(data.get("contact_name"))


class CallWithdrawn(Event):
    """A call that was logged wrongly was withdrawn, with all it proved."""

    name = "engagement.call_withdrawn"
    title = gettext_lazy("Call withdrawn")
    icon = "phone-off"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the reason."""
        return str(cls.title), _joined(data.get("contact_name"), data.get("reason"))


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
        return str(cls.title), _joined(data.get("note"), people, data.get("about"))


class CallListAssigned(Event):
    """A colleague made a calling list for somebody; words the line of their bell."""

    name = "engagement.call_list_assigned"
    title = gettext_lazy("A calling list waits for you")
    icon = "list-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the list and who made it."""
        return str(cls.title), _joined(data.get("name"), data.get("by"))


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
        return str(cls.title), _joined(data.get("note"), words)


class EntrySkipped(Event):
    """Somebody on a calling list was passed over."""

    name = "engagement.entry_skipped"
    title = gettext_lazy("Not called")
    icon = "player-skip-forward"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was passed over."""
        return str(cls.title), _joined(data.get("name"), data.get("company"), data.get("list"))


class CallBackDue(Event):
    """The time has come at which somebody asked to be called; words the line of the bell."""

    name = "engagement.call_back_due"
    title = gettext_lazy("Call back now")
    icon = "phone-call"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who waits, and since when."""
        return str(cls.title), _joined(data.get("name"), data.get("company"), _when(data.get("at")))


class LeadCalled(Event):
    """A lead was called from a calling list and is no customer yet."""

    name = "engagement.lead_called"
    title = gettext_lazy("Called")
    icon = "phone-call"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what came of it."""
        return str(cls.title), _joined(OUTCOME_WORDS.get(str(data.get("outcome", ""))), data.get("words"))


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
        return str(cls.title), _joined(data.get("contact_name"), rhythm, data.get("aim"))


class ContactPlanEnded(Event):
    """A person is no longer spoken to by a plan."""

    name = "engagement.contact_plan_ended"
    title = gettext_lazy("Contact plan ended")
    icon = "calendar-off"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the person."""
        return str(cls.title), _joined(data.get("contact_name"))


class VisitPlanned(Event):
    """A visit was planned."""

    name = "engagement.visit_planned"
    title = gettext_lazy("Visit planned")
    icon = "calendar-plus"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say when, where and about what."""
        return str(cls.title), _joined(_when(data.get("at")), data.get("place"), data.get("topic"))


class VisitInvited(Event):
    """A colleague was asked to come along; words the line of their bell."""

    name = "engagement.visit_invited"
    title = gettext_lazy("You are asked to come along on a visit")
    icon = "calendar-event"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say where to."""
        return str(cls.title), _joined(data.get("customer"), _when(data.get("at")), data.get("topic"))


class VisitDue(Event):
    """A visit takes place within a day; words the line of the bell."""

    name = "engagement.visit_due"
    title = gettext_lazy("Visit within a day")
    icon = "calendar-event"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say where to and when."""
        return str(cls.title), _joined(data.get("customer"), _when(data.get("at")), data.get("topic"))


class VisitMoved(Event):
    """A visit got another time or place."""

    name = "engagement.visit_moved"
    title = gettext_lazy("Visit moved")
    icon = "calendar-time"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say from when to when, and why."""
        move = f"{_when(data.get('before'))} → {_when(data.get('after'))}"
        return str(cls.title), _joined(move, data.get("place"), data.get("reason"))


class VisitCancelled(Event):
    """A visit will not take place."""

    name = "engagement.visit_cancelled"
    title = gettext_lazy("Visit cancelled")
    icon = "calendar-off"
    tone = "bad"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the reason."""
        return str(cls.title), _joined(_when(data.get("at")), data.get("reason"))


class VisitRecorded(Event):
    """A visit took place and was recorded."""

    name = "engagement.visit_recorded"
    title = gettext_lazy("Visit held")
    icon = "users-group"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name whom we met and what was said."""
        return str(cls.title), _joined(data.get("met"), data.get("summary"), _proved(data))


class VisitCorrected(Event):
    """Plan or record of a visit was corrected; ``data["changes"]`` holds before and after by field."""

    name = "engagement.visit_corrected"
    title = gettext_lazy("Visit corrected")
    icon = "pencil"


class DraftSubmitted(Event):
    """The customer received a version of the draft suggestion."""

    name = "engagement.draft_submitted"
    title = gettext_lazy("Draft handed over")
    icon = "file-text"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the version and who received it."""
        return str(cls.title), _joined(data.get("note"), data.get("receiver"))


class DraftAnswered(Event):
    """The customer said something to a version of the draft."""

    name = "engagement.draft_answered"
    title = gettext_lazy("Customer's remark on the draft")
    icon = "message"
    tone = "b"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the version, who spoke and what they said."""
        return str(cls.title), _joined(data.get("note"), data.get("said_by"), data.get("remark"))


class DraftWithdrawn(Event):
    """A version of the draft that was recorded wrongly was taken back."""

    name = "engagement.draft_withdrawn"
    title = gettext_lazy("Draft taken back")
    icon = "arrow-back-up"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the reason."""
        return str(cls.title), _joined(data.get("note"), data.get("reason"))


class ProcessRecorded(Event):
    """How the customer purchases was recorded, or recorded anew."""

    name = "engagement.process_recorded"
    title = gettext_lazy("Purchase process recorded")
    icon = "sitemap"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the version, project lead and decider."""
        return str(cls.title), _joined(f"V{data.get('version', '')}", data.get("lead"), data.get("decider"))


class SurveyFilled(Event):
    """Aims or answers of the survey of a visit were noted."""

    name = "engagement.survey_filled"
    title = gettext_lazy("Survey sheet filled in")
    icon = "clipboard-list"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how many questions are answered."""
        count = int(data.get("answered", 0))
        return str(cls.title), ngettext("%(num)s answer", "%(num)s answers", count) % {"num": count}


class PackChosen(Event):
    """What a visit takes along from the library was chosen."""

    name = "engagement.pack_chosen"
    title = gettext_lazy("Cases and technology chosen")
    icon = "briefcase"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name what is taken along."""
        return str(cls.title), _joined(*data.get("titles", []))


class ReportWritten(Event):
    """A weekly report was kept."""

    name = "engagement.report_written"
    title = gettext_lazy("Weekly report kept")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the week."""
        return str(cls.title), _joined(data.get("note"))


class ReportSent(Event):
    """A weekly report was sent to the manager; also words the line of their bell."""

    name = "engagement.report_sent"
    title = gettext_lazy("Weekly report sent")
    icon = "send"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who wrote it and the week."""
        return str(cls.title), _joined(data.get("by"), data.get("note"))
