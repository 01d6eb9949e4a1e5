"""Figures of the pipeline: weighted sums, win rate, stage conversion, velocity, how days spread."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

LEAST_SAMPLE = 10
"""Below this many deals a rate or a median says too little; pages then show the number of deals alone."""


def weighted_minor(parts: Iterable[tuple[int, int]]) -> int:
    """Return Σ amount × rate in minor units, rounded half up once over the whole sum.

    Args:
        parts: Amount in minor units and rate in percent (0–100).
    """
    return (sum(amount * rate for amount, rate in parts) + 50) // 100


def ratio_percent(part: int, whole: int, *, places: int = 0) -> Decimal | None:
    """Return ``part`` ÷ ``whole`` in percent, rounded half up; None where there is nothing to divide by."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def win_rate_percent(won: int, lost: int) -> Decimal | None:
    """Return won ÷ (won + lost) in percent, of counts or of amounts."""
    return ratio_percent(won, won + lost)


def velocity_minor_per_day(*, deals: int, mean_minor: Decimal, win_ratio: Decimal, cycle_days: Decimal) -> Decimal:
    """Return the sales velocity in minor units per day, rounded half up to two places.

    Open deals × mean amount of a won deal × win rate ÷ mean cycle (d-formulas §2, after mavenlb.com and storylane.io).

    Args:
        deals: Open deals.
        mean_minor: In minor units.
        win_ratio: Won ÷ (won + lost), 0–1.
        cycle_days: From opening to signature, more than 0.
    """
    found = deals * mean_minor * win_ratio / cycle_days
    return found.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Spread:
    """How days spread.

    Attributes:
        count: Values behind it.
        median: Days; the mean of the two in the middle where their number is even. None without values.
        p90: Days within which nine tenths of the values lie, by nearest rank. None without values.
    """

    count: int = 0
    median: float | None = None
    p90: int | None = None


def spread(days: NDArray[np.int64]) -> Spread:
    """Return count, median and P90 of some days, in any order."""
    if not days.size:
        return Spread()
    return Spread(int(days.size), float(np.median(days)), int(np.percentile(days, 90, method="inverted_cdf")))
