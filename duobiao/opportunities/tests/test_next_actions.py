"""What to do next is ranked by what it opens, and says what it changes."""

from datetime import timedelta

import pytest
from django.utils import translation

from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.gates import gap_of
from duobiao.opportunities.queries.next_actions import next_actions
from duobiao.opportunities.queries.renewals import renewals
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_unit, make_user, prove_stages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit())


@pytest.fixture
def manager(seller):
    return make_user("zhou", role="manager", unit=seller.unit)


@pytest.fixture
def deal(seller):
    return make_deal(seller)


def confirm(deal, seller, key, **fields):
    confirm_evidence(opportunity=deal, draft=draft(key, **fields), actor=seller, now=NOW)


def test_a_new_deal_begins_with_a_call_that_does_much_at_once(deal):
    first, *rest = next_actions(explain(deal, TODAY), limit=9)

    assert (first.what, first.url) == ("Call the handler and log it", f"/calls/new/?opportunity={deal.ref}")
    assert first.effect == "enters stage 1"
    assert "Note what the buyer has done" in [action.what for action in rest]
    assert all(action.why for action in rest)


def test_proving_what_stands_on_a_waiver_comes_first_because_it_lifts_the_rate(deal, seller, manager):
    prove_stages(deal, 1, 2, 3, actor=seller, skip=("3.S2",))
    last = TODAY + timedelta(days=45)
    ask_waiver(opportunity=deal, item="3.S2", reason="r", expires_on=last, actor=manager, now=NOW)
    confirm(deal, seller, "engagement.exchange_held")
    confirm(deal, seller, "solutions.questions_answered", grade=1, quote="")

    first, second, *_ = next_actions(explain(deal, TODAY))

    assert first.effect == "success rate 10% → 25%"
    assert first.url == f"/opportunities/{deal.ref}/proofs/new/?item=3.S2"
    assert (second.what, second.effect) == (
        "Strengthen the evidence: Questions answered in writing, or none raised",
        "enters stage 4",
    )


def test_an_expiry_within_two_weeks_is_said_with_what_it_would_cost(deal, seller):
    prove_stages(deal, 1, actor=seller)

    found = next_actions(explain(deal, TODAY + timedelta(days=80)), limit=9)
    renewal = next(action for action in found if action.what.startswith("Renew"))

    assert renewal.why == "runs out on Dec 15"
    assert renewal.effect == "otherwise back before stage 1, success rate 5% → 0%"
    assert renewal.tone == "lag"


def test_an_appointment_that_runs_out_is_one_action_and_it_is_the_visit(deal, seller):
    prove_stages(deal, 1, actor=seller, skip=("1.S2", "1.S3", "1.S4", "1.P5"))
    for name in ("time", "place", "topic"):
        confirm(deal, seller, f"engagement.visit_{name}_agreed", valid_until=TODAY + timedelta(days=9))

    explained = explain(deal, TODAY)
    (renewal,) = renewals(explained, within_days=14)
    found = [action for action in next_actions(explained, limit=9) if action.url == renewal.url]

    assert renewal.url == f"/visits/record/?opportunity={deal.ref}"
    assert [line.item for line in renewal.lines] == ["1.S2", "1.S3", "1.S4"]
    assert renewal.title == "Agreed visit: time, place and topic"
    assert [action.what for action in found] == ["Visit the customer and log it"]


def test_a_rival_chosen_proposes_to_close_first(deal, seller):
    prove_stages(deal, 1, actor=seller)
    confirm(deal, seller, "procurement.rival_awarded")

    (only,) = next_actions(explain(deal, TODAY), limit=9)

    assert (only.what, only.url) == ("Close the deal as lost", f"/opportunities/{deal.ref}/close/?outcome=LOST")


def test_coming_too_late_asks_for_a_decision(deal, seller):
    prove_stages(deal, 1, actor=seller)
    confirm(deal, seller, "contracts.buyer_draft_received")

    found = next_actions(explain(deal, TODAY), limit=9)

    assert [action.what for action in found][1] == "Decide whether to give up"
    assert found[1].url == f"/opportunities/{deal.ref}/give-up/"


def test_an_item_of_a_later_gate_says_what_it_brings_once_this_one_is_open(deal, seller):
    prove_stages(deal, 1, 2, 3, actor=seller)
    prove_stages(deal, 4, actor=seller, skip=("4.M2", "4.S3"))

    found = next_actions(explain(deal, TODAY), limit=9)

    assert [action.effect for action in found][:2] == [
        "enters stage 4",
        "afterwards completes stage 4, success rate 25% → 30%, level with the buyer",
    ]


def test_an_unknown_method_is_one_action_however_many_items_wait_for_it(deal, seller):
    prove_stages(deal, 1, 2, 3, actor=seller)
    from duobiao.opportunities.actions.retract_proof import retract_proof
    from duobiao.opportunities.models import Proof

    retract_proof(proof=Proof.objects.get(key="procurement.method_known"), reason="r", actor=seller, now=NOW)
    confirm(deal, seller, "engagement.exchange_held")
    confirm(deal, seller, "solutions.questions_answered")

    found = next_actions(explain(deal, TODAY), limit=20)

    assert [action.url for action in found].count(f"/opportunities/{deal.ref}/purchase-method/") == 1


def test_a_closed_deal_has_nothing_to_do(deal, seller):
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    assert next_actions(explain(deal, TODAY)) == []


def test_the_gap_counts_what_is_missing_and_what_is_waived(deal, seller, manager):
    prove_stages(deal, 1, 2, 3, actor=seller, skip=("3.S2",))
    last = TODAY + timedelta(days=45)
    ask_waiver(opportunity=deal, item="3.S2", reason="r", expires_on=last, actor=manager, now=NOW)

    gap = gap_of(explain(deal, TODAY), may_prove=True)

    assert (gap.missing, gap.waived) == (5, 1)
    assert [group.title for group in gap.groups] == ["Enter stage 4", "Complete stage 4", "Standing on a waiver"]
    assert [(group.met, group.required) for group in gap.groups[:2]] == [(0, 2), (1, 4)]
    assert [item.primary for group in gap.groups for item in group.items].count(True) == 1
    assert gap.groups[2].items[0].title == "Stage 3: Budget in place or its source clear"


def test_a_reader_gets_reasons_but_no_buttons(deal):
    gap = gap_of(explain(deal, TODAY), may_prove=False)

    assert {item.action_url for group in gap.groups for item in group.items} == {""}
    assert all(item.reason for group in gap.groups for item in group.items)


def test_a_procurement_ended_by_the_buyer_proposes_to_close(deal, seller):
    prove_stages(deal, 1, actor=seller)
    confirm(deal, seller, "procurement.terminated")

    (only,) = next_actions(explain(deal, TODAY), limit=9)

    assert (only.what, only.why) == ("Close the deal as lost", "the buyer has ended the procurement")
