"""How many deals moved through their stages: compact histories of all of them, read at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from duobiao.opportunities.domain.figures import Spread, ratio_percent, spread

EPOCH = date(1970, 1, 1)
WIDTH = 128
"""Stages are numbers below this, so that a pair of them fits one number."""

Days = NDArray[np.int64]
Flags = NDArray[np.bool_]


def day_number(day: date) -> int:
    """Return the days since the first of January 1970."""
    return (day - EPOCH).days


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both inclusive, over which movement is counted."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Moves:
    """Movement through one stage within a period; deals count once.

    Attributes:
        entered: Deals that entered the stage in the period.
        passed: Those of them that had also entered a later stage by its end.
        completed: Deals that completed the stage in the period.
        left: Deals that moved from the stage to another one in the period.
        dwell: Days of each stay in the stage that ended so.
    """

    entered: int
    passed: int
    completed: int
    left: int
    dwell: Spread

    @property
    def conversion(self) -> Decimal | None:
        """Passed ÷ entered in percent."""
        return ratio_percent(self.passed, self.entered)


@dataclass(frozen=True, slots=True)
class Edge:
    """Moves straight from one stage to another.

    Attributes:
        deals: Deals that made the move, each counted once.
        waited: Days from entering ``before`` (stage 0: from opening) to the move.
    """

    before: int
    after: int
    deals: int
    waited: Spread

    @property
    def is_backward(self) -> bool:
        """Whether the deals fell back."""
        return self.after < self.before


@dataclass(frozen=True)
class Histories:
    """Changes of place of many deals, ordered by deal and then in order; days are numbers since 1970.

    Attributes:
        deal: Number of the deal of each change.
        opened: Day on which that deal was opened.
        on: Day of the change.
        before, after: Stage before and after it; completed_before, completed_after: highest stage completed.
    """

    deal: Days
    opened: Days
    on: Days
    before: Days
    after: Days
    completed_before: Days
    completed_after: Days

    @cached_property
    def highest(self) -> Days:
        """The highest stage that the deal of each change ever entered."""
        if not self.deal.size:
            return self.after
        starts = np.flatnonzero(np.r_[True, self.deal[1:] != self.deal[:-1]])
        lengths = np.diff(np.r_[starts, self.deal.size])
        return np.repeat(np.maximum.reduceat(self.after, starts), lengths)

    @cached_property
    def steps(self) -> Flags:
        """Which changes moved to another stage."""
        found: Flags = self.before != self.after
        return found

    @cached_property
    def waited(self) -> Days:
        """Days from entering the stage that each step left; 0 for changes that are no step."""
        found = np.zeros_like(self.on)
        deal, on = self.deal[self.steps], self.on[self.steps]
        arrived = np.r_[on[:1], on[:-1]]
        first = np.r_[np.ones(min(1, deal.size), dtype=bool), deal[1:] != deal[:-1]]
        arrived[first] = self.opened[self.steps][first]
        found[self.steps] = np.maximum(on - arrived, 0)
        return found

    def within(self, period: Period) -> Flags:
        """Return which changes fall into a period."""
        found: Flags = (self.on >= day_number(period.since)) & (self.on <= day_number(period.until))
        return found

    def deals(self, chosen: Flags) -> int:
        """Count the deals of some changes, each once."""
        found = self.deal[chosen]
        return int(found.size and 1 + np.count_nonzero(found[1:] != found[:-1]))


def moves(history: Histories, period: Period, *, stages: int) -> dict[int, Moves]:
    """Return movement through each of the stages 1 to ``stages``.

    A deal that jumped several stages at once (settled by the buyer's choice) entered each of them.

    Args:
        history: Without changes later than the period.
    """
    within = history.within(period)
    return {n: _moves(history, within, n) for n in range(1, stages + 1)}


def _moves(history: Histories, within: Flags, n: int) -> Moves:
    entered = within & (history.before < n) & (history.after >= n)
    completed = within & (history.completed_before < n) & (history.completed_after >= n)
    left = within & (history.before == n) & history.steps
    return Moves(
        entered=history.deals(entered),
        passed=history.deals(entered & (history.highest > n)),
        completed=history.deals(completed),
        left=history.deals(left),
        dwell=spread(history.waited[left]),
    )


def edges(history: Histories, period: Period) -> list[Edge]:
    """Return which stage directly follows which, with the deals that went so and how long they had waited."""
    return list(_edges(history, history.within(period) & history.steps))


def _edges(history: Histories, chosen: Flags) -> Iterator[Edge]:
    pairs = history.before * WIDTH + history.after
    for pair in np.unique(pairs[chosen]):
        here = chosen & (pairs == pair)
        before, after = divmod(int(pair), WIDTH)
        yield Edge(before, after, history.deals(here), spread(history.waited[here]))
