"""When somebody is told that a thing with a last day runs out: once at each of a few distances before it."""

from datetime import date
from typing import Final

WARN_DAYS: Final = (60, 30, 7, 0)
"""Days before the last day; the last one is that day itself."""


def warning_due(until: date, warned_days: int | None, *, on: date) -> int | None:
    """Return the distance at which somebody is to be told today; None for nobody.

    Of several distances that were passed at once only the nearest is told.

    Args:
        until: Last day, inclusive.
        warned_days: The nearest distance told of before; None for none.
    """
    left = (until - on).days
    if left < 0:
        return None
    nearest = min((days for days in WARN_DAYS if left <= days), default=None)
    if nearest is None or (warned_days is not None and warned_days <= nearest):
        return None
    return nearest
