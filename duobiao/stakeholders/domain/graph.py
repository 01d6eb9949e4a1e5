"""Who carries weight: formal authority and PageRank over who listens to whom, bridges, circles, hidden influencers.

networkx takes 19 MB, so it is loaded when somebody asks for the first time.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
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
        formal_rank, informal_rank: From 1; equal shares have equal ranks.
        hidden: The informal rank is at least two places above the formal one.
        betweenness: Share of the shortest ways between others that lead through this person, 0 to 1 (Freeman, 1977).
        circle: Number of the group of people who are closer to each other than to the rest.
    """

    formal: float
    informal: float
    influence: float
    formal_rank: int
    informal_rank: int
    hidden: bool
    betweenness: float
    circle: int


def measure(people: Sequence[Hashable], ties: Iterable[Tie]) -> dict[Any, Weight]:
    """Measure everybody; sums of the three shares are 1.

    Formal authority is 1 for oneself and 1 for everybody below, as a share of the sum over those who stand in the chart.
    PageRank runs over "listens to": from who reports to the superior, from the influenced to who influences. Without any
    formal link influence is PageRank alone.
    """
    if not people:
        return {}
    links = list(ties)
    formal, informal = formal_authority(people, links), page_rank(people, links)
    charted = any(tie.kind is LinkKind.FORMAL for tie in links)
    share = FORMAL_SHARE if charted else 0.0
    ranks = {"formal": _ranks(formal), "informal": _ranks(informal)}
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
    """Return how much of the shortest ways leads through each person; links are walked both ways."""
    import networkx as nx

    found: dict[Any, float] = nx.betweenness_centrality(_acquainted(people, ties))
    return found


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


def _ranks(shares: Mapping[Any, float]) -> dict[Any, int]:
    """Rank from 1; shares that differ by less than a billionth are equal."""
    rounded = {person: round(share, 9) for person, share in shares.items()}
    ordered = sorted(rounded.values(), reverse=True)
    first = {share: ordered.index(share) + 1 for share in set(ordered)}
    return {person: first[share] for person, share in rounded.items()}
