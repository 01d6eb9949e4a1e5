"""The rules of comparison, of the investment matrix, and of what records about rivals prove."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.competition.domain import proving
from duobiao.competition.domain.comparison import best_of, weighted_gap, weights_fault
from duobiao.competition.domain.matrix import (
    Axis,
    Criterion,
    Quadrant,
    axis_score,
    from_gap,
    from_grade,
    from_share,
    from_steps,
    priority_of,
    quadrant_of,
)
from duobiao.competition.domain.proving import Lack, RivalFacts, shown
from duobiao.competition.queries.settings import settings

KEYS = ("function", "technology", "price", "service", "brand", "past_results")
SCORES = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 5))
WEIGHTS = st.fixed_dictionaries({key: st.integers(0, 100) for key in KEYS})
DAY = date(2026, 9, 1)


def test_a_gap_weighs_the_differences_of_dimensions_scored_on_both_sides():
    weights = {"function": 50, "price": 30, "brand": 20}

    gap = weighted_gap(weights, {"function": 4, "price": 2, "brand": 5}, {"function": 3, "price": 5})

    assert gap is not None
    assert (gap.value, gap.rated) == (Decimal("-0.50"), 80)


def test_nothing_rated_on_both_sides_is_no_gap_rather_than_a_level_one():
    assert weighted_gap({"price": 100}, {"price": 3}, {}) is None
    assert weighted_gap({"price": 0}, {"price": 3}, {"price": 1}) is None


@given(WEIGHTS, SCORES, SCORES)
def test_a_gap_turns_its_sign_with_the_sides_and_stays_within_four_grades(weights, ours, theirs):
    there, back = weighted_gap(weights, ours, theirs), weighted_gap(weights, theirs, ours)

    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there.value == -back.value
        assert -4 <= there.value <= 4


@given(st.lists(SCORES, max_size=4), SCORES)
def test_the_best_of_several_is_at_least_each_of_them(others, one):
    best = best_of([*others, one])

    assert all(best[key] >= score for key, score in one.items())
    assert set(best) == {key for scores in [*others, one] for key in scores}


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ({"a": 60, "b": 40}, ""),
        ({"a": 60, "b": 41}, "sum"),
        ({"a": 101, "b": -1}, "range"),
        ({"a": 100}, "unknown"),
        ({"a": 50, "c": 50}, "unknown"),
    ],
)
def test_weights_name_every_dimension_and_add_up_to_a_hundred(weights, fault):
    assert weights_fault(weights, ("a", "b")) == fault


def criteria(axis: Axis) -> tuple[Criterion, ...]:
    return settings().criteria_of(axis)


def test_the_shipped_axes_have_the_weights_of_the_method():
    weights = {axis: {row.key: row.weight for row in criteria(axis)} for axis in Axis}

    assert weights[Axis.WINNABLE] == {
        "relation": 30, "solution_fit": 25, "price": 15, "competition": 20, "information": 10
    }  # fmt: skip
    assert weights[Axis.ATTRACTIVE] == {"amount": 30, "margin": 25, "strategic": 20, "growth": 15, "risk": 10}
    assert [row.key for row in settings().criteria if row.inverted] == ["risk"]


def test_an_axis_is_the_weighted_mean_with_risk_inverted():
    values = {"amount": 80, "margin": 60, "strategic": 50, "growth": 40, "risk": 90}

    score = axis_score(criteria(Axis.ATTRACTIVE), values, least_known=50)

    assert (score.value, score.known) == (Decimal("56.0"), 100)


def test_an_axis_needs_half_its_weight_known():
    found = criteria(Axis.WINNABLE)

    assert axis_score(found, {"relation": 80, "competition": 50}, least_known=50).value == Decimal("68.0")
    assert axis_score(found, {"relation": 80, "price": 50}, least_known=50).value is None
    assert axis_score(found, {}, least_known=0).value is None


@pytest.mark.parametrize(
    ("winnable", "attractive", "quadrant"),
    [
        ("60", "60", Quadrant.INVEST),
        ("59.9", "60", Quadrant.BREAK_THROUGH),
        ("60", "59.9", Quadrant.HARVEST),
        ("59.9", "59.9", Quadrant.DROP),
        (None, "90", Quadrant.UNKNOWN),
        ("90", None, Quadrant.UNKNOWN),
    ],
)
def test_the_threshold_of_sixty_counts_as_high(winnable, attractive, quadrant):
    sides = [None if side is None else Decimal(side) for side in (winnable, attractive)]

    assert quadrant_of(*sides, threshold=settings().threshold) is quadrant


def test_priority_is_worth_by_chance_over_cost_by_margin():
    high, low = Decimal(80), Decimal(50)

    assert priority_of(high, low, cost_minor=1_000, margin_minor=4_000) == Decimal("160.00")
    assert priority_of(high, low, cost_minor=0, margin_minor=4_000) is None
    assert priority_of(high, low, cost_minor=1_000, margin_minor=None) is None
    assert priority_of(None, low, cost_minor=1_000, margin_minor=4_000) is None
    assert priority_of(high, low, cost_minor=-1_000, margin_minor=-4_000) is None


def test_gaps_shares_grades_and_steps_become_points():
    assert [from_gap(Decimal(gap)) for gap in ("-4", "0", "0.5", "4")] == [0, 50, 56, 100]
    assert [from_share(2, 5), from_share(0, 0), from_share(5, 5)] == [40, 0, 100]
    assert [from_grade(Decimal(grade)) for grade in ("1", "3", "5")] == [0, 50, 100]
    steps = settings().amount_steps
    assert [from_steps(yuan, steps) for yuan in (0, 499_999, 500_000, 1_280_000, 10_000_000)] == [15, 15, 30, 45, 100]


def facts(name: str = "西川", **known: Any) -> RivalFacts:
    usual: dict[str, Any] = {
        "direct": True,
        "noted_on": DAY,
        "sourced": True,
        "offers": True,
        "rated": True,
        "likely": True,
    }
    return RivalFacts(name=name, **{**usual, "reached_on": DAY, **known})


def test_complete_records_prove_all_four_kinds_as_of_the_latest_of_them():
    later = date(2026, 9, 9)

    found = {row.key: row for row in shown([facts(), facts("诺顿", reached_on=later, likely=False)])}

    assert all(row.lack is None for row in found.values())
    assert found[proving.LISTED].on == later
    assert found[proving.FIRST_RIVALS].on == DAY
    assert found[proving.BIDDERS].names == ("西川",)


@pytest.mark.parametrize(
    ("known", "key", "lack"),
    [
        ({"sourced": False}, proving.FIRST_RIVALS, Lack.NO_SOURCE),
        ({"reached_on": None}, proving.LISTED, Lack.NO_REACH),
        ({"offers": False}, proving.COMPARED, Lack.NO_OFFER),
        ({"rated": False}, proving.COMPARED, Lack.NOT_RATED),
        ({"likely": None}, proving.BIDDERS, Lack.NO_ESTIMATE),
    ],
)
def test_one_thing_missing_keeps_one_proof_back_and_says_which(known, key, lack):
    found = {row.key: row for row in shown([facts(**known)])}

    assert (found[key].lack, found[key].on, found[key].names) == (lack, None, ("西川",))
    assert [row.key for row in found.values() if row.lack is not None] == [key]


def test_only_direct_rivals_have_to_be_compared_where_there_are_some():
    found = {row.key: row for row in shown([facts(), facts("自研", direct=False, rated=False, offers=False)])}

    assert found[proving.COMPARED].names == ("西川",)


def test_without_a_rival_nothing_is_proved():
    assert [(row.on, row.lack) for row in shown([])] == [(None, Lack.NO_RIVAL)] * 4
