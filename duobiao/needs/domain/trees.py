"""The requirement tree: four levels, three layers, who stands below whom, and what the tree still lacks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Four levels of needs (四级需求), from what is said first to what is never said."""

    SURFACE = "SURFACE"
    BUSINESS = "BUSINESS"
    STRATEGIC = "STRATEGIC"
    HIDDEN = "HIDDEN"


class Layer(StrEnum):
    """Three layers of asking on (表面、深层、隐性): each explains the one above it."""

    SURFACE = "SURFACE"
    DEEP = "DEEP"
    HIDDEN = "HIDDEN"


DEPTH = {Layer.SURFACE: 0, Layer.DEEP: 1, Layer.HIDDEN: 2}
MOST_DEEP = 6
"""How many needs may stand one below the other."""


@dataclass(frozen=True, slots=True)
class Node:
    """A need as the tree sees it.

    Attributes:
        parent: Key of the need above; None at the root.
        position: Order among its siblings.
    """

    key: int
    parent: int | None
    position: int
    level: Level
    layer: Layer


@dataclass(frozen=True, slots=True)
class Line:
    """A need at its place.

    Attributes:
        number: ``"2.1.3"``.
        depth: 0 at the root.
    """

    key: int
    number: str
    depth: int


def in_order(nodes: Iterable[Node]) -> list[Line]:
    """Return the needs from top to bottom with their numbers.

    A need whose parent is not among them stands at the root, so that none is lost.
    """
    rows = list(nodes)
    known = {row.key for row in rows}
    below: dict[int | None, list[Node]] = {}
    for row in sorted(rows, key=lambda row: (row.position, row.key)):
        below.setdefault(row.parent if row.parent in known else None, []).append(row)
    return list(_walk(None, below, "", 0))


def _walk(parent: int | None, below: Mapping[int | None, Sequence[Node]], prefix: str, depth: int) -> Iterator[Line]:
    for index, row in enumerate(below.get(parent, ()), start=1):
        number = f"{prefix}{index}"
        yield Line(row.key, number, depth)
        yield from _walk(row.key, below, f"{number}.", depth + 1)


def below_of(key: int, parents: Mapping[int, int | None]) -> set[int]:
    """Return the keys of all needs below one, itself not among them."""
    found: set[int] = set()
    fresh = {key}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def may_stand_below(key: int | None, parent: int | None, parents: Mapping[int, int | None]) -> bool:
    """Say whether a need may be put below another: not below itself, and not too deep.

    Args:
        key: None for a new need.
        parent: None for the root.
    """
    if parent is None:
        return True
    moved = {key} | below_of(key, parents) if key is not None else set()
    if parent in moved:
        return False
    return _depth(parent, parents) + 1 + (_height(key, parents) if key is not None else 0) < MOST_DEEP


def _depth(key: int, parents: Mapping[int, int | None]) -> int:
    depth, seen = 0, {key}
    above = parents.get(key)
    while above is not None and above not in seen:
        seen.add(above)
        depth, above = depth + 1, parents.get(above)
    return depth


def _height(key: int, parents: Mapping[int, int | None]) -> int:
    height, fresh, seen = 0, {key}, {key}
    while fresh := {child for child, parent in parents.items() if parent in fresh} - seen:
        seen |= fresh
        height += 1
    return height


def layer_fits(layer: Layer, above: Layer | None) -> bool:
    """Say whether a layer may stand below another: asking on never leads back to the surface."""
    return above is None or DEPTH[layer] >= DEPTH[above]


def missing_levels(nodes: Iterable[Node]) -> list[Level]:
    """Return the levels of which no need is known."""
    seen = {row.level for row in nodes}
    return [level for level in Level if level not in seen]


def missing_layers(nodes: Iterable[Node]) -> dict[int, list[Layer]]:
    """Return, for each surface need at the root, the deeper layers that nothing below it reaches."""
    rows = list(nodes)
    parents = {row.key: row.parent for row in rows}
    layers = {row.key: row.layer for row in rows}
    found: dict[int, list[Layer]] = {}
    for row in rows:
        if row.parent in parents or row.layer is not Layer.SURFACE:
            continue
        reached = {layers[key] for key in below_of(row.key, parents)}
        if lacking := [layer for layer in (Layer.DEEP, Layer.HIDDEN) if layer not in reached]:
            found[row.key] = lacking
    return found
