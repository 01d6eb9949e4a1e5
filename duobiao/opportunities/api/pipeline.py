"""The pipeline as figures: the funnel of a period, the process map, the portfolio; the same reads as the pages."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from duobiao.customers.models import Customer
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import Unit, User
from duobiao.identity.policy import require
from duobiao.kernel.days import FIRST_YEAR, LAST_YEAR
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.domain.figures import Spread
from duobiao.opportunities.models import Opportunity, OpportunityQuerySet, Outcome, PurchaseMethod
from duobiao.opportunities.queries.figures import Figures, Scope, figures_of, scope_of
from duobiao.opportunities.queries.filters import ME, Filters, narrowed
from duobiao.opportunities.queries.matrix import matrix_of
from duobiao.opportunities.queries.process import process_of
from duobiao.playbooks.queries import playbook_keys

router = Router()

LONGEST = 80


CalendarDay = Annotated[date, Field(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]


class PipelineQuery(Schema):
    """Filters of the pages, by the same names."""

    q: str = Field("", max_length=LONGEST, description="Words in project, customer or number.")
    unit: str = Field("", max_length=40, description="Reference of a unit; its whole subtree counts.")
    owner: str = Field("", max_length=40, description="Reference of a person, or `me`.")
    industry: str = Field("", max_length=LONGEST)
    method: str = Field("", max_length=16, description="Purchase method.")
    playbook: str = Field("", max_length=60, description="Key; without it the playbook that most deals are under.")


class FiguresQuery(PipelineQuery):
    """Filters and period."""

    since: CalendarDay | None = Field(None, description="First day, inclusive.")
    until: CalendarDay | None = Field(None, description="Last day, inclusive; without it the company's today.")
    days: Literal["90", "180", "365", "730"] = Field("365", description="Length of the period without `since`.")


class SpreadOut(Schema):
    """How days spread; null without values."""

    count: int
    median: float | None
    p90: int | None

    @classmethod
    def of(cls, days: Spread) -> "SpreadOut":
        """Build from counted days."""
        return cls(count=days.count, median=days.median, p90=days.p90)


class ScopeOut(Schema):
    """What the figures are about."""

    playbook: str
    since: date
    until: date

    @classmethod
    def of(cls, scope: Scope) -> "ScopeOut":
        """Build from a scope."""
        return cls(playbook=scope.filters.playbook, since=scope.period.since, until=scope.period.until)


class FunnelStageOut(Schema):
    """One stage. open, in_transit: deals now; entered, completed, left: deals in the period."""

    stage: int
    title: str
    open: int
    in_transit: int
    amount_minor: int
    weighted_minor: int
    entered: int
    completed: int
    left: int


class ConversionOut(Schema):
    """Of the deals that entered a stage in the period, those that had entered the next by its end; ratio 0–1."""

    stage: int
    entered: int
    passed: int
    ratio: float | None


class DwellOut(SpreadOut):
    """Days of each stay in a stage that ended in the period."""

    stage: int


class CountsOut(Schema):
    """Deals behind the figures; left_out: closed imports that nobody proved."""

    open: int
    won: int
    lost: int
    given_up: int
    left_out: int


class AgeOut(Schema):
    """Open deals by days since opening, both inclusive; to_days null for the oldest."""

    from_days: int
    to_days: int | None
    open: int
    amount_minor: int


class FiguresOut(Schema):
    """Figures of the pipeline. Amounts in minor units of `currency`; ratios 0–1; null where nothing can be divided."""

    scope: ScopeOut
    currency: str
    counts: CountsOut
    funnel: list[FunnelStageOut]
    conversion: list[ConversionOut]
    dwell_days: list[DwellOut]
    velocity_minor_per_day: float | None = Field(
        description="Open deals × mean amount of a won deal × win rate ÷ mean cycle."
    )
    weighted_minor: int = Field(description="Σ amount × success rate of open deals.")
    win_rate: float | None = Field(description="Won ÷ (won + lost), by number.")
    win_rate_by_amount: float | None
    cycle_days: float | None = Field(description="Median days from opening to signature of won deals.")
    cycle: SpreadOut
    cycle_mean_days: float | None
    ageing: list[AgeOut]


class EdgeOut(Schema):
    """Moves straight from one stage to another; waited_days: days from entering the first to the move."""

    before: int
    after: int
    backward: bool
    deals: int
    waited_days: SpreadOut


class EndOut(Schema):
    """Deals closed in the period while in a stage."""

    stage: int
    outcome: str
    deals: int


class BlockerOut(Schema):
    """An item in the way. lacking: open deals whose next gate lacks it; expired, waived: deals in the period."""

    item: str
    title: str
    stage: int
    lacking: int
    standing_days: SpreadOut
    expired: int
    waived: int


class ProcessOut(Schema):
    """The process as it really ran."""

    scope: ScopeOut
    edges: list[EdgeOut]
    ends: list[EndOut]
    blockers: list[BlockerOut]


class CellOut(Schema):
    """Open deals of one gap and one band of amounts.

    lag: -2 and 4 hold everything beyond them, null where the buyer is unknown. amount_from: in whole units of the
    currency, up to the next band; null without an amount. largest: references of its largest deals.
    """

    lag: int | None
    amount_from: int | None
    deals: int
    amount_minor: int
    largest: list[str]


class PortfolioOut(Schema):
    """Open deals in one currency by gap and amount; empty cells are left out."""

    currency: str
    cells: list[CellOut]


class Asked:
    """Who asks for which deals on which day."""

    def __init__(self, request: HttpRequest, query: PipelineQuery) -> None:
        self.actor = actor_of(request)
        require(self.actor, "opportunities.view")
        self.today = company_day(timezone.now())
        self.currency = company_of(request).currency
        self.filters = _filters(query, self.actor)

    def visible(self, filters: Filters) -> OpportunityQuerySet:
        return narrowed(Opportunity.objects.visible_to(self.actor), filters, user=self.actor, today=self.today)

    def scope(self) -> Scope:
        return scope_of(self.visible, self.filters, self.today)


def _filters(query: PipelineQuery, actor: User) -> Filters:
    """Read the filters.

    Raises:
        Invalid: a value names nothing, or the period ends before it begins.
    """
    known = {
        "unit": not query.unit or Unit.objects.filter(ref=query.unit).exists(),
        "owner": query.owner in ("", ME) or User.objects.filter(ref=query.owner).exists(),
        "industry": not query.industry or Customer.objects.visible_to(actor).filter(industry=query.industry).exists(),
        "method": query.method in ("", *PurchaseMethod.values),
        "playbook": query.playbook in ("", *playbook_keys()),
    }
    if wrong := [name for name, found in known.items() if not found]:
        raise Invalid(_("A filter names nothing that exists."), fields=dict.fromkeys(wrong, _("not found")))
    values = query.model_dump()
    if isinstance(query, FiguresQuery) and query.since and query.since > (query.until or date.max):
        raise Invalid(_("The period ends before it begins."), fields={"since": _("lies after until")})
    return replace(Filters(), **values)


@router.get(
    "/pipeline/figures", response=FiguresOut, operation_id="get_pipeline_figures", summary="Read the pipeline's figures"
)
def get_pipeline_figures(request: HttpRequest, query: Query[FiguresQuery]) -> FiguresOut:
    """Read funnel, conversion, dwell, velocity, weighted amount, win rate, cycle and ageing of the deals you may see.

    Small samples are not suppressed here: read `counts` and the `count` beside each spread before you conclude.
    """
    asked = Asked(request, query)
    return _figures_out(figures_of(asked.visible, asked.scope(), today=asked.today, currency=asked.currency))


@router.get("/pipeline/process", response=ProcessOut, operation_id="get_process_map", summary="Read the process map")
def get_process_map(request: HttpRequest, query: Query[FiguresQuery]) -> ProcessOut:
    """Read which stage directly followed which, and the items that hold deals up."""
    asked = Asked(request, query)
    found = process_of(asked.visible, asked.scope(), today=asked.today)
    return ProcessOut(
        scope=ScopeOut.of(found.scope),
        edges=[
            EdgeOut(
                before=edge.before,
                after=edge.after,
                backward=edge.is_backward,
                deals=edge.deals,
                waited_days=SpreadOut.of(edge.waited),
            )
            for edge in found.edges
        ],
        ends=[EndOut(stage=end.stage, outcome=end.outcome, deals=end.deals) for end in found.ends],
        blockers=[
            BlockerOut(
                item=row.item,
                title=row.title,
                stage=row.stage,
                lacking=row.lacking,
                standing_days=SpreadOut.of(row.waited),
                expired=row.expired,
                waived=row.waived,
            )
            for row in found.blockers
        ],
    )


@router.get("/pipeline/portfolio", response=PortfolioOut, operation_id="get_portfolio", summary="Read the portfolio")
def get_portfolio(request: HttpRequest, query: Query[PipelineQuery]) -> PortfolioOut:
    """Read the open deals you may see by gap and amount, in the company's currency."""
    asked = Asked(request, query)
    rows = matrix_of(asked.visible(replace(asked.filters, outcome=Outcome.OPEN)), currency=asked.currency)
    return PortfolioOut(
        currency=asked.currency,
        cells=[
            CellOut(
                lag=cell.lag,
                amount_from=cell.band,
                deals=cell.count,
                amount_minor=cell.amount_minor,
                largest=[dot.ref for dot in cell.dots],
            )
            for row in rows
            for cell in row
            if cell.count
        ],
    )


