"""Carry out what was decided on a gate review: evidence, the mark of the deal, conditions, corrections."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.approvals.events import ApprovalDecided
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.add_task import may_get_task, put_task
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_known
from duobiao.opportunities.actions.finish_task import drop_tasks
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.mark_gate import mark_gate
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.retract_proof import withdraw
from duobiao.opportunities.events import ProofRetracted
from duobiao.opportunities.models import Grade, Opportunity, Proof
from duobiao.reviews.actions.checks import require_reviewable
from duobiao.reviews.events import GateReviewDecided
from duobiao.reviews.models import Decision, GateReview, ReviewState
from duobiao.reviews.queries.approval_requests import GATE_REVIEW
from duobiao.reviews.queries.gates import form_of
from duobiao.reviews.queries.marks import standing_mark
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_REASON = 500


def review_settled(event: ApprovalDecided, actor: User, at: datetime) -> None:
    """Put an approved decision in force; a refused one is kept as refused, one taken back is a plan again.

    Raises:
        DealClosed: it would be approved on a deal that is over.
    """
    if event.matter != GATE_REVIEW:
        return
    row = GateReview.objects.select_related("opportunity").get(ref=event.about.ref)
    deal = lock(row.opportunity)
    review = GateReview.objects.get(pk=row.pk)
    if event.outcome == "APPROVED":
        require_reviewable(deal, review.gate)
    if event.outcome == "WITHDRAWN":
        review.state = ReviewState.PLANNED
    else:
        review.state = ReviewState.DECIDED if event.outcome == "APPROVED" else ReviewState.REFUSED
        review.settled_by, review.settled_at, review.settled_on = actor, at, company_day(at)
        review.note = event.note
    review.version += 1
    review.save(update_fields=["state", "settled_by", "settled_at", "settled_on", "note", "version"])
    data = {"gate": review.gate, "decision": review.decision, "outcome": event.outcome, "note": event.note}
    record(GateReviewDecided(subject=Ref.of(review), chain=deal.ref, data=data), actor=actor, at=at)
    if event.outcome == "APPROVED":
        _put_in_force(deal, review, actor=actor, now=at)


def _put_in_force(deal: Opportunity, review: GateReview, *, actor: User, now: datetime) -> None:
    _replace_evidence(deal, review, actor=actor, now=now)
    mark_gate(deal, mark=standing_mark(deal))
    if review.corrects is not None:
        reason = _("The review was corrected: %(ref)s") % {"ref": review.ref}
        drop_tasks(deal, review.corrects.ref, reason=reason, actor=actor, now=now)
    _put_conditions(deal, review, actor=actor, now=now)
    data = {"gate": review.gate, "decision": review.decision, "outcome": "APPROVED", "deal": deal.name}
    people = {row.user_id: row.user for row in review.attendees.select_related("user")} | {deal.owner_id: deal.owner}
    told = [person for key, person in people.items() if key not in (actor.pk, review.submitted_by_id)]
    page = f"/gate-reviews/{review.ref}/"
    notify(told, event=GateReviewDecided.name, url=page, at=now, data={**data, "reason": review.reason})


def _put_conditions(deal: Opportunity, review: GateReview, *, actor: User, now: datetime) -> None:
    """Make each condition a task; what fell to somebody who may no longer see the deal is its owner's."""
    by, source = review.submitted_by or actor, Ref.of(review)
    for row in review.conditions.select_related("owner").order_by("number"):
        owner = row.owner if may_get_task(deal, row.owner) else deal.owner
        row.task = put_task(
            deal, title=row.text, owner=owner, due_on=row.due_on, source=source, by=by, actor=actor, now=now
        )
        row.save(update_fields=["task"])


def _replace_evidence(deal: Opportunity, review: GateReview, *, actor: User, now: datetime) -> None:
    """Prove what a decision to go shows; what a corrected, or an overruled, review showed before is retracted."""
    held = Proof.objects.filter(opportunity=deal, source_kind=GateReview.kind, retracted_on=None)
    earlier = deal.gate_reviews.filter(gate=review.gate).exclude(pk=review.pk)
    if review.decision == Decision.GO:
        earlier = earlier.filter(corrected_by=review)
    gone = list(held.filter(source_ref__in=earlier.values("ref")))
    if gone:
        reason = f"{review.ref} {review.decision}: {review.reason}"[:LONGEST_REASON]
        withdraw(deal, gone, reason=reason, actor=actor, now=now)
    if review.decision == Decision.GO and review.held_on is not None:
        key = form_of(review.gate).evidence
        draft = Draft(key, Grade.DOCUMENTED, review.held_on, quote=review.reason, source=Ref.of(review))
        confirm_known(opportunity=deal, drafts=[draft], actor=actor, now=now)
        deal.refresh_from_db()
    elif gone:
        cause = Cause(ProofRetracted.name, gone[0].ref, {"key": gone[0].key}, keys=(gone[0].key,))
        reassess(deal, actor=actor, now=now, cause=cause)
