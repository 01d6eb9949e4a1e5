"""End a locked deal, and carry out what was decided on a request to give one up."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.approvals.events import ApprovalDecided
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.lock import DealClosed, lock, require_open
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import GiveUpDeclined, OpportunityClosed
from duobiao.opportunities.models import Closing, GiveUpReview, GiveUpState, Opportunity, Outcome
from duobiao.opportunities.queries.approval_requests import GIVE_UP, WAIVER
from duobiao.timeline.actions.record import record


def give_up_settled(event: ApprovalDecided, actor: User, at: datetime) -> None:
    """Close a deal whose give-up was approved, with the approver; keep on the deal that it was not.

    Raises:
        DealClosed: it was closed otherwise.
    """
    if event.matter != GIVE_UP:
        return
    deal = lock(Opportunity.objects.get(ref=event.about.ref))
    _keep_decision(deal, event, actor=actor, now=at)
    if event.outcome != "APPROVED":
        data = {"outcome": event.outcome, "note": event.note}
        record(GiveUpDeclined(subject=Ref.of(deal), data=data), actor=actor, at=at)
        return
    require_open(deal)
    facts = event.facts
    on = date.fromisoformat(facts["on"]) if facts.get("on") else company_day(at)
    note = " · ".join(part for part in (facts.get("note", ""), facts.get("alternatives", "")) if part)
    finish_deal(
        deal, outcome=Outcome.GIVEN_UP, reason=facts["reason"], on=on, note=note[:1000], actor=actor, now=at,
        approved_by=actor,
    )  # fmt: skip


def _keep_decision(deal: Opportunity, event: ApprovalDecided, *, actor: User, now: datetime) -> None:
    """Keep on the review of the give-up what was decided."""
    GiveUpReview.objects.filter(opportunity=deal, state=GiveUpState.PENDING).update(
        state=GiveUpState(event.outcome), decided_by=actor, decided_at=now, note=event.note
    )


def finish_deal(
    deal: Opportunity,
    *,
    outcome: str,
    reason: str,
    on: date,
    note: str,
    actor: User,
    now: datetime,
    approved_by: User | None = None,
) -> None:
    """End a locked, open deal; what still waits for approval on it is withdrawn.

    Raises:
        DealClosed: it is closed already.
    """
    closing = Closing(
        opportunity=deal,
        outcome=outcome,
        reason=reason,
        note=note,
        closed_on=on,
        known_on=company_day(now),
        recorded_at=now,
        recorded_by=actor,
        approved_by=approved_by,
    )
    try:
        with transaction.atomic():
            closing.save(force_insert=True)
    except IntegrityError as error:
        raise DealClosed(_("This deal is closed already.")) from error
    deal.outcome, deal.closed_on, deal.close_reason = outcome, on, reason
    deal.risk = ""
    deal.version += 1
    deal.save(update_fields=["outcome", "closed_on", "close_reason", "risk", "version"])
    data = {"outcome": outcome, "reason": reason, "on": on.isoformat(), "note": note}
    if approved_by is not None:
        data["approved_by"] = str(approved_by)
    record(OpportunityClosed(subject=Ref.of(deal), data=data), actor=actor, at=now)
    drop_what_waits(deal, actor=actor, now=now)
    reassess(deal, actor=actor, now=now, cause=Cause(OpportunityClosed.name, deal.ref, {"outcome": outcome}))
    judge_deal(deal, actor=actor, now=now, on=company_day(now))
    share_deal(deal, now=now)


def drop_what_waits(deal: Opportunity, *, actor: User, now: datetime) -> None:
    """Withdraw the requests that wait on a locked deal which has come to its end."""
    note = _("The deal was closed.")
    drop_requests(matter=GIVE_UP, subject=Ref.of(deal), note=note, actor=actor, now=now)
    for waiver in deal.waivers.filter(approved_on=None, ended_on=None):
        drop_requests(matter=WAIVER, subject=Ref.of(waiver), note=note, actor=actor, now=now)
