"""What a suggestion is worth: points that anybody can add up, 0 to 100."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

MEETING_DAYS = 7
EXPIRY_DAYS = 14


class Group(IntEnum):
    """What a suggestion does, the weightiest first."""

    ENDED = 0
    OPENS = 1
    GIVE_UP = 2
    WEAK = 3
    EXPIRING = 4
    WAIVER_ENDS = 5
    BUYER = 6
    RISK = 7
    METHOD = 8
    REST = 9
    ADVICE = 10


class Why(StrEnum):
    """What points are given for."""

    GROUP = "GROUP"
    GAIN = "GAIN"
    STAGE = "STAGE"
    LAG = "LAG"
    EXPIRY = "EXPIRY"
    RISK = "RISK"
    MEETING = "MEETING"


@dataclass(frozen=True, slots=True)
class Part:
    """Points, and what for.

    Attributes:
        figure: The figure behind them: percentage points, a stage, stages behind, days.
    """

    why: Why
    points: int
    figure: int = 0


POINTS = {
    Group.ENDED: 100,
    Group.OPENS: 54,
    Group.GIVE_UP: 50,
    Group.WEAK: 42,
    Group.EXPIRING: 38,
    Group.WAIVER_ENDS: 34,
    Group.BUYER: 30,
    Group.RISK: 26,
    Group.METHOD: 24,
    Group.REST: 12,
    Group.ADVICE: 18,
}
RED_POINTS, AMBER_POINTS = 8, 4
MOST_GAIN, MOST_LAG = 7, 8


def parts_of(
    group: Group,
    *,
    gain: int = 0,
    stage: int = 0,
    behind: int = 0,
    days_left: int | None = None,
    risk: str = "",
    meeting_in: int | None = None,
) -> tuple[Part, ...]:
    """Return the points of a suggestion; only parts that count.

    Args:
        gain: Percentage points the success rate would win; half of them count, at most 7.
        stage: Stage of the item, 0 for none; a later stage counts one point each.
        behind: Stages we are behind the buyer; two points each, at most 8.
        days_left: Until what it renews runs out; half of what is missing to 14 days.
        risk: ``RED`` or ``AMBER`` where it answers a standing signal: 8 or 4.
        meeting_in: Days until a meeting at which it can be done: 8 less the days, within 7 days.
    """
    if group is Group.ENDED:
        return (Part(Why.GROUP, POINTS[group]),)
    parts = [
        Part(Why.GROUP, POINTS[group]),
        Part(Why.GAIN, min(MOST_GAIN, max(0, gain) // 2), gain),
        Part(Why.STAGE, stage, stage),
        Part(Why.LAG, min(MOST_LAG, 2 * max(0, behind)), behind),
        Part(Why.RISK, {"RED": RED_POINTS, "AMBER": AMBER_POINTS}.get(risk, 0)),
    ]
    if days_left is not None:
        parts.append(Part(Why.EXPIRY, max(0, EXPIRY_DAYS - days_left) // 2, days_left))
    if meeting_in is not None and 0 <= meeting_in <= MEETING_DAYS:
        parts.append(Part(Why.MEETING, MEETING_DAYS + 1 - meeting_in, meeting_in))
    return tuple(part for part in parts if part.points)


def total(parts: tuple[Part, ...]) -> int:
    """Add up the points."""
    return sum(part.points for part in parts)
