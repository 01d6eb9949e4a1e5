"""Rules of needs without a database: tree, priorities, steps, gaps, asking."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.needs.domain.asking import Letter, mix_of, uses, wins
from duobiao.needs.domain.gaps import Asked, Gap, gaps_of
from duobiao.needs.domain.priorities import (
    Answer,
    Fit,
    Pain,
    Priority,
    Ranked,
    answer,
    must_haves,
    pain_of,
    pain_score,
    yearly_minor,
)
from duobiao.needs.domain.proving import NeedFacts, lacks_for_analysis, shows_growth, shows_problem, went_through
from duobiao.needs.domain.steps import ObjectionStep, VerifyStep, is_done, is_next, next_of
from duobiao.needs.domain.trees import (
    MOST_DEEP,
    Layer,
    Level,
    Node,
    below_of,
    in_order,
    layer_fits,
    may_stand_below,
    missing_layers,
    missing_levels,
)

PRIORITIES = [*Priority, None]
FACTS = NeedFacts(
    text="策略", words="靠人工排", said_on=date(2026, 9, 1), effect="少赚 11 万", wanted_by="年底前", forecast="再上一期",
    forecast_years=3, priority=Priority.P0, fit=Fit.FULL, steps=4,
)  # fmt: skip


def node(key, parent=None, position=0, level=Level.SURFACE, layer=Layer.SURFACE):
    return Node(key, parent, position, level, layer)


@pytest.mark.parametrize(
    ("priority", "fit", "expected"),
    [
        (Priority.P0, Fit.FULL, Answer.MET),
        (Priority.P0, Fit.SUBSTITUTE, Answer.BROKEN),
        (Priority.P0, Fit.UPGRADE, Answer.BROKEN),
        (Priority.P0, Fit.PARTIAL, Answer.BROKEN),
        (Priority.P0, Fit.UNKNOWN, Answer.OPEN),
        (Priority.P1, Fit.FULL, Answer.MET),
        (Priority.P1, Fit.SUBSTITUTE, Answer.MET),
        (Priority.P1, Fit.UPGRADE, Answer.MET),
        (Priority.P1, Fit.PARTIAL, Answer.BROKEN),
        (Priority.P1, Fit.NOT_MET, Answer.BROKEN),
        (Priority.P2, Fit.NOT_MET, Answer.OPTIONAL),
        (Priority.P2, Fit.FULL, Answer.MET),
        (Priority.P3, Fit.NOT_MET, Answer.VALUE_ADD),
        (None, Fit.FULL, Answer.UNRANKED),
    ],
)
def test_each_priority_has_its_own_rule(priority, fit, expected):
    assert answer(Ranked(priority, fit)) is expected


@given(st.lists(st.tuples(st.sampled_from(PRIORITIES), st.sampled_from(list(Fit))), max_size=8))
def test_must_haves_are_covered_exactly_as_the_rule_reads(rows):
    by_hand = (
        any(priority is Priority.P0 for priority, _fit in rows)
        and all(priority is not None for priority, _fit in rows)
        and all(fit is Fit.FULL for priority, fit in rows if priority is Priority.P0)
        and all(fit in (Fit.FULL, Fit.SUBSTITUTE, Fit.UPGRADE) for priority, fit in rows if priority is Priority.P1)
    )

    assert must_haves(Ranked(*row) for row in rows).covered is by_hand


@pytest.mark.parametrize(
    ("severity", "urgency", "score", "pain"),
    [
        (5, 5, 25, Pain.ACUTE),
        (3, 5, 15, Pain.ACUTE),
        (2, 7, 14, Pain.MARKED),
        (2, 4, 8, Pain.MARKED),
        (1, 7, 7, Pain.MILD),
    ],
)
def test_pain_is_severity_times_urgency(severity, urgency, score, pain):
    assert (pain_score(severity, urgency), pain_of(score)) == (score, pain)


def test_half_a_rating_is_no_pain():
    assert (pain_score(3, None), pain_score(None, 3), pain_of(None)) == (None, None, None)


@pytest.mark.parametrize(("per", "expected"), [("MONTH", 1200), ("QUARTER", 400), ("YEAR", 100), ("ONCE", 100)])
def test_the_cost_of_doing_nothing_is_told_for_a_year(per, expected):
    assert yearly_minor(100, per) == expected
    assert yearly_minor(None, per) is None


@pytest.mark.parametrize("steps", [VerifyStep, ObjectionStep])
def test_only_the_next_step_can_be_done(steps):
    for done in range(len(steps) + 1):
        allowed = [step for step in range(1, len(steps) + 2) if is_next(step, done, steps)]
        assert allowed == ([done + 1] if done < len(steps) else [])
    assert (next_of(len(steps), steps), is_done(2, 2), is_done(3, 2)) == (None, True, False)


def test_the_tree_is_read_from_top_to_bottom_with_numbers():
    rows = [node(3, 1, 2), node(1, None, 2), node(2, None, 1), node(4, 1, 1), node(5, 4, 1)]

    assert [(line.key, line.number, line.depth) for line in in_order(rows)] == [
        (2, "1", 0), (1, "2", 0), (4, "2.1", 1), (5, "2.1.1", 2), (3, "2.2", 1),
    ]  # fmt: skip


def test_a_need_whose_parent_was_taken_off_stands_at_the_root():
    assert [line.number for line in in_order([node(2, 1)])] == ["1"]


def test_nothing_stands_below_itself_or_too_deep():
    chain = {key: key - 1 if key > 1 else None for key in range(1, MOST_DEEP + 1)}

    assert not may_stand_below(1, 3, chain)
    assert not may_stand_below(2, 2, chain)
    assert not may_stand_below(None, MOST_DEEP, chain)
    assert may_stand_below(None, MOST_DEEP - 1, chain)
    assert may_stand_below(MOST_DEEP, 1, chain)
    assert below_of(4, chain) == set(range(5, MOST_DEEP + 1))


def test_a_whole_branch_that_would_reach_too_deep_is_not_moved():
    parents = {1: None, 2: 1, 3: 2, 10: None, 11: 10, 12: 11, 13: 12}

    assert not may_stand_below(10, 3, parents)
    assert may_stand_below(11, 3, parents)


@given(st.dictionaries(st.integers(1, 12), st.integers(1, 12), max_size=12), st.integers(1, 12), st.integers(1, 12))
def test_no_move_ever_makes_a_circle(raw, key, parent):
    parents: dict[int, int | None] = {child: above if above < child else None for child, above in raw.items()}
    parents |= {row: parents.get(row) for row in (key, parent)}
    if not may_stand_below(key, parent, parents):
        return
    moved = {**parents, key: parent}
    seen, above = {key}, moved[key]
    while above is not None:
        assert above not in seen
        seen.add(above)
        above = moved.get(above)


def test_asking_on_never_leads_back_to_the_surface():
    assert layer_fits(Layer.DEEP, Layer.SURFACE)
    assert layer_fits(Layer.HIDDEN, Layer.HIDDEN)
    assert not layer_fits(Layer.SURFACE, Layer.DEEP)


def test_missing_levels_and_layers_are_named():
    rows = [
        node(1, level=Level.BUSINESS),
        node(2, 1, layer=Layer.DEEP, level=Level.SURFACE),
        node(3, level=Level.BUSINESS),
        node(4, layer=Layer.HIDDEN),
    ]

    assert missing_levels(rows) == [Level.STRATEGIC, Level.HIDDEN]
    assert missing_layers(rows) == {1: [Layer.HIDDEN], 3: [Layer.DEEP, Layer.HIDDEN]}


@pytest.mark.parametrize("field", ["words", "effect", "wanted_by"])
def test_a_problem_is_recorded_only_with_words_effect_and_date(field):
    assert shows_problem(FACTS)
    assert not shows_problem(replace(FACTS, **{field: ""}))


def test_growth_is_recorded_only_in_the_customers_words():
    assert shows_growth(FACTS)
    assert not shows_growth(replace(FACTS, words=""))
    assert not shows_growth(replace(FACTS, forecast=""))


def test_four_steps_are_done_once_every_p0_and_p1_went_through_them():
    p3 = replace(FACTS, priority=Priority.P3, steps=0)

    assert went_through([FACTS, p3])
    assert not went_through([FACTS, replace(FACTS, priority=Priority.P1, steps=3)])
    assert not went_through([p3])


def test_an_analysis_needs_ranked_needs_with_words():
    assert lacks_for_analysis([]) == ["empty"]
    assert lacks_for_analysis([FACTS, replace(FACTS, priority=None)]) == ["unranked"]
    assert lacks_for_analysis([replace(FACTS, words="")]) == ["assumed"]
    assert lacks_for_analysis([FACTS, replace(FACTS, words="", priority=Priority.P2)]) == []


def asked(**changes):
    given_ = {"node": node(1), "facts": FACTS, "is_hidden": False, "has_cost": True, "has_voices": True, **changes}
    return Asked(**given_)


def test_gaps_are_named_with_the_needs_they_concern():
    rows = [
        asked(node=node(1, level=Level.BUSINESS, layer=Layer.DEEP)),
        asked(
            node=node(2, level=Level.STRATEGIC, layer=Layer.HIDDEN),
            facts=replace(FACTS, words="", fit=Fit.UNKNOWN, steps=0),
            is_hidden=True,
            has_cost=False,
            has_voices=False,
        ),
    ]

    assert {lack.gap: lack.needs for lack in gaps_of(rows)} == {
        Gap.ASSUMED: (2,), Gap.P0_OPEN: (2,), Gap.NO_HIDDEN: (), Gap.HIDDEN_UNSAID: (2,), Gap.NO_COST: (2,),
        Gap.NO_VOICES: (2,),
    }  # fmt: skip
    assert gaps_of([]) == []


def test_the_mix_of_questions_says_what_kind_is_lacking():
    mix = mix_of([(Letter.SITUATION, True), (Letter.SITUATION, False), (Letter.PROBLEM, True), (Letter.PAYOFF, False)])

    assert mix.lacking == [Letter.IMPLICATION]
    assert (mix.share_beyond, mix.answered[Letter.SITUATION]) == (25, 1)
    assert mix_of([]).share_beyond is None


def test_no_share_is_told_of_a_few():
    assert uses(["NEW_NEED", "NOTHING", "CONFIRMED", "RESISTED"]).percent is None
    assert uses(["NEW_NEED", "NOTHING", "CONFIRMED", "RESISTED", "NOTHING"]).percent == 40
    assert wins(["WON", "LOST", "OPEN", "GIVEN_UP", "WON", "WON"]).percent is None
    assert (wins(["WON"] * 4 + ["LOST"] + ["OPEN"] * 9).percent, wins(["WON", "OPEN"]).total) == (80, 1)
