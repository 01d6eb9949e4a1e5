"""Who carries weight: vectors, laws that hold for any graph, and calculations of our own against those of networkx."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.stakeholders.domain.graph import (
    LinkKind,
    Tie,
    betweenness,
    cycle_closed_by,
    influence_path,
    measure,
    page_rank,
)

KITE = nx.krackhardt_kite_graph()
PEOPLE = list(range(6))


def formal(source, target):
    return Tie(source, target, LinkKind.FORMAL)


def informal(source, target, strength=1.0):
    return Tie(source, target, LinkKind.INFORMAL, strength)


@st.composite
def chains(draw, charted=True):
    count = draw(st.integers(1, 9))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    ties = []
    if count > 1:
        strength = st.sampled_from([0.5, 1.0, 1.5, 2.0])
        ties = [informal(*pair, draw(strength)) for pair in draw(st.lists(pairs, max_size=20))]
        if charted:
            ties += [formal(*sorted(pair, reverse=True)) for pair in draw(st.lists(pairs, max_size=8, unique=True))]
    return list(range(count)), ties


@given(chains())
def test_shares_sum_to_one(chain):
    people, ties = chain

    weights = measure(people, ties).values()

    for name in ("formal", "informal", "influence"):
        assert sum(getattr(weight, name) for weight in weights) == pytest.approx(1)


@given(chains(), st.randoms(use_true_random=False))
def test_names_do_not_matter(chain, dice):
    people, ties = chain
    names = [f"p{number}" for number in people]
    dice.shuffle(names)
    renamed = [Tie(names[tie.source], names[tie.target], tie.kind, tie.strength) for tie in ties]

    plain, other = measure(people, ties), measure(sorted(names), renamed)

    for person in people:
        assert other[names[person]].influence == pytest.approx(plain[person].influence)
        assert other[names[person]].betweenness == pytest.approx(plain[person].betweenness)


@given(chains(charted=False))
def test_without_formal_links_influence_is_page_rank_alone(chain):
    people, ties = chain

    weights, ranks = measure(people, ties), page_rank(people, ties)

    assert {person: weight.influence for person, weight in weights.items()} == pytest.approx(ranks)
    assert not any(weight.hidden for weight in weights.values())


def ranked_by_algebra(people, ties):
    """PageRank as the solution of its linear equations, written down without networkx."""
    count, place = len(people), {person: number for number, person in enumerate(people)}
    weights = np.zeros((count, count))
    for tie in ties:
        is_formal = tie.kind is LinkKind.FORMAL
        listens, heard = (tie.source, tie.target) if is_formal else (tie.target, tie.source)
        weights[place[listens], place[heard]] += 1.0 if is_formal else tie.strength
    sums = weights.sum(axis=1, keepdims=True)
    steps = np.where(sums > 0, weights / np.where(sums > 0, sums, 1), 1 / count)
    return np.linalg.solve(np.eye(count) - 0.85 * steps.T, np.full(count, 0.15 / count))


def betweenness_by_counting(people, ties):
    """Freeman's betweenness from numbers of shortest ways, counted step by step."""
    near = {person: set() for person in people}
    for tie in ties:
        near[tie.source].add(tie.target)
        near[tie.target].add(tie.source)
    far, ways = {}, {}
    for start in people:
        far[start], ways[start], edge = {start: 0}, {start: 1}, [start]
        while edge:
            reached = {}
            for person in edge:
                for other in near[person]:
                    if other not in far[start]:
                        reached[other] = reached.get(other, 0) + ways[start][person]
            far[start].update(dict.fromkeys(reached, far[start][edge[0]] + 1))
            ways[start].update(reached)
            edge = list(reached)
    pairs = max(1, (len(people) - 1) * (len(people) - 2) / 2)
    return {
        person: sum(
            ways[one][person] * ways[person][other] / ways[one][other]
            for one, other in combinations([row for row in people if row != person], 2)
            if other in far[one] and person in far[one] and far[one][person] + far[person][other] == far[one][other]
        )
        / pairs
        for person in people
    }


@given(chains())
def test_page_rank_solves_its_equations_and_betweenness_counts_ways(chain):
    people, ties = chain

    weights = measure(people, ties)

    assert [weights[person].informal for person in people] == pytest.approx(ranked_by_algebra(people, ties), abs=1e-9)
    counted = betweenness_by_counting(people, ties)
    assert {person: weight.betweenness for person, weight in weights.items()} == pytest.approx(counted)


@pytest.mark.parametrize("seed", range(6))
def test_larger_random_graphs_agree_with_both_calculations_and_with_networkx(seed):
    graph = nx.gnp_random_graph(25, 0.12, seed=seed, directed=True)
    ties = [informal(target, source, 0.5 + (source + target) % 4 / 2) for source, target in graph.edges]
    weighted = nx.DiGraph()
    weighted.add_nodes_from(graph)
    weighted.add_weighted_edges_from((tie.target, tie.source, tie.strength) for tie in ties)
    people = list(graph)

    weights = measure(people, ties)

    expected = nx.algorithms.link_analysis.pagerank_alg._pagerank_python(weighted, alpha=0.85, tol=1e-12, max_iter=500)
    assert {person: weight.informal for person, weight in weights.items()} == pytest.approx(expected, abs=1e-8)
    assert [weights[person].informal for person in people] == pytest.approx(ranked_by_algebra(people, ties), abs=1e-9)
    counted = betweenness_by_counting(people, ties)
    assert {person: weight.betweenness for person, weight in weights.items()} == pytest.approx(counted)


