"""Figures of the pipeline: the funnel of a period, dwell, velocity, win rate, cycle, ageing, month by month."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Aggregate, Count, Q, Sum

from duobiao.kernel.days import next_month
from duobiao.opportunities.domain.figures import velocity_minor_per_day
from duobiao.opportunities.domain.histories import Moves, Period
from duobiao.opportunities.models import OpportunityQuerySet, Outcome
from duobiao.opportunities.queries.filters import Filters, period_of
from duobiao.opportunities.queries.funnel import Ends, ends_within, moves_within
from duobiao.opportunities.queries.happened import counted
from duobiao.opportunities.queries.pipeline import Sums, grouped, sums_of
from duobiao.opportunities.queries.stages import StageName, playbook_stages
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK

AGES = ((0, 30), (31, 90), (91, 180), (181, 365), (366, None))
"""Days since opening, both inclusive."""

Visible = Callable[[Filters], OpportunityQuerySet]
"""Gives the deals that somebody may see and that pass some filters."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are about: deals under one playbook, now and over a period.

    Attributes:
        filters: Those in force, with the playbook.
        chosen: The playbook was asked for; else it is the one most deals are under.
    """

    filters: Filters
    period: Period
    stages: list[StageName]
    chosen: bool

    @property
    def now(self) -> Filters:
        """Filters of the open deals."""
        return replace(self.filters, outcome=Outcome.OPEN)

    @property
    def past(self) -> Filters:
        """Filters of all deals, wherever they stand."""
        return self.filters.descriptive()

    @property
    def last(self) -> int:
        """Number of the last stage."""
        return self.stages[-1].number if self.stages else 0


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage: open deals that stand there now, and movement in the period."""

    name: StageName
    now: Sums
    moves: Moves


@dataclass(frozen=True, slots=True)
class Age:
    """Open deals by days since opening; ``high`` is None for the oldest."""

    low: int
    high: int | None
    count: int
    amount_minor: int
    opened_from: date | None
    opened_to: date | None


@dataclass(frozen=True, slots=True)
class Month:
    """What began and ended in a month, as far as it lies in the period."""

    first: date
    last: date
    opened: int
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a scope; amounts in one currency.

    Attributes:
        velocity: Minor units per day; None where nothing was won in the period, or won on the day of opening.
    """

    scope: Scope
    currency: str
    stages: list[StageFigures]
    open: Sums
    ends: Ends
    velocity: Decimal | None
    ages: list[Age]
    months: list[Month]


def scope_of(visible: Visible, filters: Filters, today: date) -> Scope:
    """Settle the playbook and the period."""
    key = filters.playbook or _usual_playbook(visible(filters.descriptive()))
    found = replace(filters, playbook=key)
    return Scope(found, period_of(filters, today), playbook_stages(key), chosen=bool(filters.playbook))


def figures_of(visible: Visible, scope: Scope, *, today: date, currency: str) -> Figures:
    """Read all figures; the number of queries does not depend on the number of deals."""
    open_rows, past = visible(scope.now), visible(scope.past)
    groups = grouped(open_rows)
    moves = moves_within(past, scope.period, stages=scope.last)
    ends = ends_within(past, scope.period, currency=currency)
    sums = sums_of(groups)
    return Figures(
        scope=scope,
        currency=currency,
        stages=[
            StageFigures(name, sums_of(g for g in groups if g.stage == name.number), moves[name.number])
            for name in scope.stages[1:]
        ],
        open=sums,
        ends=ends,
        velocity=_velocity(sums.count, ends),
        ages=_ages(open_rows, today, currency),
        months=list(_months(past, scope.period)),
    )


def _usual_playbook(rows: OpportunityQuerySet) -> str:
    keys = rows.order_by().values("playbook__key").annotate(deals=Count("pk")).order_by("-deals", "playbook__key")
    found = keys.values_list("playbook__key", flat=True).first()
    return found or DEFAULT_PLAYBOOK


def _velocity(deals: int, ends: Ends) -> Decimal | None:
    if ends.won_mean_minor is None or not ends.cycle_mean:
        return None
    ratio = Decimal(ends.won) / ends.decided
    return velocity_minor_per_day(
        deals=deals, mean_minor=ends.won_mean_minor, win_ratio=ratio, cycle_days=ends.cycle_mean
    )


def _ages(rows: OpportunityQuerySet, today: date, currency: str) -> list[Age]:
    wanted: dict[str, Aggregate] = {}
    for low, high in AGES:
        within = _opened(today, low, high)
        wanted[f"count_{low}"] = Count("pk", filter=within)
        wanted[f"amount_{low}"] = Sum("amount_minor", filter=within & Q(currency=currency))
    found = rows.order_by().aggregate(**wanted)
    return [
        Age(low, high, found[f"count_{low}"], int(found[f"amount_{low}"] or 0), *_days_of(today, low, high))
        for low, high in AGES
    ]


def _days_of(today: date, low: int, high: int | None) -> tuple[date | None, date | None]:
    """Return the days of opening of a band; the youngest has no end, the oldest no beginning."""
    return (
        None if high is None else today - timedelta(days=high),
        today - timedelta(days=low) if low else None,
    )


def _opened(today: date, low: int, high: int | None) -> Q:
    first, last = _days_of(today, low, high)
    bounds = {"opened_on__gte": first, "opened_on__lte": last}
    return Q(**{lookup: day for lookup, day in bounds.items() if day is not None})


def _months(rows: OpportunityQuerySet, period: Period) -> Iterator[Month]:
    span = (period.since, period.until)
    plain = rows.order_by()
    opened = _by_month(plain.filter(opened_on__range=span), "opened_on")
    closed = counted(plain).filter(closed_on__range=span)
    won = _by_month(closed.filter(outcome=Outcome.WON), "closed_on")
    lost = _by_month(closed.filter(outcome=Outcome.LOST), "closed_on")
    first = period.since
    while first <= period.until:
        following = next_month(first)
        key = (first.year, first.month)
        yield Month(first, min(period.until, following - timedelta(days=1)), opened[key], won[key], lost[key])
        first = following


def _by_month(rows: OpportunityQuerySet, field: str) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for day, deals in rows.values(field).annotate(deals=Count("pk")).values_list(field, "deals"):
        found[day.year, day.month] += deals
    return found
