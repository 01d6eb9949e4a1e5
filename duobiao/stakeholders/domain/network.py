"""The free picture of a chain: who is close to whom stands close, whatever the level (Fruchterman and Reingold, 1991)."""

from collections.abc import Mapping, Sequence
from math import ceil, hypot, sqrt
from typing import Any, Final

import numpy as np

from duobiao.stakeholders.domain.graph import LinkKind, Tie
from duobiao.stakeholders.domain.layout import (
    CARD_H,
    CARD_W,
    MOST_WORDS,
    TOP,
    Curve,
    Drawing,
    Place,
    Point,
    seat,
)

STEP_X, STEP_Y = CARD_W + 60, CARD_H + 62
ROOM: Final = 1.5
"""Places for each person; every second row is moved by half a place, so that lines pass between cards."""
ROUNDS, SEED = 50, 1
BOW: Final = 0.1
"""How far a line of influence bends, as a share of its length; two in opposite directions never lie on each other."""
GAP: Final = 4


def draw_network(people: Sequence[int], ties: Sequence[Tie], *, kept: Mapping[int, Point] | None = None) -> Drawing:
    """Place people close to those they are linked with; the same people and lines give the same picture.

    Args:
        people: The weightiest first; they are seated first.
        kept: Where somebody moved a person to; the nearest place is taken before all others.
    """
    columns, rows = _grid(len(people))
    spots = [
        (TOP + column * STEP_X + (STEP_X / 2 if row % 2 else 0), TOP + row * STEP_Y)
        for row in range(rows)
        for column in range(columns)
    ]
    width, height = TOP * 2 + (columns - 0.5) * STEP_X + CARD_W, TOP * 2 + (rows - 1) * STEP_Y + CARD_H
    held = {key: point for key, point in (kept or {}).items() if key in set(people)}
    wishes = {**held, **{key: point for key, point in _near(people, ties, width, height).items() if key not in held}}
    places = {key: Place(*point) for key, point in seat(wishes, spots).items()}
    drawn = [tie for tie in ties if tie.source in places and tie.target in places]
    has_words = len(drawn) <= MOST_WORDS
    curves = tuple(_line(tie, places[_key(tie.source)], places[_key(tie.target)], has_words) for tie in drawn)
    return Drawing(width, height, (), places, curves)


def _grid(people: int) -> tuple[int, int]:
    columns = max(2, ceil(sqrt(ROOM * people * STEP_Y * 1.5 / STEP_X)))
    return columns, max(1, ceil(ROOM * people / columns))


def _near(people: Sequence[int], ties: Sequence[Tie], width: float, height: float) -> dict[int, Point]:
    """Return where springs between linked people would pull everybody, spread over the whole picture."""
    import networkx as nx

    if not people:
        return {}
    graph = nx.Graph()
    graph.add_nodes_from(people)
    graph.add_weighted_edges_from((tie.source, tie.target, tie.strength) for tie in ties)
    found = nx.spring_layout(graph, iterations=ROUNDS, seed=SEED, method="force")
    across, down = (_spread(np.asarray([found[key][axis] for key in people])) for axis in (0, 1))
    return {
        key: (float(x) * (width - CARD_W), float(y) * (height - CARD_H))
        for key, x, y in zip(people, across, down, strict=True)
    }


def _spread(values: Any) -> Any:
    """Return values as 0 to 1: half as they lie, half by rank, so that somebody far off does not press the rest together."""
    if len(values) == 1:
        return np.asarray([0.5])
    whole = float(np.ptp(values)) or 1.0
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable") / (len(values) - 1)
    return ((values - values.min()) / whole + ranks) / 2


def _line(tie: Tie, source: Place, target: Place, has_words: bool) -> Curve:
    begin, end = (source.middle, source.centre), (target.middle, target.centre)
    across, down = end[0] - begin[0], end[1] - begin[1]
    bow = 0.0 if tie.kind is LinkKind.FORMAL else BOW
    bend = ((begin[0] + end[0]) / 2 - bow * down, (begin[1] + end[1]) / 2 + bow * across)
    first, last = _edge(begin, bend), _edge(end, bend)
    path = f"M{first[0]:.0f} {first[1]:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {last[0]:.0f} {last[1]:.0f}"
    middle = [(first[axis] + 2 * bend[axis] + last[axis]) / 4 for axis in (0, 1)]
    return Curve(tie, path, middle[0], middle[1], has_words)


def _edge(centre: Point, to: Point) -> Point:
    """Return where the way from the centre of a card leaves it."""
    across, down = to[0] - centre[0], to[1] - centre[1]
    if not hypot(across, down):
        return centre
    share = min(
        (CARD_W / 2 + GAP) / abs(across) if across else float("inf"),
        (CARD_H / 2 + GAP) / abs(down) if down else float("inf"),
    )
    return centre[0] + share * across, centre[1] + share * down


def _key(person: Any) -> int:
    return int(person)