@pytest.mark.parametrize(
    "graph",
    [
        nx.path_graph(50), nx.path_graph(20), nx.star_graph(9), nx.disjoint_union(nx.cycle_graph(7), nx.complete_graph(5)),
        nx.empty_graph(4), nx.path_graph(2), nx.barabasi_albert_graph(120, 3, seed=2),
    ],
)  # fmt: skip
def test_betweenness_agrees_with_networkx_on_graphs_of_any_shape(graph):
    found = betweenness(list(graph), [informal(*edge) for edge in graph.edges])

    assert found == pytest.approx(nx.betweenness_centrality(graph))


def test_the_kite_of_krackhardt_has_its_published_betweenness():
    weights = measure(list(KITE), [informal(*edge) for edge in KITE.edges])

    published = {7: 0.389, 5: 0.231, 6: 0.231, 8: 0.222, 3: 0.102, 0: 0.023, 1: 0.023, 2: 0.0, 4: 0.0, 9: 0.0}
    assert {person: round(weight.betweenness, 3) for person, weight in weights.items()} == published
    counted = betweenness_by_counting(list(KITE), [informal(*edge) for edge in KITE.edges])
    assert {person: round(share, 3) for person, share in counted.items()} == published


def test_formal_authority_counts_everybody_below():
    weights = measure(["chief", "head", "clerk", "adviser"], [formal("head", "chief"), formal("clerk", "head")])

    shares = {person: weight.formal for person, weight in weights.items()}
    assert shares == pytest.approx({"chief": 3 / 6, "head": 2 / 6, "clerk": 1 / 6, "adviser": 0})


def test_influence_is_half_formal_and_half_page_rank():
    weights = measure(["chief", "clerk"], [formal("clerk", "chief")])

    rank = 0.5 * (1 + 0.85) / (1 + 0.85 / 2)
    assert weights["chief"].informal == pytest.approx(rank)
    assert weights["chief"].influence == pytest.approx(0.5 * 2 / 3 + 0.5 * rank)


def test_a_grey_eminence_is_hidden_and_a_chief_is_not():
    people = ["chief", "head", "clerk", "adviser"]
    ties = [
        formal("head", "chief"),
        formal("clerk", "head"),
        informal("adviser", "chief", 2),
        informal("adviser", "head", 2),
    ]

    weights = measure(people, ties)

    assert [person for person in people if weights[person].hidden] == ["adviser"]


def test_in_a_flat_chart_the_one_everybody_listens_to_is_hidden():
    people = ["boss", *range(1, 9)]
    ties = [formal(person, "boss") for person in people[1:]]
    ties += [informal(7, person, 2) for person in people if person != 7]

    weights = measure(people, ties)

    assert [person for person in people if weights[person].hidden] == [7]
    assert (weights[7].formal_rank, weights[7].informal_rank) == (5.5, 1)


def test_the_man_the_decider_listens_to_is_found_among_his_equals_and_outsiders_are_ranked_apart():
    ties = [formal(person, "decider") for person in ("head", "finance", "it")]
    ties += [formal("buyer", "finance"), formal("engineer", "head")]
    ties += [informal("engineer", "decider", 1.5), informal("institute", "decider", 1.2), informal("adviser", "it", 2)]
    people = ["decider", "head", "finance", "it", "buyer", "engineer", "institute", "adviser"]

    weights = measure(people, ties, outside={"institute", "adviser"})

    assert [person for person in people if weights[person].hidden] == ["engineer"]
    assert (weights["engineer"].formal_rank, weights["engineer"].informal_rank) == (5, 3)
    ranks = {person: weights[person].informal_rank for person in ("institute", "adviser")}
    assert ranks == {"institute": 1, "adviser": 2}


def test_a_conflict_carries_no_influence():
    quarrel = Tie("a", "b", LinkKind.INFORMAL, 2.0, carries=False)

    weights = measure(["a", "b"], [quarrel])

    assert weights["a"].influence == pytest.approx(0.5)
    assert influence_path(["a", "b"], [quarrel], known=["a"], decider="b") == []


def test_the_way_to_the_decider_prefers_strong_lines():
    ties = [
        informal("us", "weak", 0.5),
        informal("weak", "decider", 0.5),
        informal("us", "strong", 2),
        informal("strong", "decider", 2),
    ]
    people = ["us", "weak", "strong", "decider", "alone"]

    assert influence_path(people, ties, known=["us"], decider="decider") == ["us", "strong", "decider"]
    assert influence_path(people, ties, known=["decider"], decider="decider") == ["decider"]
    assert influence_path(people, ties, known=["alone"], decider="decider") == []
    assert influence_path(people, ties, known=[], decider="decider") == []


def test_a_circle_of_reporting_names_its_people():
    lines = [formal("clerk", "head"), formal("head", "chief")]

    assert cycle_closed_by(lines, source="chief", target="clerk") == ["clerk", "head", "chief"]
    assert cycle_closed_by(lines, source="clerk", target="chief") == []
    assert cycle_closed_by(lines, source="clerk", target="clerk") == ["clerk"]


def test_circles_are_numbered_and_nobody_is_left_out():
    ties = [informal(*pair) for pair in [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]]

    circles = {person: weight.circle for person, weight in measure(PEOPLE, ties).items()}

    assert circles == {0: 1, 1: 1, 2: 1, 3: 2, 4: 2, 5: 2}
    assert measure([], []) == {}
