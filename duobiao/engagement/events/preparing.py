"""What can happen to what a visit needs and brings: drafts, purchase processes, survey sheets, packs."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from duobiao.engagement.events.wording import joined
from duobiao.kernel.events import Event


class DraftSubmitted(Event):
    """The customer received a version of the draft suggestion."""

    name = "engagement.draft_submitted"
    title = gettext_lazy("Draft handed over")
    icon = "file-text"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the version and who received it."""
        return str(cls.title), joined(data.get("note"), data.get("receiver"))


class DraftAnswered(Event):
    """The customer said something to a version of the draft."""

    name = "engagement.draft_answered"
    title = gettext_lazy("Customer's remark on the draft")
    icon = "message"
    tone = "b"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the version, who spoke and what they said."""
        return str(cls.title), joined(data.get("note"), data.get("said_by"), data.get("remark"))


class DraftWithdrawn(Event):
    """A version of the draft that was recorded wrongly was taken back."""

    name = "engagement.draft_withdrawn"
    title = gettext_lazy("Draft taken back")
    icon = "arrow-back-up"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the reason."""
        return str(cls.title), joined(data.get("note"), data.get("reason"))


class ProcessRecorded(Event):
    """How the customer purchases was recorded, or recorded anew."""

    name = "engagement.process_recorded"
    title = gettext_lazy("Purchase process recorded")
    icon = "sitemap"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the version, project lead and decider."""
        return str(cls.title), joined(f"V{data.get('version', '')}", data.get("lead"), data.get("decider"))


class SurveyFilled(Event):
    """Aims or answers of a visit's survey were noted; ``data["changes"]`` holds before and after by question."""

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
        return str(cls.title), joined(*data.get("titles", []))
