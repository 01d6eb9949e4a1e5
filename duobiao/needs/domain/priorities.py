"""Priorities P0 to P3 and pain: what must be met, what it costs to do nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LOWEST, HIGHEST = 1, 5
ACUTE, MARKED = 15, 8


class Priority(StrEnum):
    """How much a need decides (需求优先级)."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Fit(StrEnum):
    """How the solution answers a need."""

    UNKNOWN = "UNKNOWN"
    FULL = "FULL"
    SUBSTITUTE = "SUBSTITUTE"
    UPGRADE = "UPGRADE"
    PARTIAL = "PARTIAL"
    NOT_MET = "NOT_MET"


class Answer(StrEnum):
    """What the rule of its priority says of a need."""

    MET = "MET"
    OPEN = "OPEN"
    BROKEN = "BROKEN"
    OPTIONAL = "OPTIONAL"
    VALUE_ADD = "VALUE_ADD"
    UNRANKED = "UNRANKED"


class Per(StrEnum):
    """For what span of time a cost is told."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    ONCE = "ONCE"


TIMES_A_YEAR = {Per.MONTH: 12, Per.QUARTER: 4, Per.YEAR: 1, Per.ONCE: 1}
SERVES_P1 = frozenset({Fit.FULL, Fit.SUBSTITUTE, Fit.UPGRADE})
NEEDS_WORDS = frozenset({Fit.SUBSTITUTE, Fit.UPGRADE, Fit.PARTIAL})
"""How a need is met in these ways has to be said."""


class Pain(StrEnum):
    """How a pain presses."""

    ACUTE = "ACUTE"
    MARKED = "MARKED"
    MILD = "MILD"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A need as the rules of priority see it."""

    priority: Priority | None
    fit: Fit


@dataclass(frozen=True, slots=True)
class MustHaves:
    """How far the needs that must be met are met.

    Attributes:
        total: How many needs are P0 or P1; ``met`` those that their rule calls met.
        unranked: Needs without a priority; while there are some, nobody knows what must be met.
    """

    total: int
    met: int
    p0: int
    unranked: int

    @property
    def covered(self) -> bool:
        """Whether all P0 are fully met and all P1 met or substituted; never without a P0."""
        return self.p0 > 0 and self.unranked == 0 and self.met == self.total


def answer(need: Ranked) -> Answer:
    """Judge a need by the rule of its priority.

    P0 must be met in full. P1 is met, or has a substitute or a way to upgrade. P2 is taken on when the core is met and
    cost allows. P3 is shown as added value.
    """
    match need.priority:
        case None:
            return Answer.UNRANKED
        case Priority.P3:
            return Answer.VALUE_ADD
        case Priority.P2:
            return Answer.MET if need.fit is Fit.FULL else Answer.OPTIONAL
    if need.fit is Fit.UNKNOWN:
        return Answer.OPEN
    enough = need.fit is Fit.FULL or (need.priority is Priority.P1 and need.fit in SERVES_P1)
    return Answer.MET if enough else Answer.BROKEN


def must_haves(needs: Iterable[Ranked]) -> MustHaves:
    """Count the needs that must be met, and how many are."""
    rows = list(needs)
    wanted = [row for row in rows if row.priority in (Priority.P0, Priority.P1)]
    return MustHaves(
        total=len(wanted),
        met=sum(answer(row) is Answer.MET for row in wanted),
        p0=sum(row.priority is Priority.P0 for row in rows),
        unranked=sum(row.priority is None for row in rows),
    )


def pain_score(severity: int | None, urgency: int | None) -> int | None:
    """Return severity × urgency, 1 to 25; None while one of both is not rated (1 to 5 each)."""
    return None if severity is None or urgency is None else severity * urgency


def pain_of(score: int | None) -> Pain | None:
    """Return how a pain presses: acute from 15 points, marked from 8."""
    if score is None:
        return None
    return Pain.ACUTE if score >= ACUTE else Pain.MARKED if score >= MARKED else Pain.MILD


def yearly_minor(amount_minor: int | None, per: str) -> int | None:
    """Return what doing nothing costs in the first year, in minor units; None while it is not known."""
    return None if amount_minor is None or not per else amount_minor * TIMES_A_YEAR[Per(per)]
