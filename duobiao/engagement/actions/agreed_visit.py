"""Keep the visit that a call agreed in step with the call, as long as nobody planned it differently."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from duobiao.engagement.actions.call_checks import company_zone
from duobiao.engagement.actions.follow_evidence import follow_evidence
from duobiao.engagement.actions.note_spoken import note_visit
from duobiao.engagement.domain.calls import PHONE
from duobiao.engagement.domain.visits import ledger_of
from duobiao.engagement.events.visits import VisitCancelled, VisitPlanned
from duobiao.engagement.models import Call, Visit, VisitStatus
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.confirm_evidence import Confirmed
from duobiao.timeline.actions.record import record

FOLLOWS: Final = {
    "planned_at": "meeting_at",
    "place": "meeting_place",
    "topic": "meeting_topic",
    "other_people": "meeting_people",
    "preparation": "meeting_preparation",
    "agreed_with": "contact",
    "agreed_with_handler": "was_handler",
    "agreed_on": "called_on",
    "opportunity": "opportunity",
    "customer": "customer",
}
"""Field of the visit → field of the call it comes from."""
LINKS: Final = ("opportunity", "customer")
"""What still follows the call once the visit was held."""


def snapshot(call: Call) -> dict[str, Any]:
    """Return what the visit takes from a call, by field of the visit."""
    return {mine: getattr(call, theirs) for mine, theirs in FOLLOWS.items()}


def follow_visit(
    call: Call, *, before: Mapping[str, Any] | None, actor: User, now: datetime
) -> tuple[Visit | None, list[Confirmed]]:
    """Plan, change or cancel the visit of a call, and prove what was agreed.

    Args:
        before: ``snapshot`` of the call before it was corrected; None: it is new.
    """
    visit = Visit.objects.filter(call=call).first()
    if visit is None:
        return _plan(call, actor=actor, now=now) if call.meeting_at is not None else (None, [])
    if visit.status is VisitStatus.CANCELLED or before is None:
        return visit, []
    if call.meeting_at is None and visit.status is VisitStatus.PLANNED:
        withdraw_visit(visit, reason=_("the call was corrected"), actor=actor, now=now)
        return visit, []
    follows = FOLLOWS if visit.status is VisitStatus.PLANNED else LINKS
    for mine, value in snapshot(call).items():
        if mine in follows and getattr(visit, mine) == before[mine]:
            setattr(visit, mine, value)
    visit.version += 1
    visit.save()
    return visit, _follow(visit, reason=_("the call was corrected"), actor=actor, now=now)


def _plan(call: Call, *, actor: User, now: datetime) -> tuple[Visit, list[Confirmed]]:
    visit = Visit.objects.create(
        **snapshot(call), call=call, host=call.caller, agreed_channel=PHONE, created_at=now, created_by=actor
    )
    visit.contacts.set([*call.meeting_contacts.all()] or [call.contact])
    visit.our_people.set([call.caller])
    tell_planned(visit, actor=actor, now=now)
    return visit, _follow(visit, reason="", actor=actor, now=now)


def tell_planned(visit: Visit, *, actor: User, now: datetime) -> None:
    """Record that a visit was planned."""
    data = {"at": visit.planned_at.isoformat(), "place": visit.place, "topic": visit.topic}
    record(VisitPlanned(subject=Ref.of(visit), chain=chain_of(visit), data=data), actor=actor, at=now)


def withdraw_visit(visit: Visit, *, reason: str, actor: User, now: datetime) -> None:
    """Cancel a visit and take back what it proved; the caller has checked the right to."""
    visit.cancelled_at, visit.cancelled_by, visit.cancel_reason = now, actor, reason
    visit.version += 1
    visit.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason", "version"])
    data = {"at": visit.planned_at.isoformat(), "reason": reason}
    record(VisitCancelled(subject=Ref.of(visit), chain=chain_of(visit), data=data), actor=actor, at=now)
    note_visit(visit, actor=actor, now=now)
    follow_evidence(visit, [], reason=_("visit cancelled: %(why)s") % {"why": reason}, actor=actor, now=now)


def chain_of(record_: Call | Visit) -> str:
    """Return the audit chain a call or visit belongs to."""
    return record_.opportunity.ref if record_.opportunity else record_.customer.ref


def _follow(visit: Visit, *, reason: str, actor: User, now: datetime) -> list[Confirmed]:
    note_visit(visit, actor=actor, now=now)
    findings = ledger_of(visit.facts(zone=company_zone()))
    return follow_evidence(visit, findings, reason=reason, actor=actor, now=now)
