"""Carry out what was decided on a request for a waiver."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.approvals.events import ApprovalDecided
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.events import WaiverDecided
from duobiao.opportunities.models import Waiver, WaiverDecision
from duobiao.opportunities.queries.approval_requests import WAIVER
from duobiao.playbooks.queries import item_waived_under
from duobiao.timeline.actions.record import record

Kind = WaiverDecision.Kind
KINDS = {"APPROVED": Kind.APPROVED, "REFUSED": Kind.REFUSED, "WITHDRAWN": Kind.ENDED}


class WaiverLapsed(Conflict):
    """The last day of the request has passed; it can only be refused or taken back."""

    code = "waiver_lapsed"


class ItemGone(Conflict):
    """The deal has moved to a playbook that does not ask for the item; the request can only be refused."""

    code = "item_gone"


def waiver_settled(event: ApprovalDecided, actor: User, at: datetime) -> None:
    """Put an approved waiver in force from today and judge the deal; close a refused or withdrawn one.

    Raises:
        DealClosed: it would be approved on a closed deal.
        WaiverLapsed: it would be approved after its last day.
        ItemGone: it would be approved though the deal's playbook does not ask for the item any more.
    """
    if event.matter != WAIVER:
        return
    waiver = Waiver.objects.select_related("opportunity").get(ref=event.about.ref)
    deal = lock(waiver.opportunity)
    kind, today = KINDS[event.outcome], company_day(at)
    if kind is not Kind.APPROVED:
        note_decision(waiver, kind, note=event.note, actor=actor, now=at)
        waiver.ended_on = today
        waiver.save(update_fields=["ended_on"])
        return
    require_open(deal)
    if waiver.expires_on < today:
        raise WaiverLapsed(_("The last day of this request has passed. Refuse it and ask for a new one."))
    if item_waived_under(waiver.item, waiver.playbook_id, deal.playbook_id) is None:
        raise ItemGone(_("The playbook the deal follows now does not ask for this item. Refuse the request."))
    note_decision(waiver, kind, note=event.note, alone=event.alone, actor=actor, now=at)
    waiver.approved_on = today
    waiver.save(update_fields=["approved_on"])
    cause = Cause(WaiverDecided.name, waiver.ref, {"item": waiver.item, "reason": waiver.reason})
    reassess(deal, actor=actor, now=at, cause=cause)


def note_decision(waiver: Waiver, kind: Kind, *, note: str, alone: bool = False, actor: User, now: datetime) -> None:
    """Keep a decision on a waiver, and record it on the deal."""
    WaiverDecision.objects.create(
        waiver=waiver, decision=kind, note=note, decided_at=now, decided_by=actor, alone=alone
    )
    record(
        WaiverDecided(
            subject=Ref.of(waiver),
            chain=waiver.opportunity.ref,
            data={"item": waiver.item, "decision": kind, "note": note, "until": waiver.expires_on.isoformat()},
        ),
        actor=actor,
        at=now,
    )
