"""Let reviews follow what happens below: deals closed or handed over, people who leave."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.approvals.actions.follow_people import owner_changed
from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.finish_task import drop_tasks
from duobiao.opportunities.actions.mark_gate import mark_gate
from duobiao.opportunities.events import OpportunityClosed, OpportunityHandedOver
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.playbooks.domain.model import Gate
from duobiao.reviews.actions.plan_gate_review import end_plan
from duobiao.reviews.models import Attendee, Condition, ReviewState
from duobiao.reviews.queries.approval_requests import GATE_REVIEW
from duobiao.reviews.queries.marks import standing_mark


def deal_closed(event: OpportunityClosed, actor: User, at: datetime) -> None:
    """Call off what is still open on a deal that was closed; a won deal keeps its conditions and reviews of changes."""
    deal = Opportunity.objects.get(ref=event.subject.ref)
    note = _("The deal was closed.")
    won = deal.outcome == Outcome.WON
    rows = deal.gate_reviews.exclude(gate=Gate.ATAC) if won else deal.gate_reviews.all()
    for review in rows.filter(state=ReviewState.SUBMITTED):
        drop_requests(matter=GATE_REVIEW, subject=Ref.of(review), note=note, actor=actor, now=at)
    for review in rows.filter(state=ReviewState.PLANNED):
        end_plan(deal, review, reason=note, actor=actor, now=at)
    if not won:
        for ref in rows.filter(state=ReviewState.DECIDED).values_list("ref", flat=True):
            drop_tasks(deal, ref, reason=note, actor=actor, now=at)


def deals_merged(event: DealsMerged, actor: User, at: datetime) -> None:
    """Mark both deals as the reviews say that each has now."""
    del actor, at
    _mark_anew([event.subject.ref, event.merged.ref])


def deals_parted(event: MergeUndone, actor: User, at: datetime) -> None:
    """Mark both deals anew after their merge was undone."""
    del actor, at
    if event.subject.kind == Opportunity.kind:
        _mark_anew([event.subject.ref, event.parted.ref])


def _mark_anew(refs: list[str]) -> None:
    for deal in Opportunity.objects.filter(ref__in=refs).order_by("pk"):
        mark_gate(deal, mark=standing_mark(deal))


def deal_handed_over(event: OpportunityHandedOver, actor: User, at: datetime) -> None:
    """Let requests that wait know who owns the deal now: nobody decides on their own deal."""
    del actor
    deal = Opportunity.objects.select_related("owner").get(ref=event.subject.ref)
    for review in deal.gate_reviews.filter(state=ReviewState.SUBMITTED):
        owner_changed(matter=GATE_REVIEW, subject=Ref.of(review), owner=deal.owner, now=at)


def person_left(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Let the successor of a person who left take part, and keep what is no task yet; else the owner of the deal."""
    del actor, at
    leaver = User.objects.get(ref=event.subject.ref)
    successor = User.objects.get(ref=event.successor.ref) if event.successor is not None else None
    for row in Condition.objects.filter(owner=leaver, task=None).select_related("review__opportunity"):
        row.owner = successor or row.review.opportunity.owner
        row.save(update_fields=["owner"])
    planned = Attendee.objects.filter(user=leaver, review__state=ReviewState.PLANNED)
    if successor is not None:
        taken = Attendee.objects.filter(user=successor).values("review_id")
        planned.exclude(review_id__in=list(taken.values_list("review_id", flat=True))).update(user=successor)
    planned.filter(user=leaver).delete()
