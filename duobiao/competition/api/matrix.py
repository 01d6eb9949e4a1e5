"""The competition and investment matrix over the API."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from duobiao.competition.actions.judge_criterion import judge_criterion, reckon_pursuit
from duobiao.competition.domain.matrix import Quadrant
from duobiao.competition.queries.portfolio import CriterionShown, Placed, Portfolio, place, portfolio
from duobiao.competition.queries.settings import settings
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import require
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.api.common import deal_of
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.filters import Filters

router = Router()
Day = date
DEAL = "/opportunities/{ref}/investment"
LARGEST = 2**31 - 1


class MatrixQuery(Schema):
    """Which deals."""

    unit: str = Field("", max_length=40, description="Reference of a unit; its whole subtree counts.")
    owner: str = Field("", max_length=40, description="Reference of a person, or `me`.")
    page: int = Field(1, ge=1, le=10**6, description="Which page of the deals; the sums are of all.")
    limit: int = Field(300, ge=1, le=300, description="Deals on a page.")


class CriterionOut(Schema):
    """A criterion: what counts, what the records say and why, and who judged otherwise."""

    key: str
    axis: str
    title: str
    weight_percent: int
    inverted: bool
    value: int | None
    counts: int | None
    derived: int | None
    why: str
    judged_why: str
    judged_on: Day | None
    judged_by: str | None
    old: bool

    @classmethod
    def of(cls, row: CriterionShown) -> "CriterionOut":
        """Build from a criterion."""
        held = row.judgement
        return cls(
            key=row.criterion.key,
            axis=row.criterion.axis,
            title=row.title,
            weight_percent=row.criterion.weight,
            inverted=row.criterion.inverted,
            value=row.value,
            counts=row.counts,
            derived=row.derived,
            why=row.why,
            judged_why=held.why if held is not None else "",
            judged_on=held.on if held is not None else None,
            judged_by=held.author.ref if held is not None else None,
            old=row.old,
        )


class PlacedOut(Schema):
    """A deal in the matrix; 0 to 100 on both axes, null while too little is known."""

    opportunity: str
    name: str
    owner: str
    winnable: Decimal | None
    winnable_known_percent: int
    attractive: Decimal | None
    attractive_known_percent: int
    quadrant: str
    title: str
    advice: str
    priority: Decimal | None
    margin_percent: int | None
    cost_minor: int | None
    version: int = Field(description="Of margin and cost; 0 while there are none.")
    criteria: list[CriterionOut]

    @classmethod
    def of(cls, row: Placed) -> "PlacedOut":
        """Build from a deal in its place."""
        held = row.pursuit
        return cls(
            opportunity=row.deal.ref,
            name=row.deal.name,
            owner=row.deal.owner.ref,
            winnable=row.winnable.value,
            winnable_known_percent=row.winnable.known,
            attractive=row.attractive.value,
            attractive_known_percent=row.attractive.known,
            quadrant=row.quadrant,
            title=row.title,
            advice=row.advice,
            priority=row.priority,
            margin_percent=held.margin_percent if held is not None else None,
            cost_minor=held.cost_minor if held is not None else None,
            version=held.version if held is not None else 0,
            criteria=[CriterionOut.of(one) for one in row.criteria],
        )


class OtherAmountOut(Schema):
    """The sum of the amounts in another currency, which is not converted."""

    currency: str
    amount_minor: int
    count: int


class QuadrantOut(Schema):
    """How many deals lie in a quadrant, and the sum of their amounts in the company's currency."""

    quadrant: str
    count: int
    amount_minor: int
    other_amounts: list[OtherAmountOut] = Field(description="Amounts in other currencies; no exchange rates are kept.")

    @classmethod
    def of(cls, quadrant: Quadrant, found: Portfolio) -> "QuadrantOut":
        """Build from a portfolio."""
        amounts = found.amounts_of(quadrant)
        return cls(
            quadrant=quadrant,
            count=found.counts.get(quadrant, 0),
            amount_minor=amounts.own_minor,
            other_amounts=[
                OtherAmountOut(currency=name, amount_minor=minor, count=count) for name, minor, count in amounts.others
            ],
        )


class InvestmentMatrixOut(Schema):
    """Open deals in the matrix."""

    threshold: int
    currency: str = Field(description="The company's currency, that of the sums.")
    quadrants: list[QuadrantOut]
    deals: list[PlacedOut]
    total: int = Field(description="Deals placed, of all pages.")
    left_out: int = Field(description="Smaller deals beyond the 5,000 that are placed.")


class JudgementIn(StrictSchema):
    """What a criterion is judged to be."""

    value: int | None = Field(None, ge=0, le=100, description="null: what the records say holds again.")
    why: str = Field(max_length=300)
    on: Day


class PursuitIn(StrictSchema):
    """Margin and cost of pursuing a deal."""

    version: int = Field(ge=0, le=LARGEST, description="0 while there are none.")
    margin_percent: int | None = Field(None, ge=0, le=100)
    cost_minor: int | None = Field(None, ge=0, le=10**15, description="Minor units of the deal's currency.")
    note: str = Field("", max_length=300)
    on: Day


@router.get(
    "/portfolio/matrix",
    response=InvestmentMatrixOut,
    operation_id="get_investment_matrix",
    summary="Read the investment matrix",
)
def get_matrix(request: HttpRequest, query: Query[MatrixQuery]) -> InvestmentMatrixOut:
    """Read the open deals you may see, by whether we can win them and whether they are worth it."""
    actor = actor_of(request)
    require(actor, "opportunities.view")
    found = portfolio(
        actor,
        filters=Filters(unit=query.unit, owner=query.owner),
        on=company_day(timezone.now()),
        currency=company_of(request).currency,
    )
    begin = (query.page - 1) * query.limit
    return InvestmentMatrixOut(
        threshold=settings().threshold,
        currency=company_of(request).currency,
        quadrants=[QuadrantOut.of(key, found) for key in Quadrant],
        deals=[PlacedOut.of(row) for row in found.rows[begin : begin + query.limit]],
        total=len(found.rows),
        left_out=found.left_out,
    )


@router.get(DEAL, response=PlacedOut, operation_id="get_investment", summary="Read a deal's place in the matrix")
def get_investment(request: HttpRequest, ref: str) -> PlacedOut:
    """Read where a deal stands, criterion by criterion, each with its reason."""
    return _placed(deal_of(request, ref))


@router.post(f"{DEAL}/{{criterion}}", response=PlacedOut, operation_id="judge_criterion", summary="Judge a criterion")
def post_judgement(request: HttpRequest, ref: str, criterion: str, payload: JudgementIn) -> PlacedOut:
    """Judge a criterion of a deal, or leave it to the records again; answers its place."""
    deal = deal_of(request, ref)
    judge_criterion(
        opportunity=deal, criterion=criterion, **payload.dict(), actor=actor_of(request), now=timezone.now()
    )
    return _placed(deal)


@router.put(DEAL, response=PlacedOut, operation_id="reckon_pursuit", summary="Reckon margin and cost")
def put_pursuit(request: HttpRequest, ref: str, payload: PursuitIn) -> PlacedOut:
    """Write down expected margin and cost of pursuing a deal; answers its place."""
    deal = deal_of(request, ref)
    reckon_pursuit(opportunity=deal, **payload.dict(), actor=actor_of(request), now=timezone.now())
    return _placed(deal)


def _placed(deal: Opportunity) -> PlacedOut:
    return PlacedOut.of(place([deal], on=company_day(timezone.now()))[0])
