"""What would change is what then changes."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.retract_proof import retract_proof
from duobiao.opportunities.models import Proof
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.what_if import draft_fact, next_fall, planned_proof, what_if
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_unit, make_user, prove_stages
from duobiao.playbooks.domain.facts import Waiver
from duobiao.playbooks.domain.model import Grade, Kind
from duobiao.playbooks.queries import catalogue

pytestmark = pytest.mark.django_db

INTEREST = "engagement.interest_shown"


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit())


@pytest.fixture
def manager(seller):
    return make_user("zhou", role="manager", unit=seller.unit)


@pytest.fixture
def deal(seller):
    return make_deal(seller)


def columns(deal) -> tuple[object, ...]:
    deal.refresh_from_db()
    return (
        deal.stage_number,
        deal.state,
        deal.completed_stage,
        deal.rate_percent,
        deal.buyer_stage,
        deal.lag,
        deal.word_0,
        deal.word_1,
        deal.word_2,
        deal.reassess_on,
    )


def foreseen(assessment) -> tuple[object, ...]:
    words = [*assessment.position, 0, 0, 0][:3]
    return (
        assessment.stage_number,
        str(assessment.state),
        assessment.completed_stage,
        assessment.rate_percent,
        assessment.buyer_stage,
        assessment.lag,
        *words,
        assessment.reassess_on,
    )


def test_the_first_milestone_would_enter_stage_one_and_leave_the_rate(deal):
    found = explain(deal, TODAY)

    change = what_if(found, proofs=[draft_fact(deal, INTEREST, 1, on=TODAY, known_on=TODAY)])

    assert (change.after.stage_number, change.after.rate_percent) == (1, 0)
    assert change.advances
    assert (change.gate_before.kind, change.gate_before.met, change.gate_before.required) == (Kind.M, 0, 1)
    assert change.gate_after.met == 1
    assert (change.lacking_before, change.lacking_after) == (10, 8)
    assert change.newly == ("1.M1", "1.P3")


def test_a_proof_too_weak_moves_nothing(deal):
    found = explain(deal, TODAY)

    change = what_if(found, proofs=[draft_fact(deal, "engagement.visit_held", 1, on=TODAY, known_on=TODAY)])

    assert not change.moves_anything
    assert change.newly == ()


def test_the_weakest_sufficient_proof_of_an_item_counts_for_it(deal, seller):
    prove_stages(deal, 1, actor=seller)
    found = explain(deal, TODAY)

    for line in found.entering(2):
        proof = planned_proof(line, found)
        assert line.item in what_if(found, proofs=[proof]).newly


def test_a_retraction_is_foreseen(deal, seller):
    prove_stages(deal, 1, actor=seller)
    proof = Proof.objects.get(key=INTEREST)

    change = what_if(explain(deal, TODAY), without={proof.ref})
    retract_proof(proof=proof, reason="wrong deal", actor=seller, now=NOW)

    assert change.falls_back
    assert foreseen(change.after) == columns(deal)


def test_a_waiver_is_foreseen_and_leaves_the_rate(deal, seller, manager):
    prove_stages(deal, 1, 2, actor=seller, skip=("2.S1",))
    last = TODAY + timedelta(days=30)

    change = what_if(explain(deal, TODAY), waivers=[Waiver("2.S1", TODAY, last)])
    ask_waiver(opportunity=deal, item="2.S1", reason="letter under way", expires_on=last, actor=manager, now=NOW)

    assert (change.after.completed_stage, change.rate_gain) == (2, 0)
    assert foreseen(change.after) == columns(deal)


def test_the_next_fall_names_the_day_and_what_is_lost(deal, seller):
    prove_stages(deal, 1, actor=seller)

    day, change = next_fall(explain(deal, TODAY), within_days=120)

    assert day == TODAY + timedelta(days=91)
    assert change.lost == ("1.M1",)
    assert (change.after.stage_number, change.after.rate_percent) == (0, 0)
    assert next_fall(explain(deal, TODAY), within_days=90) is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(catalogue())),
            st.sampled_from([1, 2, 3]),
            st.integers(0, 200),
            st.sampled_from(["DIRECT", "OPEN_TENDER", "NEGOTIATION"]),
        ),
        min_size=1,
        max_size=6,
    ),
    through=st.integers(0, 6),
)
def test_what_is_foreseen_is_what_then_happens(steps, through):
    seller = make_user()
    deal = make_deal(seller)
    if through:
        prove_stages(deal, *range(1, through + 1), actor=seller)
    for key, grade, days, method in steps:
        on = TODAY - timedelta(days=days)
        chosen = method if key == "procurement.method_known" else ""
        wanted = draft(key, Grade(grade), on, method=chosen)
        kept = min(grade, 2, catalogue()[key].ceiling)
        change = what_if(
            explain(deal, TODAY), proofs=[draft_fact(deal, key, kept, on=on, known_on=TODAY, method=chosen)]
        )

        confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=NOW)

        assert foreseen(change.after) == columns(deal)
