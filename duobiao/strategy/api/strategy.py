"""Versions of a deal's strategy and their reviews."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.opportunities.api.common import deal_of
from duobiao.strategy.actions.review_strategy import review_strategy
from duobiao.strategy.actions.write_strategy import write_strategy
from duobiao.strategy.models import StrategyReview, StrategyVersion
from duobiao.strategy.queries.strategies import versions_of

router = Router()
Day = date


class StrategyIn(StrictSchema):
    """A version of the strategy."""

    goal: str = Field(max_length=2000)
    position: str = Field(max_length=2000)
    moves: str = Field(max_length=2000)
    supporters: str = Field("", max_length=2000)
    opponents: str = Field("", max_length=2000)
    review_on: Day


class StrategyReviewIn(StrictSchema):
    """What became of the version in force."""

    worked: str = Field(max_length=2000)
    failed: str = Field(max_length=2000)
    causes: str = Field(max_length=2000)


class StrategyReviewOut(Schema):
    """A review as kept."""

    worked: str
    failed: str
    causes: str
    reviewed_at: datetime
    reviewed_by: str | None


class StrategyOut(Schema):
    """A version with its review."""

    ref: str
    number: int
    goal: str
    position: str
    moves: str
    supporters: str
    opponents: str
    review_on: Day
    created_at: datetime
    created_by: str | None
    review: StrategyReviewOut | None
    changed: list[str] = Field(description="Fields that differ from the version before.")


def review_out(review: StrategyReview) -> StrategyReviewOut:
    """Return a review as the API shows it."""
    same = {name: getattr(review, name) for name in ("worked", "failed", "causes", "reviewed_at")}
    return StrategyReviewOut(**same, reviewed_by=review.reviewed_by.ref if review.reviewed_by else None)


def strategy_out(version: StrategyVersion, review: StrategyReview | None, changed: list[str]) -> StrategyOut:
    """Return a version as the API shows it."""
    names = ("ref", "number", "goal", "position", "moves", "supporters", "opponents", "review_on", "created_at")
    return StrategyOut(
        **{name: getattr(version, name) for name in names},
        created_by=version.created_by.ref if version.created_by else None,
        review=review_out(review) if review is not None else None,
        changed=changed,
    )


@router.get(
    "/opportunities/{ref}/strategies",
    response=list[StrategyOut],
    operation_id="list_strategies",
    summary="Read the strategy",
)
def get_strategies(request: HttpRequest, ref: str) -> list[StrategyOut]:
    """Read the versions of a deal's strategy with their reviews, the newest first."""
    return [
        strategy_out(line.version, line.review, [change.name for change in line.changes])
        for line in versions_of(deal_of(request, ref))
    ]


@router.post(
    "/opportunities/{ref}/strategies",
    response={201: StrategyOut},
    operation_id="write_strategy",
    summary="Write a version of the strategy",
)
def post_strategy(request: HttpRequest, ref: str, payload: StrategyIn) -> Status[StrategyOut]:
    """Write the next version; the one before must have been reviewed."""
    version = write_strategy(
        opportunity=deal_of(request, ref),
        texts=payload.model_dump(exclude={"review_on"}),
        review_on=payload.review_on,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, strategy_out(version, None, []))


@router.post(
    "/opportunities/{ref}/strategies/review",
    response={201: StrategyReviewOut},
    operation_id="review_strategy",
    summary="Review the strategy",
)
def post_review(request: HttpRequest, ref: str, payload: StrategyReviewIn) -> Status[StrategyReviewOut]:
    """Review the version in force: what worked, what did not, why."""
    review = review_strategy(
        opportunity=deal_of(request, ref), findings=payload.model_dump(), actor=actor_of(request), now=timezone.now()
    )
    return Status(201, review_out(review))
