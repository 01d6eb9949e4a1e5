"""The layered pictures of a chain: bands by level or by part, superiors above those who report to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Any, Final

from duobiao.stakeholders.domain.graph import LinkKind, Tie
from duobiao.stakeholders.domain.support import Level

LEFT, RIGHT, CARD_W, CARD_H = 112, 58, 188, 76
SLOT: Final = 203.5
"""Width that one card has in a full row."""
PER_ROW, FULL_BAND = 4, 24
"""Cards in a row; a band of more people than this has longer rows."""
BAND_PAD, BAND_GAP, TOP, EMPTY_BAND = 26, 12, 14, 44
MOST_WORDS: Final = 200
"""Of more lines than this the words are left out; nobody could read them."""
APART: Final = 6
"""How far the lines of different superiors are drawn apart."""
LABEL_AT: Final = (0.5, 0.38, 0.62, 0.28, 0.72, 0.18, 0.82)
"""Where along a line its words may stand; the first place outside all cards is taken."""
MARGIN: Final = 16
WORDS_W, WORDS_H = 72, 16
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
    """One band of the picture; ``key`` names the level or the part."""

    key: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line as a path of SVG.

    Attributes:
        x, y: Where its words stand.
        has_words: False where there are too many lines.
        wordy: Where along the line its words may stand.
    """

    tie: Tie
    path: str
    x: float
    y: float
    has_words: bool = True
    wordy: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything placed."""

    width: float
    height: float
    bands: tuple[Band, ...]
    places: Mapping[int, Place]
    curves: tuple[Curve, ...]


def draw(
    bands: Mapping[int, str],
    ties: Sequence[Tie],
    *,
    order: Sequence[str] = tuple(Level),
    always: Collection[str] = (),
    kept: Mapping[int, Point] | None = None,
) -> Drawing:
    """Place people in bands, in rows, close to those they report to.

    Args:
        bands: Band by key of the person, in the order in which equals are placed.
        order: The bands from above; those without anybody are left out, but for those in ``always``.
        kept: Where somebody moved a person to; the nearest place of their band is taken, for the band says something.
    """
    places: dict[int, Place] = {}
    drawn_bands: list[Band] = []
    groups = {band: [key for key, held in bands.items() if held == band] for band in order}
    per_row = row_length(max(map(len, groups.values()), default=0))
    width = LEFT + RIGHT + per_row * SLOT
    y: float = TOP
    for band, there in groups.items():
        if not there and band not in always:
            continue
        near = _near_superiors(there, ties, places, width)
        rows = ceil(len(there) / per_row)
        held = {key: point for key, point in (kept or {}).items() if key in near}
        places.update(_seated(near, held, y, per_row) if held else _in_rows(near, y, per_row, width))
        height = BAND_PAD + rows * (CARD_H + BAND_PAD) if there else EMPTY_BAND
        drawn_bands.append(Band(band, y, height))
        y += height + BAND_GAP
    drawn = [tie for tie in ties if tie.source in places and tie.target in places]
    above = {person: number for number, person in enumerate(dict.fromkeys(_superiors(drawn)))}
    curves = [_curve(tie, places, above, width) for tie in drawn]
    if len(drawn) > MOST_WORDS:
        curves = [replace(curve, has_words=False) for curve in curves]
    return Drawing(width, y - BAND_GAP + TOP, tuple(drawn_bands), places, _with_words_apart(curves, places, width))


def row_length(people: int) -> int:
    """Return how many cards stand in a row of a picture whose fullest band holds some people; wide rather than high."""
    return PER_ROW if people <= FULL_BAND else max(PER_ROW, round(sqrt(people * 0.75)))


def seat(wishes: Mapping[int, Point], places: Sequence[Point]) -> dict[int, Point]:
    """Give each person the free place next to where they would be, in their order; there is a place for everybody."""
    free = list(places)
    found = {}
    for key, (x, y) in wishes.items():
        best = min(free, key=lambda place: (place[0] - x) ** 2 + (place[1] - y) ** 2)
        free.remove(best)
        found[key] = best
    return found


def _near_superiors(
    people: Sequence[int], ties: Sequence[Tie], places: Mapping[int, Place], width: float
) -> dict[int, float]:
    """Order people by the mean place of those above whom they report to or are linked with, and return these places."""
    near: dict[int, list[float]] = defaultdict(list)
    for tie in ties:
        for one, other in ((_key(tie.source), _key(tie.target)), (_key(tie.target), _key(tie.source))):
            if other in places:
                near[one].append(places[other].middle)
    middle = LEFT + (width - LEFT) / 2
    known = {key: sum(held) / len(held) if (held := near.get(key)) else middle for key in people}
    return dict(sorted(known.items(), key=lambda row: row[1]))


def _superiors(ties: Iterable[Tie]) -> Iterable[int]:
    return (_key(tie.target) for tie in ties if tie.kind is LinkKind.FORMAL)


def _seated(near: Mapping[int, float], kept: Mapping[int, Point], top: float, per_row: int) -> dict[int, Place]:
    """Seat a band in which somebody was moved: first those who were, then the others."""
    rows = ceil(len(near) / per_row)
    spots = [
        (LEFT + column * SLOT + (SLOT - CARD_W) / 2, top + BAND_PAD + row * (CARD_H + BAND_PAD))
        for row in range(rows)
        for column in range(per_row)
    ]
    wishes = {**kept, **{key: (x - CARD_W / 2, top) for key, x in near.items() if key not in kept}}
    return {key: Place(*point) for key, point in seat(wishes, spots).items()}


def _in_rows(near: Mapping[int, float], top: float, per_row: int, width: float) -> dict[int, Place]:
    ordered = list(near)
    placed: dict[int, Place] = {}
    for number, start in enumerate(range(0, len(ordered), per_row)):
        row = ordered[start : start + per_row]
        placed.update(_row(row, top + BAND_PAD + number * (CARD_H + BAND_PAD), width))
    return placed


def _key(person: Any) -> int:
    return int(person)


def _row(row: Sequence[int], top: float, width: float) -> dict[int, Place]:
    """Spread a row over the width; few people stand apart, so that lines between them can be read."""
    space = width - LEFT - RIGHT
    slot = space / max(len(row), 2)
    first = LEFT + (space - slot * len(row)) / 2
    return {key: Place(first + number * slot + (slot - CARD_W) / 2, top) for number, key in enumerate(row)}


def _curve(tie: Tie, places: Mapping[int, Place], superiors: Mapping[int, int], width: float) -> Curve:
    source, target = places[_key(tie.source)], places[_key(tie.target)]
    if tie.kind is LinkKind.FORMAL:
        lane = (superiors[_key(tie.target)] % 3 - 1) * APART
        return _reporting(tie, source, target, lane)
    points = _bow(source, target, width)
    corners = " ".join(f"{x:.0f} {y:.0f}" for x, y in points[1:])
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}C{corners}"
    return Curve(tie, path, *points[0], wordy=tuple(_bezier(points, at) for at in LABEL_AT))


def _with_words_apart(curves: Sequence[Curve], places: Mapping[int, Place], width: float) -> tuple[Curve, ...]:
    """Place the words of lines: on the line, outside the cards, inside the picture, not on other words."""
    taken: list[Point] = []
    placed = []
    for curve in curves:
        if curve.has_words and curve.wordy:
            free = (point for point in curve.wordy if not _is_taken(point, places, taken))
            x, y = next(free, curve.wordy[0])
            taken.append((x, y))
            placed.append(replace(curve, x=min(max(x, LEFT), width - 42), y=y))
        else:
            placed.append(curve)
    return tuple(placed)


def _is_taken(point: Point, places: Mapping[int, Place], words: Iterable[Point]) -> bool:
    beside = any(abs(x - point[0]) < WORDS_W and abs(y - point[1]) < WORDS_H for x, y in words)
    return beside or any(_covers(place, point) for place in places.values())


def _reporting(tie: Tie, below: Place, above: Place, lane: float) -> Curve:
    if above.y >= below.y:
        path = f"M{above.middle:.0f} {above.centre:.0f}L{below.middle:.0f} {below.centre:.0f}"
        return Curve(tie, path, (above.middle + below.middle) / 2, (above.centre + below.centre) / 2)
    start, end = above.y + CARD_H, below.y
    half = end - (BAND_PAD + BAND_GAP) / 2 + lane
    path = f"M{above.middle + lane:.0f} {start:.0f}V{half:.0f}H{below.middle:.0f}V{end:.0f}"
    return Curve(tie, path, below.middle, half)


def _bow(source: Place, target: Place, width: float) -> tuple[Point, Point, Point, Point]:
    """Return the curve of a line of influence: over the heads within a row, else around the side."""
    if source.y == target.y:
        right = target.x > source.x
        begin = source.middle + (30 if right else -30)
        end = target.middle - (30 if right else -30)
        lift = source.y - 34
        return (begin, source.y), (begin, lift), (end, lift), (end, target.y)
    left = target.middle < source.middle or (target.middle == source.middle and source.middle > width / 2)
    begin, end = (source.x, target.x) if left else (source.x + CARD_W, target.x + CARD_W)
    bend = 40 + abs(source.y - target.y) / 14
    bend = -bend if left else bend
    return (begin, source.centre), (begin + bend, source.centre), (end + bend, target.centre), (end, target.centre)


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
