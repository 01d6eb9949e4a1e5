"""The funnel: where open deals stand, how deals moved on through the stages, and how they ended (F106, F124)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from duobiao.opportunities.domain.figures import ratio_percent, win_rate_percent
from duobiao.opportunities.models import OpportunityQuerySet, Outcome, StageChange
from duobiao.opportunities.queries.filters import counted
from duobiao.opportunities.queries.pipeline import Group, Sums, sums_of
from duobiao.opportunities.queries.stages import StageName
from duobiao.playbooks.domain.model import MOST_STAGES

NUMBERS = range(1, MOST_STAGES + 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both inclusive, over which movement is counted."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Moves:
    """Movement into one stage within a period.

    Attributes:
        entered: Deals that entered the stage in the period.
        passed: Those of them that had also entered the next stage by its end.
    """

    entered: int
    passed: int

    @property
    def conversion(self) -> Decimal | None:
        """Passed ÷ entered in percent."""
        return ratio_percent(self.passed, self.entered)


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """One stage: open deals now, and movement in the period (None before stage 1)."""

    name: StageName
    now: Sums
    moves: Moves | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """Deals closed within a period.

    Attributes:
        left_out: Closed imports that nobody proved here; no figure counts them.
        cycle_days: Mean days from opening to closing of won deals.
    """

    won: int
    lost: int
    given_up: int
    won_minor: int
    lost_minor: int
    cycle_days: int | None
    left_out: int

    @property
    def rate_by_count(self) -> Decimal | None:
        """Won ÷ (won + lost) of deals, in percent."""
        return win_rate_percent(self.won, self.lost)

    @property
    def rate_by_amount(self) -> Decimal | None:
        """Won ÷ (won + lost) of amounts, in percent."""
        return win_rate_percent(self.won_minor, self.lost_minor)


def funnel_stages(names: list[StageName], groups: list[Group], moves: dict[int, Moves]) -> list[FunnelStage]:
    """Put names, present sums and movement together; stage 0 only when something stands there."""
    found = []
    for name in names:
        now = sums_of(group for group in groups if group.stage == name.number)
        if name.number or now.count:
            found.append(FunnelStage(name, now, moves.get(name.number)))
    return found


def moves_within(rows: OpportunityQuerySet, period: Period) -> dict[int, Moves]:
    """Return movement by stage, in one query over the history of stages.

    A deal that jumped several stages at once (settled by the buyer's choice) entered each of them. Deals whose stage
    or outcome only an import claims are left out.
    """
    entered = {f"entered_{n}": Max(_crossed(n, since=period.since)) for n in NUMBERS}
    by_deal = (
        StageChange.objects.filter(opportunity__in=counted(rows).values("pk"), on__lte=period.until)
        .values("opportunity_id")
        .annotate(highest=Max("stage_after"), **entered)
    )
    totals: dict[str, Any] = {f"in_{n}": Coalesce(Sum(f"entered_{n}"), 0) for n in NUMBERS}
    totals |= {f"on_{n}": Coalesce(Sum(_flag(**{f"entered_{n}": 1, "highest__gt": n})), 0) for n in NUMBERS}
    found = by_deal.aggregate(**totals)
    return {n: Moves(found[f"in_{n}"], found[f"on_{n}"]) for n in NUMBERS}


def ends_within(rows: OpportunityQuerySet, period: Period, *, currency: str) -> Ends:
    """Return how deals ended within a period, in one query; amounts only in one currency."""
    closed = rows.order_by().filter(closed_on__range=(period.since, period.until))
    honest = Q(pk__in=counted(rows.model._default_manager.all()).values("pk"))
    won, lost = honest & Q(outcome=Outcome.WON), honest & Q(outcome=Outcome.LOST)
    span = ExpressionWrapper(F("closed_on") - F("opened_on"), output_field=DurationField())
    found = closed.aggregate(
        won=Count("pk", filter=won),
        lost=Count("pk", filter=lost),
        given_up=Count("pk", filter=honest & Q(outcome=Outcome.GIVEN_UP)),
        won_minor=Coalesce(Sum("amount_minor", filter=won & Q(currency=currency)), 0),
        lost_minor=Coalesce(Sum("amount_minor", filter=lost & Q(currency=currency)), 0),
        cycle=Avg(span, filter=won),
        left_out=Count("pk", filter=~honest),
    )
    return Ends(cycle_days=_days(found.pop("cycle")), **{name: int(value) for name, value in found.items()})


def _crossed(stage: int, *, since: date) -> Case:
    return _flag(stage_before__lt=stage, stage_after__gte=stage, on__gte=since)


def _flag(**condition: Any) -> Case:
    return Case(When(**condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _days(mean: timedelta | None) -> int | None:
    """Round a mean of whole days half up."""
    return None if mean is None else int(mean / timedelta(days=1) + 0.5)
