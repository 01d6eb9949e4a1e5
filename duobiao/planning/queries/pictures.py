"""The pictures of sheets: a grid of two scales, a radar of sections, the rows of a chain."""

from dataclasses import dataclass
from decimal import Decimal

from duobiao.planning.domain.pictures import GRID_CELL, GRID_LEFT, GRID_TOP, Placed, Radar, placed, radar
from duobiao.planning.domain.sheets import Definition, Field, Picture
from duobiao.planning.queries.definitions import words
from duobiao.planning.queries.sheets import LineShown, SectionShown, SheetShown

MOST_RANKED = 5
LEVELS = ((13, 3), (6, 2), (1, 1))
"""Least score of 25 from which a part of the chain is drawn so dark."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Entries by two scales: the first of the score to the right, the second upward."""

    right: Field
    up: Field
    right_title: str
    up_title: str
    points: tuple[Placed, ...]
    names: dict[int, str]
    size: int
    cell: int
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Link:
    """A part of the chain: how much value lies there (0 none to 3 much), and its best entry."""

    part: SectionShown
    level: int
    score: int | None


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A row of the chain."""

    key: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture of a sheet; only what its definition asks for is there.

    Attributes:
        ranked: Entries by their score, the highest first.
    """

    kind: Picture
    grid: Grid | None = None
    radar: Radar | None = None
    compared: bool = False
    chain: tuple[ChainRow, ...] = ()
    ranked: tuple[LineShown, ...] = ()


def drawn(shown: SheetShown) -> Drawn:
    """Return the picture of a sheet."""
    definition = shown.definition
    ranked = sorted(
        (row for row in shown.lines if row.score is not None), key=lambda row: (-(row.score or 0), row.number)
    )
    top = tuple(ranked[:MOST_RANKED])
    if definition.picture is Picture.GRID:
        return Drawn(Picture.GRID, grid=_grid(definition, shown), ranked=top)
    if definition.picture is Picture.RADAR:
        compared = any(part.above_mean is not None for part in shown.sections)
        return Drawn(Picture.RADAR, radar=_radar(definition, shown, compared=compared), compared=compared, ranked=top)
    if definition.picture is Picture.CHAIN:
        return Drawn(Picture.CHAIN, chain=_chain(shown), ranked=top)
    return Drawn(Picture.QUADRANTS, ranked=top)


def _grid(definition: Definition, shown: SheetShown) -> Grid:
    right, up = (field for key in definition.score if (field := definition.field_of(key)) is not None)
    rows = [
        (line.number, line.entry.values[right.key], line.entry.values[up.key], line.sign)
        for line in shown.lines
        if isinstance(line.entry.values.get(right.key), int) and isinstance(line.entry.values.get(up.key), int)
    ]
    return Grid(
        right=right,
        up=up,
        right_title=words(right.title),
        up_title=words(up.title),
        points=tuple(placed(rows, highest=right.highest)),
        names={line.number: line.entry.text for line in shown.lines},
        size=right.highest,
        cell=GRID_CELL,
        left=GRID_LEFT,
        top=GRID_TOP,
    )


def _radar(definition: Definition, shown: SheetShown, *, compared: bool) -> Radar:
    labels = [part.title for part in shown.sections]
    own = [_number(part.mean) for part in shown.sections]
    rows = [own]
    if compared:
        rows.insert(0, [_number(part.above_mean) for part in shown.sections])
    return radar(labels, rows, highest=definition.highest_score)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _chain(shown: SheetShown) -> tuple[ChainRow, ...]:
    keys = list(dict.fromkeys(part.section.row for part in shown.sections))
    return tuple(
        ChainRow(key, tuple(_link(part) for part in shown.sections if part.section.row == key)) for key in keys
    )


def _link(part: SectionShown) -> Link:
    best = max((line.score for line in part.lines if line.number and line.score is not None), default=None)
    level = next((level for least, level in LEVELS if best is not None and best >= least), 0)
    return Link(part, level, best)
