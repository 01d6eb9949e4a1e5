"""Who carries weight: formal authority and PageRank over who listens to whom, bridges, circles, hidden influencers.

networkx takes 19 MB, so it is loaded when somebody asks for the first time.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import networkx as nx

DAMPING: Final = 0.85
"""Damping of PageRank (Brin and Page, 1998)."""
MOST_ROUNDS, TOLERANCE = 200, 1e-12
"""Rounds of the power iteration, and the change at which it ends; each round shrinks it to 85%."""
MOST_STEPS: Final = 30
"""Longest of the shortest ways up to which betweenness is reckoned from everybody at once."""
FORMAL_SHARE: Final = 0.5
FORMAL_STRENGTH: Final = 1.0
WEAKEST, STRONGEST = 0.5, 2.0
"""Range of the strength of an informal link."""
HIDDEN_PLACES: Final = 2
"""From how many places above the formal rank on somebody is a hidden influencer."""
MOST_PEOPLE, MOST_LINKS = 500, 4000
"""Largest chain that is kept and drawn."""


class LinkKind(StrEnum):
    """What a link is."""

    FORMAL = "FORMAL"
    INFORMAL = "INFORMAL"


@dataclass(frozen=True, slots=True)
class Tie:
    """One link.

    Attributes:
        source, target: Formal: ``source`` reports to ``target``. Informal: ``source`` influences ``target``.
        strength: 0.5 to 2.0; a formal link counts 1.0.
        carries: Whether influence flows along it; a conflict is drawn and carries none.
    """

    source: Hashable
    target: Hashable
    kind: LinkKind
    strength: float = 1.0
    carries: bool = True


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one person counts.

    Attributes:
        formal, informal, influence: Shares of 1; ``informal`` is PageRank, ``influence`` half of each.
        formal_rank, informal_rank: Place in the chart and by PageRank, from 1, among those inside the customer or among
            those outside; equal shares share the mean of their places.
        hidden: The place by PageRank is at least two above that in the chart.
        betweenness: Share of the shortest ways between others that lead through this person, 0 to 1 (Freeman, 1977).
        circle: Number of the group of people who are closer to each other than to the rest.
    """

    formal: float
    informal: float
    influence: float
    formal_rank: float
    informal_rank: float
    hidden: bool
    betweenness: float
    circle: int


def measure(
    people: Sequence[Hashable], ties: Iterable[Tie], *, outside: Collection[Hashable] = ()
) -> dict[Any, Weight]:
    """Measure everybody; sums of the three shares are 1.

    Formal authority is 1 for oneself and 1 for everybody below, as a share of the sum over those who stand in the chart.
    PageRank runs over "listens to": from who reports to the superior, from the influenced to who influences. Without any
    formal link influence is PageRank alone.

    Args:
        outside: Those who do not sit at the customer; no chart holds them, so that they are ranked among themselves.
    """
    if not people:
        return {}
    links = list(ties)
    formal, informal = formal_authority(people, links), page_rank(people, links)
    charted = any(tie.kind is LinkKind.FORMAL for tie in links)
    share = FORMAL_SHARE if charted else 0.0
    sides = [[one for one in people if one not in outside], [one for one in people if one in outside]]
    ranks = {
        name: {person: rank for side in sides for person, rank in _ranks(shares, side).items()}
        for name, shares in (("formal", formal), ("informal", informal))
    }
    between, circles = betweenness(people, links), circles_of(people, links)
    return {
        person: Weight(
            formal=formal[person],
            informal=informal[person],
            influence=share * formal[person] + (1 - share) * informal[person],
            formal_rank=ranks["formal"][person],
            informal_rank=ranks["informal"][person],
            hidden=charted and ranks["formal"][person] - ranks["informal"][person] >= HIDDEN_PLACES,
            betweenness=between[person],
            circle=circles[person],
        )
        for person in people
    }


def formal_authority(people: Sequence[Hashable], ties: Iterable[Tie]) -> dict[Any, float]:
    """Return shares of formal authority; without a chart everybody has the same."""
    import networkx as nx

    chart = reporting_lines(ties)
    if not chart:
        return dict.fromkeys(people, 1 / len(people))
    held = {person: len(nx.ancestors(chart, person)) + 1 if person in chart else 0 for person in people}
    whole = sum(held.values())
    return {person: count / whole for person, count in held.items()}


