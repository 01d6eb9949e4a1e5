"""The list that brings a deal level with the buyer: complete, in order, and without anything to spare."""

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duobiao.playbooks.domain.assess import assess
from duobiao.playbooks.domain.catch_up import catch_up
from duobiao.playbooks.domain.facts import Closing, Facts, Proof, Waiver
from duobiao.playbooks.domain.model import METHOD_KEY, Grade, LagVerdict, Method, Outcome
from duobiao.playbooks.tests.test_engine import BENCHES, COMPILED, DAY, EIGHT

NOTICE = "procurement.tender_notice_published"


def proof(key, grade=Grade.DOCUMENTED, on=DAY, **more):
    return Proof(key, grade, on, on, **more)


def method_is(method):
    return proof(METHOD_KEY, method=method)


def stage_proofs(bench, *stages, method=Method.DIRECT, skip=()):
    found = []
    for item in bench.playbook.items:
        if item.gates and item.stage in stages and item.key not in skip and item.applies_to(method):
            found += [proof(item.accepts_under(method)[0].evidence)]
    return [row for row in found if row.key != METHOD_KEY]


def keys(found):
    return [step.slot.item.key for step in found.steps]


def proved(facts, found):
    more = [proof(s.accept.evidence, s.accept.min_grade, method=found.before.method) for s in found.steps if s.accept]
    fixed = [row if row.key == METHOD_KEY else Proof(row.key, row.grade, DAY, DAY) for row in more]
    return Facts([*facts.proofs, *fixed], facts.waivers, facts.closings)


def test_the_list_holds_what_is_missing_between_us_and_the_buyer_in_the_order_of_stage_and_gate():
    facts = Facts(
        [method_is(Method.DIRECT), *stage_proofs(EIGHT, 1, 2, skip=("2.S1",)), proof("procurement.sample_requested")]
    )

    found = catch_up(COMPILED, facts, on=DAY)

    assert (found.before.verdict, found.before.lag, found.target) == (LagVerdict.CATCH_UP, 2, 4)
    assert keys(found) == ["2.S1", "3.M1", "3.M2", "3.S1", "3.S2", "3.S3"]
    assert (found.after.completed_stage, found.after.rate_percent) == (3, 25)
    assert [step.after.rate_percent for step in found.steps] == [10, 10, 10, 10, 10, 25]


def test_one_piece_of_evidence_that_serves_several_items_is_listed_once():
    facts = Facts([method_is(Method.DIRECT), proof("procurement.annual_plan_listed")])

    found = catch_up(COMPILED, facts, on=DAY)

    serving = {step.accept.evidence: [slot.item.key for slot in step.also] for step in found.steps}
    assert serving["engagement.interest_shown"] == ["1.P3"]
    assert len(serving) == len(found.steps)


def test_an_item_with_several_kinds_of_evidence_takes_the_weakest_that_does_then_the_least_work():
    facts = Facts(
        [method_is(Method.OPEN_TENDER), *stage_proofs(EIGHT, 1, 2, 3, method=Method.OPEN_TENDER), proof(NOTICE)]
    )
    easy = {"solutions.no_questions_raised": 0, "procurement.tender_invitation_received": 0}

    found = catch_up(COMPILED, facts, on=DAY, effort=lambda key: easy.get(key, 5))

    evidence = {step.slot.item.key: step.accept.evidence for step in found.steps}
    assert evidence["4.M2"] == "solutions.no_questions_raised"
    assert evidence["4.S2"] == "procurement.tender_invitation_received"


def test_what_a_later_stage_proved_in_full_keeps_alive_is_not_asked_for_again():
    late = DAY + timedelta(days=100)
    facts = Facts([method_is(Method.DIRECT), *stage_proofs(EIGHT, 1), proof("procurement.estimate_requested")])
    assert "1.M1" in keys_of_expired(facts, late)

    found = catch_up(COMPILED, Facts([*facts.proofs, proof("procurement.project_team_formed")]), on=late)

    assert found.before.stage_number == 0
    assert keys(found) == ["2.M1", "2.M2", "2.S1", "2.S2"]


