"""The funnel: where open deals stand, how deals moved on through the stages, and how they ended (F106, F124)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from duobiao.opportunities.domain.figures import Spread, spread, win_rate_percent
from duobiao.opportunities.domain.histories import Moves, Period, moves
from duobiao.opportunities.models import OpportunityQuerySet, Outcome
from duobiao.opportunities.queries.happened import honest
from duobiao.opportunities.queries.histories import DayNumber, read_histories
from duobiao.opportunities.queries.pipeline import Group, Sums, sums_of
from duobiao.opportunities.queries.stages import StageName


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
        won_priced: Won deals with an amount in the currency of the figures.
        left_out: Closed imports that nobody proved here; no figure counts them.
        cycle: Days from opening to closing of won deals; ``cycle_mean`` their mean.
    """

    won: int
    lost: int
    given_up: int
    won_minor: int
    lost_minor: int
    won_priced: int
    left_out: int
    cycle: Spread
    cycle_mean: Decimal | None

    @property
    def decided(self) -> int:
        """Deals won or lost."""
        return self.won + self.lost

    @property
    def cycle_days(self) -> int | None:
        """Mean days from opening to closing of won deals, rounded half up."""
        return None if self.cycle_mean is None else int(self.cycle_mean.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    @property
    def won_mean_minor(self) -> Decimal | None:
        """Mean amount of the won deals that have one, in minor units."""
        return Decimal(self.won_minor) / self.won_priced if self.won_priced else None

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


def moves_within(rows: OpportunityQuerySet, period: Period, *, stages: int) -> dict[int, Moves]:
    """Return movement by stage, in one query over the history of stages."""
    return moves(read_histories(rows, period), period, stages=stages)


def ends_within(rows: OpportunityQuerySet, period: Period, *, currency: str) -> Ends:
    """Return how deals ended within a period, in two queries; amounts only in one currency."""
    closed = rows.order_by().filter(closed_on__range=(period.since, period.until))
    proved, own = honest(), Q(currency=currency)
    won, lost = proved & Q(outcome=Outcome.WON), proved & Q(outcome=Outcome.LOST)
    found = closed.aggregate(
        won=Count("pk", filter=won),
        lost=Count("pk", filter=lost),
        given_up=Count("pk", filter=proved & Q(outcome=Outcome.GIVEN_UP)),
        won_minor=Coalesce(Sum("amount_minor", filter=won & own), 0),
        lost_minor=Coalesce(Sum("amount_minor", filter=lost & own), 0),
        won_priced=Count("amount_minor", filter=won & own),
        left_out=Count("pk", filter=~proved),
    )
    cycle = closed.filter(won).values_list(DayNumber("closed_on") - DayNumber("opened_on"))
    days = np.array([row[0] for row in cycle], dtype=np.int64)
    mean = Decimal(int(days.sum())) / days.size if days.size else None
    return Ends(**{name: int(value) for name, value in found.items()}, cycle=spread(days), cycle_mean=mean)