def _figures_out(found: Figures) -> FiguresOut:
    ends = found.ends
    return FiguresOut(
        scope=ScopeOut.of(found.scope),
        currency=found.currency,
        counts=CountsOut(
            open=found.open.count, won=ends.won, lost=ends.lost, given_up=ends.given_up, left_out=ends.left_out
        ),
        funnel=_funnel_out(found),
        conversion=[
            ConversionOut(
                stage=line.name.number,
                entered=line.moves.entered,
                passed=line.moves.passed,
                ratio=_ratio(line.moves.passed, line.moves.entered),
            )
            for line in found.stages[:-1]
        ],
        dwell_days=[
            DwellOut(stage=line.name.number, **SpreadOut.of(line.moves.dwell).model_dump()) for line in found.stages
        ],
        velocity_minor_per_day=None if found.velocity is None else float(found.velocity),
        weighted_minor=found.open.weighted.get(found.currency, 0),
        win_rate=_ratio(ends.won, ends.decided),
        win_rate_by_amount=_ratio(ends.won_minor, ends.won_minor + ends.lost_minor),
        cycle_days=ends.cycle.median,
        cycle=SpreadOut.of(ends.cycle),
        cycle_mean_days=None if ends.cycle_mean is None else round(float(ends.cycle_mean), 2),
        ageing=[
            AgeOut(from_days=age.low, to_days=age.high, open=age.count, amount_minor=age.amount_minor)
            for age in found.ages
        ],
    )


def _funnel_out(found: Figures) -> list[FunnelStageOut]:
    return [
        FunnelStageOut(
            stage=line.name.number,
            title=line.name.title,
            open=line.now.count,
            in_transit=line.now.transit,
            amount_minor=line.now.amount(found.currency),
            weighted_minor=line.now.weighted.get(found.currency, 0),
            entered=line.moves.entered,
            completed=line.moves.completed,
            left=line.moves.left,
        )
        for line in found.stages
    ]


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
