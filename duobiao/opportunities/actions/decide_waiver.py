"""Decide on a waiver through its request for approval, and end one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.settle_waiver import note_decision
from duobiao.opportunities.events import WaiverDecided
from duobiao.opportunities.models import Waiver, WaiverDecision
from duobiao.opportunities.queries.approval_requests import WAIVER, request_about


class AlreadyDecided(Conflict):
    """Somebody decided before."""

    code = "already_decided"


@transaction.atomic
def decide_waiver(*, waiver: Waiver, approved: bool, note: str = "", actor: User, now: datetime) -> Waiver:
    """Approve or refuse a pending waiver where its request stands; further steps may still have to agree.

    Raises:
        DealClosed: the deal is closed; its assessment is frozen.
        AlreadyDecided: it is no longer pending.
        WaiverLapsed: it would be approved after its last day.
        NotAllowed: the actor is not asked, or asked for it, or owns the deal.
    """
    require_open(lock(waiver.opportunity))
    waiver.refresh_from_db()
    request = request_about(WAIVER, waiver.ref)
    if not waiver.is_pending or request is None:
        raise AlreadyDecided(_("This waiver has been decided already."))
    decide(request=request, approved=approved, note=note, actor=actor, now=now)
    waiver.refresh_from_db()
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
    if waiver.is_pending:
        drop_requests(matter=WAIVER, subject=Ref.of(waiver), note=note, actor=actor, now=now)
        waiver.refresh_from_db()
        return waiver
    if waiver.ended_on is not None or waiver.expires_on < today:
        raise AlreadyDecided(_("This waiver has ended already."))
    note_decision(waiver, WaiverDecision.Kind.ENDED, note=note, actor=actor, now=now)
    waiver.ended_on = today
    waiver.save(update_fields=["ended_on"])
    reassess(deal, actor=actor, now=now, cause=Cause(WaiverDecided.name, waiver.ref, {"item": waiver.item}))
    return waiver
