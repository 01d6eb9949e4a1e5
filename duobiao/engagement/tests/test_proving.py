"""What calls and visits prove: tables."""

from dataclasses import replace
from datetime import date

import pytest

from duobiao.engagement.domain.appointment import MEETING, PLACE, TIME, TOPIC, Appointment
from duobiao.engagement.domain.calls import HANDLER, INTEREST, WILLING, CallFacts, proves, remaining
from duobiao.engagement.domain.findings import Why
from duobiao.engagement.domain.probing import Probe, Talk, echo, probes
from duobiao.engagement.domain.visits import (
    ALL_STRENGTHS,
    BUDGET,
    CASES,
    DECIDER,
    DRAFT,
    HANDLER_FOUND,
    HELD,
    PROBLEM,
    PROCESS,
    REQUESTED,
    RIVALS,
    ROLES,
    SCOPE,
    STRENGTHS,
    SURVEY,
    TRENDS,
    VisitFacts,
    judge_visit,
    ledger_of,
    proves_visit,
    remaining_visit,
)
from duobiao.playbooks.domain.model import Grade

ON = date(2026, 9, 16)
DAY = date(2026, 9, 22)
AGREED = Appointment(
    agreed_on=ON, day=DAY, at="2026-09-22T14:00+08:00", place="集控室", topic="现状", with_handler=True, person=1
)
CALL = CallFacts(on=ON, person=1, handler=True, interest=4, willing=True, words="上个月少赚 11 万", appointment=AGREED)


def keys(findings):
    return [finding.evidence for finding in findings]


def why(findings, key):
    return next(finding.why for finding in findings if finding.evidence == key)


def test_a_good_call_with_a_handler_proves_all_seven_keys():
    found = proves(CALL)

    assert keys(found) == [INTEREST, MEETING, TIME, PLACE, TOPIC, HANDLER, WILLING]
    assert {finding.grade for finding in found} == {Grade.DOCUMENTED}
    assert remaining(CALL) == []


@pytest.mark.parametrize(
    ("change", "grade", "reason"),
    [
        ({"interest": 5}, Grade.DOCUMENTED, Why.INTEREST_STRONG),
        ({"interest": 4}, Grade.DOCUMENTED, Why.INTEREST_STRONG),
        ({"interest": 3}, Grade.ASSERTED, Why.INTEREST_FAIR),
        ({"interest": 2}, None, Why.INTEREST_LOW),
        ({"interest": 1}, None, Why.INTEREST_LOW),
        ({"interest": None}, None, Why.INTEREST_UNKNOWN),
        ({"interest": 5, "words": "  "}, None, Why.NO_WORDS),
    ],
)
def test_interest_counts_from_3_with_words_and_is_documented_from_4(change, grade, reason):
    call = replace(CALL, **change)
    found = next(row for row in [*proves(call), *remaining(call)] if row.evidence == INTEREST)

    assert (found.grade, found.why) == (grade, reason)


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        ({"handler": False}, HANDLER, Why.BELOW_HANDLER),
        ({"handler": None}, HANDLER, Why.HANDLER_UNKNOWN),
        ({"willing": False}, WILLING, Why.NOT_WILLING),
        ({"willing": None}, WILLING, Why.ATTITUDE_UNKNOWN),
        ({"pitched": True}, WILLING, Why.PITCHED),
        ({"appointment": None}, MEETING, Why.NO_MEETING),
        ({"appointment": None, "place_or_topic_only": True}, PLACE, Why.NO_TIME),
        ({"appointment": replace(AGREED, place=" ")}, PLACE, Why.NO_PLACE),
        ({"appointment": replace(AGREED, topic="")}, TOPIC, Why.NO_TOPIC),
        ({"spoke": False}, INTEREST, Why.NOT_SPOKEN),
        ({"spoke": False}, TIME, Why.NOT_SPOKEN),
    ],
)
def test_what_a_call_does_not_show_is_named_with_its_reason(change, key, reason):
    call = replace(CALL, **change)

    assert why(remaining(call), key) is reason
    assert key not in keys(proves(call))


@pytest.mark.parametrize(("handler", "reason"), [(False, Why.BELOW_HANDLER), (None, Why.HANDLER_UNKNOWN)])
def test_a_meeting_agreed_below_the_handler_proves_nothing(handler, reason):
    call = replace(CALL, handler=handler, appointment=replace(AGREED, with_handler=handler))

    assert keys(proves(call)) == [INTEREST, WILLING]
    assert {why(remaining(call), key) for key in (MEETING, TIME, PLACE, TOPIC)} == {reason}


def test_time_place_and_topic_lapse_seven_days_after_the_appointment_but_not_the_promise_to_go_on():
    until = {finding.evidence: finding.valid_until for finding in proves(CALL)}

    assert until[TIME] == until[PLACE] == until[TOPIC] == date(2026, 9, 29)
    assert until[MEETING] is None


PLANNED = VisitFacts(appointment=AGREED)
RECORDED = VisitFacts(
    appointment=AGREED,
    held_on=DAY,
    face_to_face=True,
    handler=1,
    strengths=ALL_STRENGTHS,
    cases="江苏 100MWh 储能站",
    trends="构网型储能",
    draft="峰谷策略改进草案 v1",
    found_handler=1,
    handler_facts="他起草立项报告；他召集了本次会议",
    problem="人工排峰谷策略",
    impact="月损 11 万",
    wanted_by="春节前",
    budget_range="300–500 万",
    budget_source="技改专项",
    process="工程部提、生技部审、公司批",
    roles="工程部定技术，采购部定商务",
    project_lead="周建明",
    decision_maker="陈总",
    rivals="甲公司已报过价",
    confirmed_by=1,
    confirmed_channel="MEETING",
    confirmed_quote="就是这几个问题",
    requested_by=1,
    requested_on=DAY,
    request_channel="MEETING",
    request_quote="你们先出个初步方案吧",
    scope="现状诊断、改造范围、估算",
    due_on=date(2026, 10, 9),
)


