"""Who can introduce us to somebody: the ways through a network of acquaintances, the shortest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

MOST_WAYS: Final = 3
MOST_LOOKED_AT: Final = 40
US: Final = "us"
LONGEST_WAY: Final = 6
"""Acquaintances in a row; beyond that nobody introduces anybody."""

STRONGEST: Final = 5
WEAKNESS: Final = 0.05
"""What one step less of strength adds to a way: of two equally long ones the stronger is taken."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two parties know each other.

    Attributes:
        one, other: Keys of the parties.
        strength: 1, met once, to 5, would do it a favour.
    """

    one: str
    other: str
    strength: int


@dataclass(frozen=True, slots=True)
class Way:
    """A row of parties from us to somebody.

    Attributes:
        parties: Keys, ours first.
        strengths: Of the acquaintance between each and the next.
        weakest: Place of the weakest acquaintance, counted from 0; the first of equals.
    """

    parties: tuple[str, ...]
    strengths: tuple[int, ...]

    @property
    def weakest(self) -> int:
        return self.strengths.index(min(self.strengths))

    @property
    def strength(self) -> int:
        """A way is as strong as its weakest acquaintance."""
        return min(self.strengths)

    @property
    def cost(self) -> float:
        """What ways are ordered by: its length, and a little more for each step that is not of the strongest."""
        return sum(1 + (STRONGEST - strength) * WEAKNESS for strength in self.strengths)


def ways_to(target: str, *, ties: Iterable[Tie], ours: Sequence[str], first: str = "") -> list[Way]:
    """Return the shortest ways from our people to somebody, at most ``MOST_WAYS``; equally long ones strongest first.

    Args:
        ours: Keys of our people; a way goes through one of them only, at its beginning.
        first: Who of them asks: their own ways come before equally long ones of colleagues.
    """
    from networkx import Graph  # 19 MB: not before somebody asks for a way

    graph = Graph()
    for tie in ties:
        known = graph.get_edge_data(tie.one, tie.other, {"strength": 0})["strength"]
        if tie.one != tie.other and tie.strength > known:
            cost = 1 + (STRONGEST - tie.strength) * WEAKNESS
            graph.add_edge(tie.one, tie.other, strength=tie.strength, cost=cost)
    starts = [key for key in ours if key in graph]
    if target not in graph or not starts:
        return []
    for key in starts:
        graph.add_edge(US, key, strength=STRONGEST, cost=0.0 if key == first else WEAKNESS / 2)
    found = _shortest(graph, target, frozenset(starts))
    return [Way(way, tuple(graph[one][other]["strength"] for one, other in pairwise(way))) for way in found]


def _shortest(graph: Any, target: str, ours: frozenset[str]) -> list[tuple[str, ...]]:
    from networkx import NetworkXNoPath, shortest_simple_paths

    found: list[tuple[str, ...]] = []
    try:
        for path in islice(shortest_simple_paths(graph, US, target, weight="cost"), MOST_LOOKED_AT):
            way = tuple(path[1:])
            if 1 < len(way) <= LONGEST_WAY + 1 and not ours & set(way[1:]):
                found.append(way)
            if len(found) == MOST_WAYS:
                break
    except NetworkXNoPath:
        return []
    return found
