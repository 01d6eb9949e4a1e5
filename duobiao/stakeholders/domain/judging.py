"""What is held of a person: observations whose confidence decays, the one that is used, and who contradicts it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

LEAST_PERCENT: Final = 20
"""From what confidence on another source is heard as a contradiction."""


class Topic(StrEnum):
    """What is observed of a person."""

    STANCE = "STANCE"
    INFLUENCE = "INFLUENCE"
    ACCESS = "ACCESS"
    MODE = "MODE"
    DESIRE = "DESIRE"
    MOTIVATION = "MOTIVATION"
    SWAY = "SWAY"


class Mode(StrEnum):
    """How a person responds to a change (Miller Heiman)."""

    GROWTH = "GROWTH"
    TROUBLE = "TROUBLE"
    EVEN_KEEL = "EVEN_KEEL"
    OVERCONFIDENT = "OVERCONFIDENT"


MODES: Final = tuple(Mode)
RANGES: Final[Mapping[Topic, tuple[int, int]]] = {
    Topic.STANCE: (-2, 2),
    Topic.INFLUENCE: (1, 5),
    Topic.ACCESS: (0, 3),
    Topic.MODE: (1, 4),
    Topic.DESIRE: (0, 10),
    Topic.MOTIVATION: (0, 10),
    Topic.SWAY: (-10, 10),
}
"""Lowest and highest value; a mode is its place in ``MODES``, from 1."""
DECIDER_ONLY: Final = frozenset({Topic.DESIRE, Topic.MOTIVATION, Topic.SWAY})
APART: Final[Mapping[Topic, int]] = {
    Topic.STANCE: 2,
    Topic.INFLUENCE: 2,
    Topic.ACCESS: 2,
    Topic.MODE: 1,
    Topic.DESIRE: 4,
    Topic.MOTIVATION: 4,
    Topic.SWAY: 6,
}
"""How far two values lie apart at least to contradict each other."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation.

    Attributes:
        source: Who said it, or where it was seen, as it is shown.
        voice: Names whose word it is; "" means ``source`` does. Two of one voice never contradict each other, the later
            one holds.
        percent: Confidence on the day it was observed, 0 to 100.
        order: Breaks ties of one day.
    """

    ref: str
    value: int
    source: str
    percent: int
    on: date
    order: float = 0
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is held of one topic on a day.

    Attributes:
        used: The observation whose value holds.
        percent: Its confidence on the day.
        against: The latest of other sources that say otherwise, with their confidence; shown, never averaged.
        heard: How many sources were heard.
    """

    used: Seen
    percent: float
    against: tuple[tuple[Seen, float], ...]
    heard: int

    @property
    def value(self) -> int:
        """The value that holds."""
        return self.used.value


def decayed(percent: float, *, days: int, half_life: int) -> float:
    """Return a confidence some days later: it halves within each half-life and never rises.

    Args:
        days: Since the observation; days before it leave the confidence as it is.
    """
    return float(percent * 0.5 ** (max(0, days) / half_life))


def judge(topic: Topic, observations: Iterable[Seen], *, on: date, half_life: int) -> Judgement | None:
    """Return what holds on a day; None where nothing was observed by then.

    Of each source its latest observation counts. Of these the one with the highest confidence on the day is used; with
    equal confidence the later one.
    """
    latest: dict[str, Seen] = {}
    for seen in sorted((row for row in observations if row.on <= on), key=_newness):
        latest[seen.voice or seen.source.strip().casefold()] = seen
    if not latest:
        return None
    sure = {seen.ref: decayed(seen.percent, days=(on - seen.on).days, half_life=half_life) for seen in latest.values()}
    ordered = sorted(latest.values(), key=lambda seen: (sure[seen.ref], *_newness(seen)), reverse=True)
    used, *others = ordered
    against = tuple(
        (seen, sure[seen.ref])
        for seen in others
        if sure[seen.ref] >= LEAST_PERCENT and differ(topic, used.value, seen.value)
    )
    return Judgement(used, sure[used.ref], against, len(latest))


def differ(topic: Topic, first: int, second: int) -> bool:
    """Say whether two values contradict each other; for the stance also where one is for us and one against."""
    opposed = topic is Topic.STANCE and first * second < 0
    return opposed or abs(first - second) >= APART[topic]


def _newness(seen: Seen) -> tuple[date, float, str]:
    return seen.on, seen.order, seen.ref