def keys_of_expired(facts, on):
    found = assess(COMPILED, facts, on=on)
    return [slot.item.key for slot in COMPILED.slots if found.expired[slot.word] & slot.bit]


def test_a_waiver_spares_an_item_and_holds_the_rate_back():
    rows = [method_is(Method.DIRECT), *stage_proofs(EIGHT, 1, 2, skip=("2.S1",))]
    facts = Facts([*rows, proof("procurement.sample_requested")], [Waiver("2.S1", DAY, DAY)])

    found = catch_up(COMPILED, facts, on=DAY)

    assert keys(found) == ["3.M1", "3.M2", "3.S1", "3.S2", "3.S3"]
    assert (found.after.lag, found.after.rate_percent) == (0, 5)


def test_items_that_wait_for_the_purchase_method_are_listed_without_evidence():
    facts = Facts([*stage_proofs(EIGHT, 1, 2, 3), proof(NOTICE)])

    found = catch_up(COMPILED, facts, on=DAY)

    assert [step.slot.item.key for step in found.steps if step.accept is None] == ["4.S2"]
    assert not found.is_certain


@pytest.mark.parametrize("closed", [False, True])
def test_a_deal_that_is_level_or_closed_has_nothing_to_catch_up(closed):
    rows = [method_is(Method.DIRECT), *stage_proofs(EIGHT, 1), proof("procurement.estimate_requested")]
    closing = [Closing(Outcome.LOST, DAY, DAY)] if closed else []
    rows += [proof("procurement.sample_requested")] if closed else []

    assert catch_up(COMPILED, Facts(rows, (), closing), on=DAY) is None
    assert catch_up(COMPILED, Facts(), on=DAY) is None


@pytest.mark.parametrize("key", sorted(BENCHES))
@settings(max_examples=15)
@given(data=st.data())
def test_the_list_brings_level_and_nothing_on_it_can_be_left_out(key, data):
    bench = BENCHES[key]
    held = data.draw(st.lists(st.sampled_from(bench.gating), max_size=30, unique=True))
    method = data.draw(st.sampled_from([m for m in Method if m is not Method.UNKNOWN]))
    mark = data.draw(st.sampled_from(bench.marks))
    age = timedelta(days=data.draw(st.sampled_from([0, 60, 130, 200])))
    old = [proof(name, on=DAY - age) for name in held if name not in bench.playbook.settlements and name != METHOD_KEY]
    facts = Facts([*old, method_is(method), proof(mark)])

    found = catch_up(bench.compiled, facts, on=DAY)

    if found is None:
        assert (assess(bench.compiled, facts, on=DAY).lag or 0) <= 0
        return
    complete = proved(facts, found)
    assert assess(bench.compiled, complete, on=DAY).completed_stage >= found.target - 1
    for step in found.steps:
        without = [
            row
            for row in complete.proofs
            if (row.key, row.happened_on) != (step.accept.evidence, DAY) or row in facts.proofs
        ]
        assert assess(bench.compiled, Facts(without), on=DAY).completed_stage < found.target - 1


def test_no_shorter_list_would_do():
    rows = [
        method_is(Method.DIRECT),
        *stage_proofs(EIGHT, 1, 2, 3, skip=("2.S1", "3.S1")),
        proof("procurement.sample_requested"),
    ]
    facts = Facts(rows)
    found = catch_up(COMPILED, facts, on=DAY)
    others = sorted(
        {key for item in EIGHT.playbook.items if item.gates and item.stage < 4 for key in item.evidence_keys}
    )

    shorter = [
        pair
        for size in range(len(found.steps))
        for pair in combinations(others, size)
        if assess(COMPILED, Facts([*rows, *map(proof, pair)]), on=DAY).completed_stage >= 3
    ]

    assert keys(found) == ["2.S1", "3.S1"]
    assert shorter == []
