"""The competition and investment matrix: whether we can win a deal, and whether it is worth winning.

Built on the attractiveness–strength grid of portfolio analysis (McKinsey and General Electric's nine-box matrix, here
two by two): each axis is a weighted mean of criteria from 0 to 100, and a threshold divides it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

MOST: Final = 100
TENTH: Final = Decimal("0.1")
HUNDREDTH: Final = Decimal("0.01")
POINTS_A_GRADE: Final = Decimal("12.5")
"""Points of a criterion for one grade of a gap, so that −4 … +4 becomes 0 … 100 with 50 in the middle."""

Text = Mapping[str, str]


class Axis(StrEnum):
    """What a criterion speaks about."""

    WINNABLE = "winnable"
    ATTRACTIVE = "attractive"


class Quadrant(StrEnum):
    """Where a deal lies."""

    INVEST = "INVEST"
    BREAK_THROUGH = "BREAK_THROUGH"
    HARVEST = "HARVEST"
    DROP = "DROP"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of an axis.

    Attributes:
        weight: In percent of its axis.
        inverted: A high value speaks against the deal.
    """

    key: str
    axis: Axis
    title: Text
    hint: Text
    weight: int
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class AxisScore:
    """Where a deal stands on an axis.

    Attributes:
        value: 0 to 100 to one place; None while too little is known.
        known: Weight in percent of the criteria that are known.
    """

    value: Decimal | None
    known: int


def axis_score(criteria: Sequence[Criterion], values: Mapping[str, int], *, least_known: int) -> AxisScore:
    """Return the weighted mean of the known criteria of one axis.

    Args:
        values: 0 to 100 by criterion; criteria that are not known are missing.
        least_known: Weight in percent that must be known.
    """
    known = [row for row in criteria if row.key in values]
    weight = sum(row.weight for row in known)
    if weight < max(1, least_known):
        return AxisScore(None, weight)
    summed = sum(row.weight * points(row, values[row.key]) for row in known)
    return AxisScore((Decimal(summed) / weight).quantize(TENTH, ROUND_HALF_UP), weight)


def points(criterion: Criterion, value: int) -> int:
    """Return what a value counts: a high risk counts little."""
    return MOST - value if criterion.inverted else value


def quadrant_of(winnable: Decimal | None, attractive: Decimal | None, *, threshold: int) -> Quadrant:
    """Return where a deal lies; the threshold itself counts as high."""
    if winnable is None or attractive is None:
        return Quadrant.UNKNOWN
    if attractive >= threshold:
        return Quadrant.INVEST if winnable >= threshold else Quadrant.BREAK_THROUGH
    return Quadrant.HARVEST if winnable >= threshold else Quadrant.DROP


def priority_of(
    winnable: Decimal | None, attractive: Decimal | None, *, cost_minor: int | None, margin_minor: int | None
) -> Decimal | None:
    """Return the priority: attractive × winnable ÷ 100, divided by (cost of pursuit ÷ expected margin).

    Args:
        cost_minor, margin_minor: In one currency.

    Returns: two places; None where a part is missing or not positive.
    """
    if winnable is None or attractive is None or not cost_minor or not margin_minor:
        return None
    if cost_minor < 0 or margin_minor < 0:
        return None
    worth = attractive * winnable / MOST
    return (worth * margin_minor / cost_minor).quantize(HUNDREDTH, ROUND_HALF_UP)


def from_gap(gap: Decimal) -> int:
    """Turn a gap of −4 … +4 grades into 0 … 100, 50 where both are level."""
    return _whole(Decimal(MOST // 2) + POINTS_A_GRADE * gap)


def from_relation(
    *, support: float | None, cells: tuple[int, int], covered_percent: int | None, weights: Mapping[str, int]
) -> int | None:
    """Return how good the relations are, 0 to 100: the weighted mean of what is known of three parts.

    (w₁ · (50 + 50 · net support) + w₂ · 100 · accepted ÷ required cells + w₃ · coverage) ÷ (w₁ + w₂ + w₃), where a part
    that is not known leaves out its weight. No published formula joins the three: the parts are those of the decision
    chain (net support and coverage, and the relationship matrix after 丁兴良), their mean and weights are our convention.

    Args:
        support: −1 to 1; None while no stance is known.
        cells: Accepted and required ones; nothing is known while none is required.
        covered_percent: None while nobody is known.
        weights: In percent, for ``support``, ``cells`` and ``coverage``.

    Returns: whole points; None while no part is known.
    """
    accepted, required = cells
    parts = {
        "support": None if support is None else Decimal(50) + 50 * Decimal(str(support)),
        "cells": Decimal(MOST * accepted) / required if required else None,
        "coverage": None if covered_percent is None else Decimal(covered_percent),
    }
    known = {key: value for key, value in parts.items() if value is not None}
    weight = sum(weights[key] for key in known)
    if not weight:
        return None
    return _whole(sum((weights[key] * value for key, value in known.items()), Decimal(0)) / weight)


def from_share(part: int, whole: int) -> int:
    """Return a share in whole percent, 0 to 100."""
    return _whole(Decimal(MOST * part) / whole) if whole else 0


def from_grade(mean: Decimal) -> int:
    """Turn a mean grade of 1 … 5 into 0 … 100."""
    return _whole((mean - 1) * 25)


def from_steps(amount: int, steps: Sequence[tuple[int, int]]) -> int:
    """Return the points of the first step that an amount reaches.

    Args:
        steps: Least amount and points, the largest first; 0 points below all of them.
    """
    return next((found for least, found in steps if amount >= least), 0)


def _whole(value: Decimal) -> int:
    return int(min(Decimal(MOST), max(Decimal(0), value)).quantize(Decimal(1), ROUND_HALF_UP))
