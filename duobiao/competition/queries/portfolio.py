"""The competition and investment matrix (竞争与投资决策矩阵): open deals by whether we can win them and whether it pays."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from duobiao.competition.domain.matrix import (
    Axis,
    AxisScore,
    Criterion,
    Quadrant,
    axis_score,
    points,
    priority_of,
    quadrant_of,
)
from duobiao.competition.models import Judgement, PursuitFigures
from duobiao.competition.queries.advice import is_old
from duobiao.competition.queries.criteria import Ground, derive, grounds
from duobiao.competition.queries.settings import settings, words
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.filters import Filters, narrowed

MOST: Final = 5000
HUNDRED: Final = 100
TITLES: Mapping[Quadrant, object] = {
    Quadrant.INVEST: _("Invest"),
    Quadrant.BREAK_THROUGH: _("Break through selectively"),
    Quadrant.HARVEST: _("Harvest quickly"),
    Quadrant.DROP: _("Let go"),
    Quadrant.UNKNOWN: _("Too little known"),
}
ADVICE: Mapping[Quadrant, object] = {
    Quadrant.INVEST: _("Worth it and winnable: put the best people on it."),
    Quadrant.BREAK_THROUGH: _(
        "Worth it but hard to win: invest to lift the weakest criterion, or stop at the next gate."
    ),
    Quadrant.HARVEST: _("Winnable but small: win it at low cost."),
    Quadrant.DROP: _("Neither: free the people for other projects."),
    Quadrant.UNKNOWN: _("Record or judge what is missing, then it can be placed."),
}


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """One criterion of a deal.

    Attributes:
        value: What counts, 0 to 100: the judgement if there is one, else what the records say; None: not known.
        counts: The same after inversion: what enters the weighted mean.
        derived, why: What the records say.
        old: The judgement should be looked at again.
    """

    criterion: Criterion
    title: str
    hint: str
    value: int | None
    counts: int | None
    derived: int | None
    why: str
    judgement: Judgement | None
    old: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A deal in the matrix; ``priority`` is None while cost or margin is missing."""

    deal: Opportunity
    winnable: AxisScore
    attractive: AxisScore
    quadrant: Quadrant
    priority: Decimal | None
    criteria: tuple[CriterionShown, ...]
    pursuit: PursuitFigures | None

    @property
    def title(self) -> str:
        """Where it lies, in words."""
        return str(TITLES[self.quadrant])

    @property
    def advice(self) -> str:
        """What follows from where it lies."""
        return str(ADVICE[self.quadrant])

    def of(self, axis: str) -> list[CriterionShown]:
        """Return the criteria of one axis."""
        return [row for row in self.criteria if row.criterion.axis == axis]

    @property
    def weakest(self) -> CriterionShown | None:
        """The criterion of winning that costs most points."""
        known = [row for row in self.of(Axis.WINNABLE) if row.counts is not None]
        return max(known, key=lambda row: row.criterion.weight * (HUNDRED - (row.counts or 0)), default=None)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the deals of a quadrant are worth; nothing is converted, as no rates are kept.

    Attributes:
        own_minor: Sum of those in the company's currency.
        others: Sums in each other currency, with how many deals they are of.
        unknown: How many deals have no amount.
    """

    own_minor: int = 0
    others: tuple[tuple[str, int, int], ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Open deals in the matrix, those worth most first.

    Attributes:
        left_out: Deals beyond the ``MOST`` that are placed, those of the smallest amounts.
    """

    rows: tuple[Placed, ...]
    counts: Mapping[Quadrant, int]
    amounts: Mapping[Quadrant, Amounts]
    left_out: int

    def amounts_of(self, quadrant: Quadrant) -> Amounts:
        """Return what the deals of a quadrant are worth."""
        return self.amounts.get(quadrant, Amounts())

    @property
    def foreign(self) -> int:
        """How many deals are in other currencies than the company's."""
        return sum(count for row in self.amounts.values() for _currency, _minor, count in row.others)


