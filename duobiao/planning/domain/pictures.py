"""Geometry of the pictures: where points, rings and cells lie, in the units of their drawing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

RADAR_WIDTH, RADAR_HEIGHT, RADAR_RADIUS = 420, 300, 104
GRID_CELL, GRID_LEFT, GRID_TOP = 64, 56, 8
DOTS_IN_A_ROW: Final = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a drawing."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a radar: its end, and where its words stand."""

    label: str
    end: Point
    words: Point
    anchor: str


@dataclass(frozen=True, slots=True)
class Radar:
    """A radar.

    Attributes:
        rings: Outlines of the whole values, from the innermost.
        shapes: One outline for each row of values.
        marks: Corners of each row's outline.
    """

    width: int
    height: int
    axes: tuple[Axis, ...]
    rings: tuple[str, ...]
    shapes: tuple[str, ...]
    marks: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A numbered entry at its place in a grid."""

    number: int
    sign: int
    place: Point


def radar(labels: Sequence[str], rows: Sequence[Sequence[float | None]], *, highest: int) -> Radar:
    """Lay out a radar whose first axis points upward, the others following clockwise.

    Args:
        rows: Values 0 to ``highest`` in the order of the labels; one that is None counts as 0.
    """
    centre = Point(RADAR_WIDTH / 2, RADAR_HEIGHT / 2)
    turns = [2 * math.pi * n / len(labels) - math.pi / 2 for n in range(len(labels))]

    def at(turn: float, share: float) -> Point:
        reach = RADAR_RADIUS * share
        return Point(round(centre.x + reach * math.cos(turn), 1), round(centre.y + reach * math.sin(turn), 1))

    axes = tuple(
        Axis(label, at(turn, 1), at(turn, 1.16), _anchor(math.cos(turn)))
        for label, turn in zip(labels, turns, strict=True)
    )
    rings = tuple(outline([at(turn, n / highest) for turn in turns]) for n in range(1, highest + 1))
    marks = tuple(
        tuple(at(turn, (value or 0) / highest) for turn, value in zip(turns, row, strict=True)) for row in rows
    )
    return Radar(RADAR_WIDTH, RADAR_HEIGHT, axes, rings, tuple(outline(row) for row in marks), marks)


def outline(points: Sequence[Point]) -> str:
    """Return points as an SVG polygon takes them."""
    return " ".join(f"{point.x},{point.y}" for point in points)


def placed(entries: Sequence[tuple[int, int, int, int]], *, highest: int) -> list[Placed]:
    """Lay out entries in a square grid; those of one cell stand beside each other.

    Args:
        entries: Number, value to the right (1 to ``highest``), value upward (1 to ``highest``), sign.
    """
    held: dict[tuple[int, int], int] = {}
    found = []
    for number, right, up, sign in entries:
        at = held.get((right, up), 0)
        held[right, up] = at + 1
        x = GRID_LEFT + (right - 1) * GRID_CELL + 14 + (at % DOTS_IN_A_ROW) * 18
        y = GRID_TOP + (highest - up) * GRID_CELL + 16 + (at // DOTS_IN_A_ROW) * 18
        found.append(Placed(number, sign, Point(x, y)))
    return found


def _anchor(across: float) -> str:
    if abs(across) < 0.2:
        return "mid-t"
    return "start-t" if across > 0 else "end-t"
