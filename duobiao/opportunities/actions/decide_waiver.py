"""Approve, refuse or end a waiver; nobody approves what helps their own deal."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import Role, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotAllowed
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.events import WaiverDecided
from duobiao.opportunities.models import Opportunity, Waiver, WaiverDecision
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

Kind = WaiverDecision.Kind


class OwnWaiver(NotAllowed):
    """The deal's owner needs another approver."""

    code = "own_waiver"


class AlreadyDecided(Conflict):
    """Somebody decided before."""

    code = "already_decided"


class WaiverLapsed(Conflict):
    """The last day of the request has passed; it can only be refused or taken back."""

    code = "waiver_lapsed"


def alone(actor: User) -> bool:
    """Whether the actor is an administrator and the only person who works here."""
    return actor.role == Role.ADMINISTRATOR and not User.objects.active().exclude(pk=actor.pk).exists()


def may_decide(waiver: Waiver, actor: User) -> bool:
    """Whether the actor may decide on this waiver: the right to waive, and not one's own deal."""
    deal = waiver.opportunity
    if not policy.allows(actor, "opportunities.waive", deal):
        return False
    return deal.owner_id != actor.pk or alone(actor)


@transaction.atomic
def decide_waiver(*, waiver: Waiver, approved: bool, note: str = "", actor: User, now: datetime) -> Waiver:
    """Approve or refuse a pending waiver.

    Raises:
        NotAllowed: ``actor`` may not waive on this deal.
        OwnWaiver: it is the actor's own deal.
        DealClosed: the deal is closed; its assessment is frozen.
        AlreadyDecided: it is no longer pending.
        WaiverLapsed: it would be approved after its last day.
    """
    policy.require(actor, "opportunities.waive", waiver.opportunity)
    if not may_decide(waiver, actor):
        raise OwnWaiver(_("Somebody else has to decide on a waiver of your own deal."))
    deal = lock(waiver.opportunity)
    require_open(deal)
    waiver.refresh_from_db()
    if not waiver.is_pending:
        raise AlreadyDecided(_("This waiver has been decided already."))
    if approved and waiver.expires_on < company_day(now):
        raise WaiverLapsed(_("The last day of this request has passed. Refuse it and ask for a new one."))
    if approved:
        approve(waiver, deal, note=note, actor=actor, now=now)
    else:
        _decide(waiver, deal, Kind.REFUSED, note=note, actor=actor, now=now)
        waiver.ended_on = company_day(now)
        waiver.save(update_fields=["ended_on"])
    _tell(waiver, deal, actor=actor, now=now)
    return waiver


@transaction.atomic
def end_waiver(*, waiver: Waiver, note: str = "", actor: User, now: datetime) -> Waiver:
    """End a running waiver early, or take a pending request back.

    Raises:
        NotAllowed: ``actor`` is neither the one who asked nor may waive here.
        AlreadyDecided: it has ended.
    """
    if waiver.asked_by_id != actor.pk:
        policy.require(actor, "opportunities.waive", waiver.opportunity)
    policy.require(actor, "opportunities.ask_waiver", waiver.opportunity)
    deal = lock(waiver.opportunity)
    require_open(deal)
    waiver.refresh_from_db()
    today = company_day(now)
    if waiver.ended_on is not None or (not waiver.is_pending and waiver.expires_on < today):
        raise AlreadyDecided(_("This waiver has ended already."))
    _decide(waiver, deal, Kind.ENDED, note=note, actor=actor, now=now)
    waiver.ended_on = today
    waiver.save(update_fields=["ended_on"])
    reassess(deal, actor=actor, now=now, cause=Cause(WaiverDecided.name, waiver.ref, {"item": waiver.item}))
    return waiver


def supersede(waiver: Waiver, deal: Opportunity, *, actor: User, now: datetime) -> None:
    """Close a pending request of a locked deal because its approver grants a waiver of their own."""
    _decide(waiver, deal, Kind.ENDED, note="", actor=actor, now=now)
    waiver.ended_on = company_day(now)
    waiver.save(update_fields=["ended_on"])


def approve(waiver: Waiver, deal: Opportunity, *, note: str, actor: User, now: datetime) -> None:
    """Put a waiver of a locked deal in force from today and judge the deal."""
    _decide(waiver, deal, Kind.APPROVED, note=note, actor=actor, now=now)
    waiver.approved_on = company_day(now)
    waiver.save(update_fields=["approved_on"])
    cause = Cause(WaiverDecided.name, waiver.ref, {"item": waiver.item, "reason": waiver.reason})
    reassess(deal, actor=actor, now=now, cause=cause)


def _decide(waiver: Waiver, deal: Opportunity, kind: Kind, *, note: str, actor: User, now: datetime) -> None:
    WaiverDecision.objects.create(
        waiver=waiver,
        decision=kind,
        note=note,
        decided_at=now,
        decided_by=actor,
        alone=deal.owner_id == actor.pk and kind == Kind.APPROVED,
    )
    record(
        WaiverDecided(
            subject=Ref.of(waiver),
            chain=deal.ref,
            data={"item": waiver.item, "decision": kind, "note": note, "until": waiver.expires_on.isoformat()},
        ),
        actor=actor,
        at=now,
    )


def _tell(waiver: Waiver, deal: Opportunity, *, actor: User, now: datetime) -> None:
    if waiver.asked_by_id == actor.pk:
        return
    last = waiver.decisions.order_by("-decided_at", "-id").first()
    data = {
        "item": waiver.item,
        "decision": last.decision if last else "",
        "note": last.note if last else "",
        "until": waiver.expires_on.isoformat(),
        "deal": deal.name,
    }
    notify([waiver.asked_by], event=WaiverDecided.name, url=f"/opportunities/{deal.ref}/", at=now, data=data)
