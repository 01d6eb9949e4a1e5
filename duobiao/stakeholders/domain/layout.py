"""Where people and lines of a chain are drawn: bands by level, superiors above those who report to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from duobiao.stakeholders.domain.graph import LinkKind, Tie
from duobiao.stakeholders.domain.support import Level

WIDTH, LEFT, CARD_W, CARD_H, GAP = 940, 118, 188, 76, 14
PER_ROW: Final = 4
BAND_PAD, BAND_GAP, TOP = 26, 12, 14
LABEL_LIFT: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Upper left corner of a card."""

    x: float
    y: float

    @property
    def middle(self) -> float:
        """Middle of the card across."""
        return self.x + CARD_W / 2

    @property
    def centre(self) -> float:
        """Middle of the card down."""
        return self.y + CARD_H / 2


@dataclass(frozen=True, slots=True)
class Band:
    """One level."""

    level: Level
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line as a path of SVG, with the place of its words."""

    tie: Tie
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything placed."""

    width: float
    height: float
    bands: tuple[Band, ...]
    places: Mapping[int, Place]
    curves: tuple[Curve, ...]


def draw(levels: Mapping[int, Level], ties: Sequence[Tie]) -> Drawing:
    """Place people in bands by level, four in a row, close to those they report to.

    Args:
        levels: Level by key of the person, in the order in which equals are placed.
    """
    places: dict[int, Place] = {}
    bands: list[Band] = []
    y: float = TOP
    for level in Level:
        there = [key for key, held in levels.items() if held is level]
        if not there:
            continue
        ordered = _near_superiors(there, ties, places)
        rows = [ordered[start : start + PER_ROW] for start in range(0, len(ordered), PER_ROW)]
        height = 2 * BAND_PAD + len(rows) * CARD_H + (len(rows) - 1) * BAND_PAD
        for number, row in enumerate(rows):
            top = y + BAND_PAD + number * (CARD_H + BAND_PAD)
            places.update(_row(row, top))
        bands.append(Band(level, y, height))
        y += height + BAND_GAP
    curves = tuple(_curve(tie, places) for tie in ties if tie.source in places and tie.target in places)
    return Drawing(WIDTH, y - BAND_GAP + TOP, tuple(bands), places, curves)


def _near_superiors(people: Sequence[int], ties: Sequence[Tie], places: Mapping[int, Place]) -> list[int]:
    """Order people by the mean place of those above whom they report to or are linked with."""
    near: dict[int, list[float]] = defaultdict(list)
    for tie in ties:
        for one, other in ((_key(tie.source), _key(tie.target)), (_key(tie.target), _key(tie.source))):
            if other in places:
                near[one].append(places[other].middle)
    middle = LEFT + (WIDTH - LEFT) / 2
    known = {key: sum(held) / len(held) if (held := near.get(key)) else middle for key in people}
    return sorted(people, key=lambda key: known[key])


def _key(person: Any) -> int:
    return int(person)


def _row(row: Sequence[int], top: float) -> dict[int, Place]:
    """Spread a row over the width; few people stand apart, so that lines between them can be read."""
    space = WIDTH - LEFT - TOP
    slot = space / max(len(row), 2)
    first = LEFT + (space - slot * len(row)) / 2
    return {key: Place(first + number * slot + (slot - CARD_W) / 2, top) for number, key in enumerate(row)}


def _curve(tie: Tie, places: Mapping[int, Place]) -> Curve:
    source, target = places[_key(tie.source)], places[_key(tie.target)]
    if tie.kind is LinkKind.FORMAL:
        return _reporting(tie, source, target)
    return _influencing(tie, source, target)


def _reporting(tie: Tie, below: Place, above: Place) -> Curve:
    if above.y >= below.y:
        path = f"M{above.middle:.0f} {above.centre:.0f}L{below.middle:.0f} {below.centre:.0f}"
        return Curve(tie, path, (above.middle + below.middle) / 2, (above.centre + below.centre) / 2)
    start, end = above.y + CARD_H, below.y
    half = end - (BAND_PAD + BAND_GAP) / 2
    return Curve(tie, f"M{above.middle:.0f} {start:.0f}V{half:.0f}H{below.middle:.0f}V{end:.0f}", below.middle, half)


def _influencing(tie: Tie, source: Place, target: Place) -> Curve:
    if source.y == target.y:
        right = target.x > source.x
        begin = source.middle + (30 if right else -30)
        end = target.middle - (30 if right else -30)
        lift = source.y - 30
        path = f"M{begin:.0f} {source.y:.0f}C{begin:.0f} {lift:.0f} {end:.0f} {lift:.0f} {end:.0f} {target.y:.0f}"
        return Curve(tie, path, (begin + end) / 2, source.y - 30 + LABEL_LIFT)
    left = target.middle < source.middle or (target.middle == source.middle and source.middle > WIDTH / 2)
    begin_x, end_x = (source.x, target.x) if left else (source.x + CARD_W, target.x + CARD_W)
    bend = -(46 + abs(source.y - target.y) / 12) if left else 46 + abs(source.y - target.y) / 12
    path = (
        f"M{begin_x:.0f} {source.centre:.0f}C{begin_x + bend:.0f} {source.centre:.0f} "
        f"{end_x + bend:.0f} {target.centre:.0f} {end_x:.0f} {target.centre:.0f}"
    )
    return Curve(tie, path, (begin_x + end_x) / 2 + 0.75 * bend, (source.centre + target.centre) / 2)
