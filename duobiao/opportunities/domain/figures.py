"""Figures of the pipeline: weighted sums, win rate, stage conversion, cycle."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal


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
