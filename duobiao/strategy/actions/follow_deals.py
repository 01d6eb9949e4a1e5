"""Let strategies follow deals that are merged, and parted again."""

from datetime import datetime

from duobiao.duplicates.events import MergeUndone
from duobiao.identity.models import User
from duobiao.opportunities.actions.plan_review import plan_review
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity
from duobiao.strategy.models import StrategyReview, StrategyVersion


def deals_merged(event: DealsMerged, actor: User, at: datetime) -> None:
    """Let each deal be reviewed when the strategy that it has now says."""
    _plan_anew([event.subject.ref, event.merged.ref], actor, at)


def deals_parted(event: MergeUndone, actor: User, at: datetime) -> None:
    """Let each deal be reviewed when its own strategy says, after a merge was undone."""
    if event.subject.kind == Opportunity.kind:
        _plan_anew([event.subject.ref, event.parted.ref], actor, at)


def _plan_anew(refs: list[str], actor: User, now: datetime) -> None:
    for deal in Opportunity.objects.filter(ref__in=refs).order_by("pk"):
        latest = StrategyVersion.objects.filter(opportunity=deal).order_by("-number").first()
        reviewed = latest is None or StrategyReview.objects.filter(version=latest).exists()
        review_on = None if latest is None or reviewed else latest.review_on
        if deal.review_on != review_on:
            plan_review(deal, review_on=review_on, actor=actor, now=now)
