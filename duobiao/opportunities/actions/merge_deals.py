"""Make one deal out of two entries of the same project."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.models import ApprovalRequest, RequestState
from duobiao.documents.actions.move_attachments import move_attachments
from duobiao.duplicates.actions.remember import remembered, repoint
from duobiao.duplicates.queries.sides import fill_gaps
from duobiao.duplicates.queries.surroundings import surroundings
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.lock import lock_deals, require_open
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events.merging import DealMergedAway, DealsMerged
from duobiao.opportunities.models import Opportunity
from duobiao.search.actions.index import remove
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Comment

DEAL_FACTS = ("name", "amount_minor", "expected_close_on", "bid_deadline_at", "product", "source", "description")
DEAL_STAYS = frozenset(
    (
        "opportunities.Opportunity.merged_into",
        "opportunities.StageChange.opportunity",
        "opportunities.FieldChange.opportunity",
        "opportunities.PlaybookChange.opportunity",
        "opportunities.MigratedDeal.opportunity",
        "opportunities.Closing.opportunity",
        "opportunities.GiveUpReview.opportunity",
        "opportunities.RiskSignal.opportunity",
        "opportunities.Suggestion.opportunity",
    )
)
"""Its own history, and what is derived from its ledger, stay with the deal that went."""


class DealsOfTwo(Conflict):
    """The deals are of two customers, which are to be merged first (409)."""

    code = "deals_of_two_customers"


class ApprovalWaits(Conflict):
    """A request on the deal that would go waits for approval (409)."""

    code = "approval_waits"


@transaction.atomic
def merge_deals(
    *, keeper: Opportunity, other: Opportunity, actor: User, now: datetime, take: frozenset[str] = frozenset()
) -> Opportunity:
    """Move ledger, people, tasks, files and comments of ``other`` to ``keeper`` and judge the keeper by all of it.

    Facts of the keeper win, its gaps are filled. Both audit chains go on as they are; the row of the other deal leads
    to the keeper. A proof that the keeper has already stays with the other.

    Args:
        take: Names of facts to take from the other one all the same.

    Raises:
        NotAllowed: the actor may not merge one of them.
        Invalid: both are the same.
        DealClosed: one is closed, or was merged before.
        DealsOfTwo: they are of two customers.
        ApprovalWaits: a request on the other one waits for approval.
    """
    if keeper.pk == other.pk:
        raise Invalid(_("Choose two different projects."), fields={"merge": _("the same project")})
    keeper, other = lock_deals([keeper.pk, other.pk])
    for deal in (keeper, other):
        require(actor, "opportunities.merge", deal)
        require_open(deal)
    if keeper.customer_id != other.customer_id:
        raise DealsOfTwo(_("The projects are of two customers. Merge the customers first, or leave both."))
    _require_nothing_waits(other)
    with remembered(keeper=keeper, other=other, actor=actor, now=now):
        _merge(keeper, other, take)
        repoint(keeper, other, stays=DEAL_STAYS)
        record(DealMergedAway(subject=Ref.of(other), data={"keeper": keeper.ref}), actor=actor, at=now)
        data = {"merged": other.ref, "merged_name": other.name}
        record(DealsMerged(subject=Ref.of(keeper), merged=Ref.of(other), data=data), actor=actor, at=now)
        _judge([keeper, other], DealsMerged.name, actor, now)
    remove(kind=Opportunity.kind, refs=[other.ref])
    return keeper


def settle_deals(keeper: Opportunity, other: Opportunity, actor: User, now: datetime) -> None:
    """After a merge was undone: judge both by their own ledgers, and let both be seen and found again."""
    _judge([keeper, other], DealsMerged.name, actor, now)


def _require_nothing_waits(deal: Opportunity) -> None:
    """Refuse while somebody is asked to decide about a deal: undoing could not ask them again."""
    hanging = [row["ref"] for row in surroundings(Opportunity, [deal]).values() if "ref" in row]
    if ApprovalRequest.objects.filter(state=RequestState.OPEN, subject_ref__in=hanging).exists():
        message = _("%(name)s has a request that waits for approval. Let it be decided, or withdraw it, then merge.")
        raise ApprovalWaits(message % {"name": deal.name})


def _merge(keeper: Opportunity, other: Opportunity, take: frozenset[str]) -> None:
    changed = fill_gaps(keeper, other, DEAL_FACTS, take=take)
    if "amount_minor" in changed:
        keeper.currency = other.currency
    keeper.version += 1
    keeper.save(update_fields=[*changed, "currency", "version"])
    move_attachments(source=Ref.of(other), target=Ref.of(keeper), chain=keeper.ref)
    Comment.objects.filter(subject_kind=Opportunity.kind, subject_ref=other.ref).update(subject_ref=keeper.ref)
    other.merged_into = keeper
    other.risk = ""
    other.version += 1
    other.save(update_fields=["merged_into", "risk", "version"])


def _judge(deals: list[Opportunity], event: str, actor: User, now: datetime) -> None:
    for deal in deals:
        reassess(deal, actor=actor, now=now, cause=Cause(event, deal.ref))
        judge_deal(deal, actor=actor, now=now, on=company_day(now))
        share_deal(deal, now=now)