def test_a_planned_visit_proves_its_appointment_and_a_cancelled_one_nothing():
    assert keys(proves_visit(PLANNED)) == [MEETING, TIME, PLACE, TOPIC]
    assert judge_visit(replace(PLANNED, cancelled=True)) == []
    assert proves_visit(VisitFacts(appointment=replace(AGREED, person=None))) == []


def test_a_fully_recorded_visit_proves_every_key_and_its_agreement_lasts():
    found = {finding.evidence: finding for finding in proves_visit(RECORDED)}

    assert set(found) == {
        *(MEETING, TIME, PLACE, TOPIC, HELD, SURVEY, REQUESTED, SCOPE, STRENGTHS, CASES, TRENDS, DRAFT),
        *(HANDLER_FOUND, PROCESS, DECIDER, PROBLEM, BUDGET, ROLES, RIVALS),
    }
    assert remaining_visit(RECORDED) == []
    assert found[TIME].valid_until is None
    assert {key for key, row in found.items() if row.grade is Grade.BUYER_CONFIRMED} == {SURVEY, REQUESTED}


def test_the_ledger_keeps_the_old_agreement_beside_its_renewal():
    days = [row.valid_until for row in ledger_of(RECORDED) if row.evidence == TIME]

    assert days == [None, date(2026, 9, 29)]


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        ({"handler": None}, HELD, Why.HANDLER_ABSENT),
        ({"face_to_face": False}, HELD, Why.NOT_IN_PERSON),
        ({"impact": ""}, SURVEY, Why.SURVEY_INCOMPLETE),
        ({"confirmed_by": None}, SURVEY, Why.NOT_CONFIRMED),
        ({"requested_by": None}, REQUESTED, Why.NOT_ASKED),
        ({"request_quote": " "}, REQUESTED, Why.NO_QUOTE),
        ({"due_on": None}, SCOPE, Why.SCOPE_INCOMPLETE),
        ({"scope": ""}, SCOPE, Why.SCOPE_INCOMPLETE),
        ({"strengths": frozenset({"BRAND"})}, STRENGTHS, Why.NOT_ALL_STRENGTHS),
        ({"cases": ""}, CASES, Why.NO_CASE),
        ({"trends": ""}, TRENDS, Why.NO_TREND),
        ({"draft": ""}, DRAFT, Why.NO_DRAFT),
        ({"handler_facts": ""}, HANDLER_FOUND, Why.HANDLER_NOT_SHOWN),
        ({"roles": ""}, PROCESS, Why.PROCESS_INCOMPLETE),
        ({"roles": ""}, ROLES, Why.PROCESS_INCOMPLETE),
        ({"decision_maker": ""}, DECIDER, Why.DECIDER_UNKNOWN),
        ({"decision_maker": ""}, ROLES, Why.DECIDER_UNKNOWN),
        ({"wanted_by": ""}, PROBLEM, Why.SURVEY_INCOMPLETE),
        ({"budget_source": ""}, BUDGET, Why.BUDGET_INCOMPLETE),
        ({"rivals": ""}, RIVALS, Why.RIVALS_UNKNOWN),
    ],
)
def test_each_gap_in_the_record_leaves_its_key_unproved(change, key, reason):
    visit = replace(RECORDED, **change)

    assert why(remaining_visit(visit), key) is reason
    assert key not in keys(proves_visit(visit))


@pytest.mark.parametrize("change", [{"confirmed_quote": ""}, {"confirmed_channel": ""}])
def test_a_confirmation_without_channel_or_words_is_only_documented(change):
    found = {finding.evidence: finding.grade for finding in proves_visit(replace(RECORDED, **change))}

    assert found[SURVEY] is Grade.DOCUMENTED


def test_meeting_the_handler_makes_good_an_appointment_that_a_bystander_passed_on():
    visit = replace(RECORDED, appointment=replace(AGREED, with_handler=False, person=2))
    found = {finding.evidence: finding for finding in proves_visit(visit)}

    assert (found[TIME].person, found[TIME].on) == (1, DAY)


def test_an_appointment_passed_on_by_a_bystander_stays_unproved_where_no_handler_came():
    visit = replace(RECORDED, handler=None, appointment=replace(AGREED, with_handler=False, person=2))

    assert why(remaining_visit(visit), TIME) is Why.BELOW_HANDLER


@pytest.mark.parametrize(
    ("talk", "first"),
    [
        (Talk(), Probe.OPEN),
        (Talk(consented=True), Probe.PROBLEM),
        (Talk(problem="良率低"), Probe.SINCE),
        (Talk(problem="上个月少赚 11 万"), Probe.WHO_KNOWS),
        (Talk(problem="良率低", since="半年", handler=True), Probe.TRIED),
        (Talk(problem="良率低", since="半年", tried="换刀具", handler=True), Probe.RESULT),
        (Talk(problem="良率低", since="半年", tried="换刀具", tried_result="没用", handler=True), Probe.PAYOFF),
        (Talk(problem="良率低", since="半年", tried="换刀具", tried_result="没用", hidden=True), Probe.AWAKEN),
    ],
)
def test_the_next_question_follows_from_what_was_answered(talk, first):
    assert probes(talk)[0][0] is first


def test_the_customer_hears_the_own_figure_again():
    assert echo("峰谷策略靠人工排，调度员每天改两次，上个月少赚 11 万。") == "上个月少赚 11 万"
    assert echo("x" * 40) == "x" * 17 + "…"
    assert echo(" ") == ""