def page_rank(people: Sequence[Hashable], ties: Iterable[Tie]) -> dict[Any, float]:
    """Return PageRank with damping 0.85 over the weighted graph of who listens to whom."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(people)
    for tie in ties:
        if not tie.carries:
            continue
        formal = tie.kind is LinkKind.FORMAL
        pair = (tie.source, tie.target) if formal else (tie.target, tie.source)
        strength = FORMAL_STRENGTH if formal else tie.strength
        held = graph.get_edge_data(*pair, default={"weight": 0.0})["weight"]
        graph.add_edge(*pair, weight=held + strength)
    matrix = np.asarray(nx.google_matrix(graph, alpha=DAMPING, nodelist=list(people)))
    shares = np.full(len(people), 1 / len(people))
    for _round in range(MOST_ROUNDS):
        before, shares = shares, shares @ matrix
        if float(np.abs(shares - before).sum()) < TOLERANCE:
            break
    return {person: float(share) for person, share in zip(people, shares, strict=True)}


def betweenness(people: Sequence[Hashable], ties: Iterable[Tie]) -> dict[Any, float]:
    """Return how much of the shortest ways leads through each person; links are walked both ways.

    The algorithm of Brandes (2001), from everybody at once: one product of matrices for each step outward and back. Where
    people stand in a long row, networkx walks it from each of them.
    """
    import networkx as nx

    graph, count = _acquainted(people, ties), len(people)
    links = np.asarray(nx.to_numpy_array(graph, nodelist=list(people), weight=None))
    distance = np.where(np.eye(count, dtype=bool), 0, -1)
    ways = np.eye(count)
    step = 0
    while step < MOST_STEPS:
        reached = np.where(distance == step, ways, 0.0) @ links
        fresh = (reached > 0) & (distance < 0)
        if not fresh.any():
            break
        step += 1
        distance[fresh] = step
        ways = np.where(fresh, reached, ways)
    else:
        walked: dict[Any, float] = nx.betweenness_centrality(graph)
        return walked
    through = np.zeros((count, count))
    for place in range(step, 0, -1):
        share = np.divide(1 + through, ways, out=np.zeros_like(ways), where=distance == place)
        through += np.where(distance == place - 1, ways * (share @ links), 0.0)
    np.fill_diagonal(through, 0.0)
    pairs = max(1, (count - 1) * (count - 2))
    return {person: float(whole) / pairs for person, whole in zip(people, through.sum(axis=0), strict=True)}


def circles_of(people: Sequence[Hashable], ties: Iterable[Tie]) -> dict[Any, int]:
    """Number the circles (Louvain communities), the largest first; people without links stand alone."""
    import networkx as nx

    groups = nx.community.louvain_communities(_acquainted(people, ties), weight="weight", seed=1)
    place = {person: number for number, person in enumerate(people)}
    ordered = sorted(groups, key=lambda group: (-len(group), min(place[person] for person in group)))
    return {person: number for number, group in enumerate(ordered, start=1) for person in group}


def influence_path(
    people: Iterable[Hashable], ties: Iterable[Tie], *, known: Iterable[Hashable], decider: Hashable
) -> list[Any]:
    """Return the shortest way from somebody we speak to, to the decider; [] where there is none.

    A step costs 1 ÷ strength, so that one strong link is preferred to one weak; influence runs from ``source`` to
    ``target`` of an informal link, and between superior and subordinate in both directions (up at half).
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(people)
    for tie in ties:
        if not tie.carries:
            continue
        if tie.kind is LinkKind.FORMAL:
            _keep_cheapest(graph, tie.target, tie.source, 1 / FORMAL_STRENGTH)
            _keep_cheapest(graph, tie.source, tie.target, 2 / FORMAL_STRENGTH)
        else:
            _keep_cheapest(graph, tie.source, tie.target, 1 / tie.strength)
    begin = [person for person in known if person in graph]
    if decider not in graph or not begin:
        return []
    try:
        _cost, way = nx.multi_source_dijkstra(graph, begin, target=decider)
    except nx.NetworkXNoPath:
        return []
    return list(way)


def reporting_lines(ties: Iterable[Tie]) -> "nx.DiGraph":
    """Return the chart: an edge from who reports to the superior."""
    import networkx as nx

    lines = [(tie.source, tie.target) for tie in ties if tie.kind is LinkKind.FORMAL]
    return nx.DiGraph(lines)


def cycle_closed_by(ties: Iterable[Tie], *, source: Hashable, target: Hashable) -> list[Any]:
    """Return the people of the circle that a new reporting line would close, from the new superior down; [] without."""
    import networkx as nx

    chart = reporting_lines(ties)
    if source == target:
        return [source]
    if target not in chart or source not in chart or not nx.has_path(chart, target, source):
        return []
    return list(nx.shortest_path(chart, target, source))


def _keep_cheapest(graph: "nx.DiGraph", source: Hashable, target: Hashable, cost: float) -> None:
    held = graph.get_edge_data(source, target)
    if held is None or held["weight"] > cost:
        graph.add_edge(source, target, weight=cost)


def _acquainted(people: Iterable[Hashable], ties: Iterable[Tie]) -> "nx.Graph":
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(people)
    for tie in ties:
        if tie.carries:
            held = graph.get_edge_data(tie.source, tie.target, default={"weight": 0.0})["weight"]
            graph.add_edge(tie.source, tie.target, weight=held + tie.strength)
    return graph


def _ranks(shares: Mapping[Any, float], people: Iterable[Hashable]) -> dict[Any, float]:
    """Rank some people from 1; shares that differ by less than a billionth are equal and share the mean of their places."""
    rounded = {person: round(shares[person], 9) for person in people}
    ordered = sorted(rounded.values(), reverse=True)
    first = {share: ordered.index(share) for share in set(ordered)}
    held = Counter(ordered)
    return {person: first[share] + (held[share] + 1) / 2 for person, share in rounded.items()}