def portfolio(user: User, *, filters: Filters, on: date, currency: str) -> Portfolio:
    """Return the open deals a person may see that pass the filters; fifteen queries for any number.

    Args:
        currency: The company's; amounts in others are added up each for itself.
    """
    rows = narrowed(Opportunity.objects.visible_to(user).open(), filters, user=user, today=on)
    found = list(
        rows.select_related("customer", "owner").order_by(F("amount_minor").desc(nulls_last=True), "pk")[: MOST + 1]
    )
    total = rows.count() if len(found) > MOST else len(found)
    placed = place(found[:MOST], on=on)
    placed.sort(key=_rank)
    by_quadrant: dict[Quadrant, list[Opportunity]] = defaultdict(list)
    for row in placed:
        by_quadrant[row.quadrant].append(row.deal)
    amounts = {quadrant: _amounts(deals, currency) for quadrant, deals in by_quadrant.items()}
    counts = {quadrant: len(deals) for quadrant, deals in by_quadrant.items()}
    return Portfolio(tuple(placed), counts, amounts, total - len(placed))


def place(deals: Sequence[Opportunity], *, on: date) -> list[Placed]:
    """Place deals in the matrix; as many queries for one as for many."""
    held = grounds(deals, on=on)
    judged = judgements_of([deal.pk for deal in deals])
    return [_placed(held[deal.pk], judged.get(deal.pk, {}), on) for deal in deals]


def _amounts(deals: Sequence[Opportunity], currency: str) -> Amounts:
    sums: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for deal in deals:
        if deal.amount_minor is not None:
            sums[deal.currency] += deal.amount_minor
            counts[deal.currency] += 1
    others = tuple((name, sums[name], counts[name]) for name in sorted(counts) if name != currency)
    return Amounts(sums[currency], others, len(deals) - counts.total())


def judgements_of(deals: Sequence[int]) -> dict[int, dict[str, Judgement]]:
    """Return the latest judgement of each criterion, by deal; one query."""
    found: dict[int, dict[str, Judgement]] = {}
    rows = Judgement.objects.filter(opportunity__in=deals).select_related("author")
    for row in rows.order_by("on", "at", "pk"):
        found.setdefault(row.opportunity_id, {})[row.criterion] = row
    return found


def _rank(row: Placed) -> tuple[int, Decimal, Decimal, int]:
    order = list(Quadrant)
    worth = (row.attractive.value or Decimal(0)) * (row.winnable.value or Decimal(0))
    return order.index(row.quadrant), -(row.priority or Decimal(0)), -worth, row.deal.pk


def _placed(ground: Ground, judged: Mapping[str, Judgement], on: date) -> Placed:
    figures = settings()
    shown = tuple(_criterion(row, ground, judged.get(row.key), on) for row in figures.criteria)
    values = {row.criterion.key: row.value for row in shown if row.value is not None}
    scores = {axis: axis_score(figures.criteria_of(axis), values, least_known=figures.least_known) for axis in Axis}
    winnable, attractive = scores[Axis.WINNABLE], scores[Axis.ATTRACTIVE]
    pursuit = ground.pursuit
    return Placed(
        deal=ground.deal,
        winnable=winnable,
        attractive=attractive,
        quadrant=quadrant_of(winnable.value, attractive.value, threshold=figures.threshold),
        priority=priority_of(
            winnable.value,
            attractive.value,
            cost_minor=pursuit.cost_minor if pursuit is not None else None,
            margin_minor=_margin(ground),
        ),
        criteria=shown,
        pursuit=pursuit,
    )


def _margin(ground: Ground) -> int | None:
    """Return the expected margin in minor units."""
    pursuit, amount = ground.pursuit, ground.deal.amount_minor
    if pursuit is None or pursuit.margin_percent is None or amount is None:
        return None
    return amount * pursuit.margin_percent // HUNDRED


def _criterion(row: Criterion, ground: Ground, judgement: Judgement | None, on: date) -> CriterionShown:
    derived = derive(row.key, ground)
    held = judgement if judgement is not None and judgement.value is not None else None
    value = held.value if held is not None else derived.value
    return CriterionShown(
        criterion=row,
        title=words(row.title),
        hint=words(row.hint),
        value=value,
        counts=None if value is None else points(row, value),
        derived=derived.value,
        why=derived.why,
        judgement=held,
        old=held is not None and is_old(held.on, on, settings().judgement_days),
    )
