"""Where people and lines of a chain are drawn: bands by level, superiors above those who report to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from duobiao.stakeholders.domain.graph import LinkKind, Tie
from duobiao.stakeholders.domain.support import Level

WIDTH, LEFT, RIGHT, CARD_W, CARD_H = 984, 112, 58, 188, 76
PER_ROW: Final = 4
BAND_PAD, BAND_GAP, TOP = 26, 12, 14
APART: Final = 6
"""How far the lines of different superiors are drawn apart."""
LABEL_AT: Final = (0.5, 0.38, 0.62, 0.28, 0.72, 0.18, 0.82)
"""Where along a line its words may stand; the first place outside all cards is taken."""
MARGIN: Final = 16
Point = tuple[float, float]


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
    drawn = [tie for tie in ties if tie.source in places and tie.target in places]
    above = list(dict.fromkeys(_key(tie.target) for tie in drawn if tie.kind is LinkKind.FORMAL))
    curves = tuple(_curve(tie, places, above) for tie in drawn)
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
    space = WIDTH - LEFT - RIGHT
    slot = space / max(len(row), 2)
    first = LEFT + (space - slot * len(row)) / 2
    return {key: Place(first + number * slot + (slot - CARD_W) / 2, top) for number, key in enumerate(row)}


def _curve(tie: Tie, places: Mapping[int, Place], superiors: Sequence[int]) -> Curve:
    source, target = places[_key(tie.source)], places[_key(tie.target)]
    if tie.kind is LinkKind.FORMAL:
        lane = (superiors.index(_key(tie.target)) % 3 - 1) * APART
        return _reporting(tie, source, target, lane)
    return _influencing(tie, source, target, places)


def _reporting(tie: Tie, below: Place, above: Place, lane: float) -> Curve:
    if above.y >= below.y:
        path = f"M{above.middle:.0f} {above.centre:.0f}L{below.middle:.0f} {below.centre:.0f}"
        return Curve(tie, path, (above.middle + below.middle) / 2, (above.centre + below.centre) / 2)
    start, end = above.y + CARD_H, below.y
    half = end - (BAND_PAD + BAND_GAP) / 2 + lane
    path = f"M{above.middle + lane:.0f} {start:.0f}V{half:.0f}H{below.middle:.0f}V{end:.0f}"
    return Curve(tie, path, below.middle, half)


def _influencing(tie: Tie, source: Place, target: Place, places: Mapping[int, Place]) -> Curve:
    if source.y == target.y:
        right = target.x > source.x
        begin = source.middle + (30 if right else -30)
        end = target.middle - (30 if right else -30)
        lift = source.y - 34
        points = ((begin, source.y), (begin, lift), (end, lift), (end, target.y))
    else:
        left = target.middle < source.middle or (target.middle == source.middle and source.middle > WIDTH / 2)
        begin, end = (source.x, target.x) if left else (source.x + CARD_W, target.x + CARD_W)
        bend = 40 + abs(source.y - target.y) / 14
        bend = -bend if left else bend
        points = (
            (begin, source.centre),
            (begin + bend, source.centre),
            (end + bend, target.centre),
            (end, target.centre),
        )
    corners = " ".join(f"{x:.0f} {y:.0f}" for x, y in points[1:])
    x, y = _label(points, places)
    return Curve(tie, f"M{points[0][0]:.0f} {points[0][1]:.0f}C{corners}", x, y)


def _label(points: tuple[Point, Point, Point, Point], places: Mapping[int, Place]) -> Point:
    """Return where the words of a line stand: on the line, outside the cards, inside the picture."""
    found = [_bezier(points, at) for at in LABEL_AT]
    x, y = next((point for point in found if not any(_covers(place, point) for place in places.values())), found[0])
    return min(max(x, LEFT), WIDTH - 42), y


def _bezier(points: tuple[Point, Point, Point, Point], at: float) -> Point:
    """Return the point of a cubic Bézier curve at a share of its way."""
    rest = 1 - at
    shares = (rest**3, 3 * rest**2 * at, 3 * rest * at**2, at**3)
    across = sum(share * x for share, (x, _y) in zip(shares, points, strict=True))
    down = sum(share * y for share, (_x, y) in zip(shares, points, strict=True))
    return across, down


def _covers(place: Place, point: Point) -> bool:
    x, y = point
    inside = place.x - MARGIN < x < place.x + CARD_W + MARGIN
    return inside and place.y - MARGIN / 2 < y < place.y + CARD_H + MARGIN
