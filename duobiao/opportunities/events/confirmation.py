"""What can happen to a confirmation, and how the timeline words it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from duobiao.kernel.events import Event
from duobiao.web.formats import day

WAYS: dict[str, object] = {
    "STAMPED_SCAN": gettext_lazy("by a stamped scan"),
    "MAIL_REPLY": gettext_lazy("by a reply by mail"),
    "CHAT_PICTURE": gettext_lazy("by a picture of a chat"),
    "SIGN_IN_SHEET": gettext_lazy("by the sign-in sheet"),
    "PLATFORM_NOTICE": gettext_lazy("by a notice of a platform"),
}


def is_about_requirements(data: Mapping[str, Any]) -> bool:
    """Say whether requirements are confirmed; everything else, and what was kept before they were, is minutes."""
    return data.get("what") == "requirements"


def holder(data: Mapping[str, Any]) -> str:
    """Say who answered: a link can be passed on, so nobody is named as the one who clicked."""
    return _("by the holder of the link sent to %(name)s") % {"name": data.get("contact", "")}


def _proved(data: Mapping[str, Any]) -> str:
    count = int(data.get("proved", 0))
    return ngettext("proves %(count)d item", "proves %(count)d items", count) % {"count": count} if count else ""


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


class ConfirmationAsked(Event):
    """The customer was asked to confirm a record by a link."""

    name = "opportunities.confirmation_asked"
    title = gettext_lazy("Asked the customer to confirm")
    icon = "mail-question"
    tone = "o"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say whom, and until when the link works."""
        until = data.get("until")
        words = _("link until %(day)s") % {"day": day(date.fromisoformat(until))} if until else ""
        name = {"name": data.get("contact", "")}
        if is_about_requirements(data):
            return _("Requirements sent to %(name)s for confirmation") % name, words
        return _("Minutes sent to %(name)s for confirmation") % name, words


class ConfirmationAnswered(Event):
    """The customer answered by the link."""

    name = "opportunities.confirmation_answered"
    title = gettext_lazy("The customer answered")
    icon = "mail-check"
    tone = "b"
    words: ClassVar[dict[str, object]] = {
        "CONFIRMED": gettext_lazy("Minutes confirmed"),
        "REMARKED": gettext_lazy("Minutes confirmed with a remark"),
        "DISPUTED": gettext_lazy("The customer says that the minutes are not right"),
    }
    of_requirements: ClassVar[dict[str, object]] = {
        "CONFIRMED": gettext_lazy("Requirements confirmed"),
        "REMARKED": gettext_lazy("Requirements confirmed with a remark"),
        "DISPUTED": gettext_lazy("The customer says that the requirements are not right"),
    }

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what was answered, by whom as far as we know, and from where."""
        words = cls.of_requirements if is_about_requirements(data) else cls.words
        title = str(words.get(str(data.get("answer")), cls.title))
        address = _("from %(address)s") % {"address": data["address"]} if data.get("address") else ""
        return title, _joined(data.get("remark"), holder(data), _proved(data), address)


class ConfirmationRecorded(Event):
    """The customer confirmed in another way than by a link."""

    name = "opportunities.confirmation_recorded"
    title = gettext_lazy("Minutes confirmed")
    icon = "file-check"
    tone = "b"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how and by whom."""
        title = _("Requirements confirmed") if is_about_requirements(data) else str(cls.title)
        return title, _joined(
            WAYS.get(str(data.get("way")), ""), data.get("contact"), data.get("remark"), _proved(data)
        )


class ConfirmationEnded(Event):
    """A link was revoked, or a confirmation no longer counts."""

    name = "opportunities.confirmation_ended"
    title = gettext_lazy("The confirmation no longer counts")
    icon = "link-off"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say which of the two, and why."""
        title = str(cls.title) if data.get("answered") else _("Link revoked")
        return title, _joined(data.get("contact"), data.get("reason"))
