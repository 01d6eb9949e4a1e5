"""Confidence, support, coverage, matrix and read-outs: exact values and laws."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.playbooks.queries import standard
from duobiao.stakeholders.domain.asking import asked_of
from duobiao.stakeholders.domain.judging import RANGES, Seen, Topic, decayed, judge
from duobiao.stakeholders.domain.levels import guess_level
from duobiao.stakeholders.domain.readouts import (
    Buyer,
    Influence,
    band,
    c139_percent,
    degree,
    dmi,
    meddpicc,
    rating,
    red_flags,
)
from duobiao.stakeholders.domain.relations import Square, relation_score, relation_type
from duobiao.stakeholders.domain.standing import CellRule, Held, Member, majority, people_facts, shown_by_cells
from duobiao.stakeholders.domain.support import Asked, Level, Role, Seat, Voice, coverage, support_index
from duobiao.stakeholders.queries.definitions import readouts, rules

ON = date(2026, 9, 16)
roles = st.sampled_from(list(Role))
stances = st.integers(-2, 2)
voices = st.lists(st.builds(Voice, roles, st.one_of(st.none(), st.integers(1, 5)), stances), min_size=1, max_size=8)


@given(st.floats(1, 100), st.integers(-30, 4000), st.integers(0, 400), st.integers(1, 400))
def test_confidence_never_rises(percent, days, later, half_life):
    first = decayed(percent, days=days, half_life=half_life)

    assert decayed(percent, days=days + later, half_life=half_life) <= first <= percent


def test_confidence_halves_in_its_half_life():
    assert decayed(80, days=60, half_life=60) == pytest.approx(40)
    assert decayed(80, days=120, half_life=60) == pytest.approx(20)
    assert decayed(80, days=0, half_life=60) == 80


def seen(value, source, percent, days, ref="OB"):
    return Seen(f"{ref}-{value}-{source}-{days}", value, source, percent, ON - timedelta(days=days))


def test_the_surest_source_holds_and_a_contradiction_is_shown_not_averaged():
    found = judge(Topic.STANCE, [seen(2, "李伟", 60, 0), seen(-1, "郑维民", 90, 10)], on=ON, half_life=60)

    assert found.value == -1
    assert found.percent == pytest.approx(90 * 0.5 ** (10 / 60))
    assert [(row.value, round(percent)) for row, percent in found.against] == [(2, 60)]
    assert found.heard == 2


def test_of_one_source_the_later_word_holds():
    found = judge(Topic.STANCE, [seen(-2, "李伟", 100, 9), seen(1, "李伟 ", 50, 1)], on=ON, half_life=60)

    assert (found.value, found.against, found.heard) == (1, (), 1)


def test_what_was_observed_later_is_not_known_before():
    assert judge(Topic.STANCE, [seen(1, "李伟", 50, -1)], on=ON, half_life=60) is None


def test_a_faded_voice_no_longer_contradicts():
    found = judge(Topic.STANCE, [seen(2, "李伟", 60, 0), seen(-2, "王工", 60, 240)], on=ON, half_life=60)

    assert found.against == ()


def test_net_support_weighs_role_and_influence():
    voices = [Voice(Role.FINAL_DECIDER, 5, 1), Voice(Role.GATEKEEPER, 4, -1), Voice(Role.USER, 3, 2)]

    assert support_index(voices) == pytest.approx((25 - 8 + 6) / (2 * (25 + 8 + 3)))
    assert support_index([*voices, Voice(Role.INFLUENCER, 5, None)]) == pytest.approx(23 / 72)
    assert support_index([Voice(Role.USER, 1, None)]) is None
    assert support_index([Voice(Role.USER, None, 2)]) == 1


@given(voices, st.data())
def test_raising_a_stance_never_lowers_the_support(people, data):
    number = data.draw(st.integers(0, len(people) - 1))
    raised = data.draw(st.integers(people[number].stance, 2))
    others = [*people[:number], Voice(people[number].role, people[number].influence, raised), *people[number + 1 :]]

    assert -1 <= support_index(people) <= support_index(others) <= 1


def test_coverage_counts_departments_by_levels():
    seats = [
        Seat("a", "生产", Level.TOP, covered=False),
        Seat("b", "生产", Level.BASE, covered=True),
        Seat("c", "信息", Level.MIDDLE, covered=False),
        Seat("d", "生产", Level.BASE, covered=False),
    ]

    found = coverage(seats)

    assert found.covered_ratio == pytest.approx(1 / 3)
    assert (found.departments, found.levels) == (("信息", "生产"), (Level.TOP, Level.MIDDLE, Level.BASE))
    assert [cell.people for cell in found.gaps] == [("c",), ("a",)]
    assert found.single_threaded
    assert coverage([seats[1]]).single_threaded
    assert not coverage([seats[0]]).single_threaded
    assert (coverage([]).covered_ratio, coverage([], ASKED).covered_ratio) == (None, None)


ASKED = (Asked("FINANCE", "财务", Level.MIDDLE), Asked("USING", "使用", Level.BASE))


def test_one_person_spoken_to_covers_one_of_what_every_purchase_touches():
    found = coverage([Seat("a", "生产技术部", Level.MIDDLE, covered=True, function="USING")], ASKED)

    assert (found.covered_ratio, found.spoken_to, found.single_threaded) == (0.5, 1, True)
    assert [(cell.department, cell.level, cell.people) for cell in found.gaps] == [("财务", Level.MIDDLE, ())]
    outside = coverage([Seat("a", "设计院", Level.OUTSIDE, covered=True, function="FINANCE")], ASKED)
    assert outside.covered_ratio == pytest.approx(1 / 3)


def test_who_leaves_leaves_a_gap_and_never_more_coverage():
    seats = [
        Seat("a", "生产", Level.TOP, covered=True),
        *(Seat(name, name, Level.BASE, covered=False) for name in ("b", "c", "d")),
    ]
    gone = [replace(seat, left=not seat.covered) for seat in seats]

    assert coverage(seats).covered_ratio == coverage(gone).covered_ratio == 0.25
    last = coverage([replace(seat, left=True) for seat in seats])
    assert (last.covered_ratio, last.spoken_to, last.single_threaded) == (0, 0, False)
    assert [cell.people for cell in last.cells] == [()] * 4


def test_relation_score_and_type():
    whole = dict.fromkeys(Square, 2)

    assert relation_score(whole) == 9
    assert relation_score({Square.PERSONAL_TIE_COMPANY: 1}) == 1
    assert relation_type({}) == "OUTSIDER"
    assert relation_type({Square.COMPANY_NEED_PRODUCT: 2, Square.PERSONAL_NEED_PRODUCT: 1}) == "SUPPLIER"
    assert relation_type({Square.PERSONAL_TIE_COMPANY: 2}) == "FRIEND"
    assert relation_type(whole) == "PARTNER"


EIGHT = standard().relations_of("PROJECT", [(stage, stage) for stage in range(1, 9)])


def somebody(key, *, function="", role=Role.UNKNOWN, coach="", won=(), **more):
    return Member(key, f"{key}", role, function, coach=coach, cells={square: Held(2, ON) for square in won}, **more)


def asked(members, stage):
    return asked_of(members, [row for rows in EIGHT[:stage] for row in rows])


def test_required_cells_grow_with_the_stage():
    handler, decider = somebody(1, handler=True), somebody(2, role=Role.FINAL_DECIDER)

    assert asked([handler], 1).own == {1: {Square.COMPANY_NEED_PRODUCT}}
    assert asked([handler, decider], 3).own == {
        1: {Square.COMPANY_NEED_PRODUCT, Square.COMPANY_NEED_COMPANY, Square.PERSONAL_NEED_PRODUCT}
    }
    assert Square.PERSONAL_NEED_COMPANY in asked([decider], 7).own[2]


def test_stage_three_wants_one_helper_inside():
    without, named = asked([somebody(1, handler=True)], 3), asked([somebody(1, coach="INFORMANT")], 3)

    assert (without.nobody, without.wanted, without.accepted) == (["COACH"], 1, 0)
    assert (named.nobody, named.wanted, named.accepted) == ([], 1, 1)
    assert asked([], 2).nobody == []


def test_stage_five_asks_everybody_of_the_team_until_a_majority_has_accepted():
    both = {Square.COMPANY_NEED_PRODUCT, Square.COMPANY_NEED_COMPANY}
    team = [somebody(key, role=Role.GATEKEEPER, won=both if key == 4 else ()) for key in range(1, 5)]
    won_over = [somebody(key, role=Role.GATEKEEPER, won=both if key > 1 else ()) for key in range(1, 5)]

    open_, reached = asked([*team, somebody(9)], 5), asked(won_over, 5)

    assert open_.shared == dict.fromkeys((1, 2, 3, 4), both)
    assert (open_.wanted, open_.accepted) == (7, 2)
    assert reached.shared == dict.fromkeys((2, 3, 4), both)
    assert (reached.wanted, reached.accepted) == (7, 6)


@given(st.lists(st.sets(st.sampled_from(list(Square))), min_size=1, max_size=9))
def test_what_is_asked_of_a_majority_is_met_exactly_when_more_than_half_accepted(accepted):
    team = [somebody(key, role=Role.GATEKEEPER, won=won) for key, won in enumerate(accepted)]
    both = (Square.COMPANY_NEED_PRODUCT, Square.COMPANY_NEED_COMPANY)
    majority = [row for row in EIGHT[4] if row.of == "MAJORITY"]

    found = asked_of(team, majority)

    assert (found.accepted == found.wanted) == (2 * sum(set(both) <= won for won in accepted) > len(team))


@pytest.mark.parametrize(
    ("scores", "index", "drive", "weakest"),
    [
        ((10, 10, 10), 10.0, "DRIVES", "DESIRE"),
        ((0, 10, 10), 0.0, "RESISTS", "DESIRE"),
        ((8, 6, 0), 8**0.4 * 6**0.35 * 5**0.25, "HESITATES", "SWAY"),
        ((7, 7, 4), 7.0, "DRIVES", "DESIRE"),
        ((4, 4, -2), 4.0, "HESITATES", "DESIRE"),
    ],
)
def test_dmi_is_a_geometric_mean(scores, index, drive, weakest):
    found = dmi(desire=scores[0], motivation=scores[1], sway=scores[2])

    assert found.index == pytest.approx(index)
    assert (found.drive, found.weakest) == (drive, weakest)


@pytest.mark.parametrize(
    ("clear", "first", "win", "coach", "percent"),
    [(6, 2, 1, True, 73), (9, 3, 1, True, 95), (0, 0, 0, False, 5), (6, 2, 0, True, 53), (9, 3, 1, False, 91)],
)
def test_c139_percent(clear, first, win, coach, percent):
    assert c139_percent(clear=clear, first=first, win=win, coach_agrees=coach) == percent


def test_meddpicc_sums_to_sixteen_and_names_what_comes_next():
    signs = readouts().meddpicc
    grades = {"needs.problem_recorded": 2, "engagement.interest_shown": 1, "competition.rivals_listed": 1}

    found = meddpicc(signs, grades=grades, facts={"DECIDER_KNOWN", "COACH_ACTS"})

    held = {row.key: row.points for row in found.scores}
    assert held == {
        "metrics": 1, "economic_buyer": 1, "decision_criteria": 0, "decision_process": 0,
        "paper_process": 0, "pain": 2, "champion": 2, "competition": 1,
    }  # fmt: skip
    assert (found.total, found.band, found.next) == (7, "C", "economic_buyer")
    assert [band(total) for total in (16, 14, 13, 12, 11, 8, 7, 4, 3, 0)] == list("SSAABBCCDD")
    everything = {key: 3 for sign in signs for key in sign.full} | {}
    whole = meddpicc(signs, grades=everything, facts={"COACH_ACTS"})
    assert (whole.total, whole.band, whole.next) == (16, "S", "")


def test_red_flags_of_the_blue_sheet():
    decider = Buyer("陈立群", (Influence.ECONOMIC,), 1, 5, "EVEN_KEEL", covered=True, new=False)
    technical = Buyer("孙国栋", (Influence.TECHNICAL,), -2, 4, "", covered=False, new=True)
    stranger = Buyer("刘倩", (), None, None, "", covered=False, new=False)

    flags = {(flag.code, flag.person or flag.influence) for flag in red_flags([decider, technical, stranger])}

    assert flags == {
        ("UNKNOWN_ROLE", "USER"), ("UNCOVERED_ROLE", "TECHNICAL"), ("NO_COACH", "COACH"),
        ("DEAF_ECONOMIC_BUYER", "陈立群"), ("NEW_PERSON", "孙国栋"), ("REJECTS_US", "孙国栋"),
        ("MISSING_INFORMATION", "刘倩"),
    }  # fmt: skip
    assert [rating(stance) for stance in (-2, -1, 0, 1, 2, None)] == [-5, -3, 0, 3, 5, None]
    assert [degree(value) for value in (5, 4, 3, 2, 1, None)] == ["H", "H", "M", "L", "L", ""]


def member(key, name="李伟", **fields):
    return Member(key, name, fields.pop("role", Role.USER), **fields)


def won(*squares, days=0):
    return {square: Held(2, ON - timedelta(days=days), "好用") for square in squares}


def test_an_accepted_cell_of_a_person_of_the_right_kind_shows_its_evidence():
    rule = CellRule("x", "USING", (Square.COMPANY_NEED_PRODUCT,))
    touched = {Square.COMPANY_NEED_PRODUCT: Held(1, ON)}

    assert shown_by_cells([member(1, cells=touched), member(2, role=Role.GATEKEEPER)], [rule]) == []
    (found,) = shown_by_cells([member(1, cells=won(Square.COMPANY_NEED_PRODUCT))], [rule])
    assert (found.evidence, found.person, found.weak, found.words) == ("x", 1, False, "李伟: 好用")


def test_who_is_still_there_speaks_before_who_left():
    rule = CellRule("x", "USING", (Square.COMPANY_NEED_PRODUCT,))
    gone = member(1, left=True, cells=won(Square.COMPANY_NEED_PRODUCT))
    there = member(2, cells=won(Square.COMPANY_NEED_PRODUCT, days=30))

    assert [row.person for row in shown_by_cells([gone, there], [rule])] == [2]
    assert [row.weak for row in shown_by_cells([gone], [rule])] == [True]


def test_a_majority_is_more_than_half_of_three_or_more():
    squares = (Square.COMPANY_NEED_PRODUCT, Square.COMPANY_NEED_COMPANY)
    convinced = [member(key, cells=won(*squares)) for key in (1, 2)]

    assert majority(convinced, squares, "x") == []
    assert [row.evidence for row in majority([*convinced, member(3)], squares, "x")] == ["x"]
    assert majority([*convinced, member(3), member(4)], squares, "x") == []


def test_facts_about_people():
    decider = member(1, role=Role.FINAL_DECIDER, stance=2, covered=True, concerns="产出")
    people = [decider, member(2, stance=1, concerns="好用"), member(3, stance=-1, coach="COACH", concerns="接口")]

    facts = people_facts(people)

    assert {"DECIDER_KNOWN", "DECIDER_SPOKEN_TO", "DECIDER_HELPS", "KEY_PEOPLE_HELP", "COACH_ACTS"} <= facts
    assert {"STANCES_KNOWN", "CONCERNS_KNOWN", "MAJORITY_FOR_US", "PARTS_KNOWN"} <= facts
    assert "KEY_PEOPLE_SEE_VALUE" not in facts
    assert people_facts([]) == set()


def test_posts_suggest_levels():
    assert guess_level("副总经理", Role.UNKNOWN, outside=False) is Level.TOP
    assert guess_level("IT 部长", Role.GATEKEEPER, outside=False) is Level.MIDDLE
    assert guess_level("工艺工程师", Role.USER, outside=False) is Level.BASE
    assert guess_level("总工", Role.INFLUENCER, outside=True) is Level.OUTSIDE
    assert guess_level("科长", Role.FINAL_DECIDER, outside=False) is Level.TOP


def test_what_is_shipped_names_things_that_exist():
    from duobiao.playbooks.queries import catalogue

    held, signs = rules(), readouts()
    keys = {row.evidence for row in held.cells} | {held.majority.evidence, *held.facts.values()}
    every = [*signs.meddpicc, *signs.clear, *signs.first, signs.win]
    keys |= {key for sign in every for key in (*sign.full, *sign.part)}
    facts = {fact for sign in every for fact in (*sign.people_full, *sign.people_part)} | set(held.facts)
    assert keys - set(catalogue()) == set()
    assert facts - set(signs.facts) == set()
    assert set(standard().half_lives) == set(Topic) == set(RANGES)
    assert (len(signs.meddpicc), len(signs.clear), len(signs.first)) == (8, 9, 3)
