"""What can happen to a request for approval, and how the timeline and the bell word it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.approvals import registry
from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref


def headline(data: Mapping[str, Any]) -> str:
    """Return what was asked for, in the reader's language."""
    kind = registry.find_kind(str(data.get("matter", "")))
    words = kind.headline(data.get("facts", {})) if kind is not None else ""
    return _("%(what)s · %(subject)s") % {"what": words, "subject": data.get("subject", "")}


class _OnRequest(Event):
    """An event of a request; its detail line says which."""

    name = "approvals._on_request"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the request, the person concerned and the note."""
        parts = [headline(data), str(data.get("person", "")), str(data.get("note", ""))]
        return str(cls.title), " · ".join(part for part in parts if part)


class ApprovalAsked(_OnRequest):
    """Somebody asked for approval."""

    name = "approvals.approval_asked"
    title = gettext_lazy("Approval asked for")
    icon = "hourglass"
    tone = "ours"


class ApprovalVoted(_OnRequest):
    """An approver agreed; others are still to decide."""

    name = "approvals.approval_voted"
    title = gettext_lazy("Approved, others are still to decide")
    icon = "check"


@dataclass(frozen=True, kw_only=True)
class ApprovalDecided(Event):
    """A request was settled; the capability that asked acts on it in the same transaction.

    Attributes:
        matter: Key of the kind of request.
        about: The record it was about.
        outcome: ``APPROVED``, ``REFUSED`` or ``WITHDRAWN``.
        facts: As they were when asked.
        asked_by: Reference of the person who asked.
        alone: The only person of an installation decided on their own.
    """

    name: ClassVar[str] = "approvals.approval_decided"
    title: ClassVar[object] = gettext_lazy("Approval decided")
    icon: ClassVar[str] = "gavel"
    words: ClassVar[Mapping[str, object]] = {
        "APPROVED": gettext_lazy("Approved"),
        "REFUSED": gettext_lazy("Refused"),
        "WITHDRAWN": gettext_lazy("Request withdrawn"),
    }

    matter: str
    about: Ref
    outcome: str
    facts: Mapping[str, Any]
    asked_by: Ref
    note: str = ""
    alone: bool = False

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how it ended."""
        detail = " · ".join(part for part in (headline(data), str(data.get("note", ""))) if part)
        return str(cls.words.get(data.get("outcome", ""), cls.title)), detail


class ApprovalReturned(_OnRequest):
    """An approver sent a request back."""

    name = "approvals.approval_returned"
    title = gettext_lazy("Sent back")
    icon = "arrow-back-up"
    tone = "warn"


class ApprovalResubmitted(_OnRequest):
    """The asker sent a request in again."""

    name = "approvals.approval_resubmitted"
    title = gettext_lazy("Asked again")
    icon = "send"


class ApproverAdded(_OnRequest):
    """An approver put in another one."""

    name = "approvals.approver_added"
    title = gettext_lazy("Approver added")
    icon = "user-plus"


class ApprovalCopied(_OnRequest):
    """Somebody is kept informed."""

    name = "approvals.approval_copied"
    title = gettext_lazy("Copied on a request")
    icon = "users"


class ApprovalDelegated(_OnRequest):
    """An approver handed the task on."""

    name = "approvals.approval_delegated"
    title = gettext_lazy("Task handed on")
    icon = "user-share"


class ApprovalReminded(_OnRequest):
    """The deadline of a step has come."""

    name = "approvals.approval_reminded"
    title = gettext_lazy("A request waits for your decision")
    icon = "alarm"
    tone = "warn"


class ApprovalEscalated(_OnRequest):
    """The deadline of a step has passed; the superior is asked."""

    name = "approvals.approval_escalated"
    title = gettext_lazy("Passed on to the superior")
    icon = "arrow-up"
    tone = "warn"


class TaskAssigned(_OnRequest):
    """Words the line in an approver's bell."""

    name = "approvals.task_assigned"
    title = gettext_lazy("Waits for your decision")
    icon = "gavel"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who asks for what, and in whose place the reader decides."""
        title = _("%(who)s asks for your approval") % {"who": data.get("who", "")}
        whom = data.get("behalf_of")
        parts = [headline(data), _("for %(whom)s") % {"whom": whom} if whom else ""]
        return title, " · ".join(part for part in parts if part)


class ChainPublished(Event):
    """An administrator changed who approves what."""

    name = "approvals.chain_published"
    title = gettext_lazy("Approval chain changed")
    icon = "route"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name kind and version."""
        kind = registry.find_kind(str(data.get("matter", "")))
        words = {"kind": kind.title if kind is not None else data.get("matter", ""), "version": data.get("version", "")}
        return str(cls.title), _("%(kind)s, version %(version)s") % words


class AbsenceSet(Event):
    """A person named a substitute."""

    name = "approvals.absence_set"
    title = gettext_lazy("Substitute named")
    icon = "user-share"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the substitute and the days."""
        return str(cls.title), _("%(substitute)s for %(user)s, %(from_on)s to %(to_on)s") % dict(data)


class AbsenceEnded(AbsenceSet):
    """A person is back early."""

    name = "approvals.absence_ended"
    title = gettext_lazy("Substitution ended")
    icon = "user-check"
