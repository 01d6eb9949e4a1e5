"""The annual plan: how far a goal is, and what lies in which month of its year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

MONTHS: Final = 12
MONTH_WIDTH, YEAR_LEFT, ROW_HEIGHT, HEAD = 68, 132, 30, 26
DAYS_IN_A_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of months in the drawing of a year: ``x`` to ``x + width``."""

    x: float
    width: float
    first: int
    last: int


def percent_reached(target: int, reached: int | None) -> int | None:
    """Return how much of a target is reached, in whole percent rounded down; None while nothing is known.

    Args:
        target: Above 0.
    """
    return None if reached is None else max(0, reached) * 100 // target


def bars_of(first: int, last: int) -> tuple[Bar, ...]:
    """Return the months from ``first`` to ``last`` (1–12) as stretches of one year; two where they run over its end."""
    spans = [(first, last)] if first <= last else [(1, last), (first, MONTHS)]
    return tuple(
        Bar(YEAR_LEFT + (begin - 1) * MONTH_WIDTH, (end - begin + 1) * MONTH_WIDTH, begin, end) for begin, end in spans
    )


def place_of(day: date) -> float:
    """Return where a day of the year lies in its drawing."""
    return round(YEAR_LEFT + (day.month - 1 + (day.day - 1) / DAYS_IN_A_MONTH) * MONTH_WIDTH, 1)


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return a lane for each span (from, to), so that no two of one lane overlap; lanes are filled from the top."""
    held: list[list[tuple[float, float]]] = []
    found = []
    for left, right in spans:
        free = (n for n, lane in enumerate(held) if all(right <= begin or left >= end for begin, end in lane))
        lane = next(free, len(held))
        if lane == len(held):
            held.append([])
        held[lane].append((left, right))
        found.append(lane)
    return found


def phase_at(phases: Iterable[tuple[str, int, int]], month: int) -> tuple[str, ...]:
    """Return what a customer does with its budget in a month.

    Args:
        phases: Key, first and last month.
    """
    return tuple(
        key
        for key, first, last in phases
        if (first <= month <= last if first <= last else month >= first or month <= last)
    )
