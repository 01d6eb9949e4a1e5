"""What the two tracks say in each state."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.preview import preview_of_waiver
from duobiao.opportunities.queries.tracks import moves_of, tracks
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    draft,
    make_contact,
    make_deal,
    make_unit,
    make_user,
    prove_stages,
)

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


def drawn(deal, on=TODAY, **options):
    return tracks(explain(deal, on), moves_of(deal.pk), may_prove=True, **options)


def our_states(stepper) -> str:
    return " ".join(step.state for step in stepper.ours)


def mark(deal, seller, key: str, on: date = TODAY) -> None:
    confirm_evidence(opportunity=deal, draft=draft(key, on=on), actor=seller, now=NOW)


def test_a_new_deal_awaits_stage_one_and_asks_for_the_buyer(deal):
    stepper = drawn(deal)

    assert our_states(stepper) == "goal open open open open open open open"
    assert stepper.lag.verdict == "UNKNOWN"
    assert stepper.record_buyer_url == f"/opportunities/{deal.ref}/buyer/"
    assert stepper.headline == "The buyer's stage is unknown; we are about to enter stage 1"
    assert [step.rate for step in stepper.ours] == ["open"] * 8


def test_in_transit_the_next_stage_is_the_goal_and_the_gap_runs_from_it(deal, seller):
    prove_stages(deal, 1, actor=seller)
    mark(deal, seller, "procurement.project_team_formed", TODAY - timedelta(days=3))

    stepper = drawn(deal, TODAY + timedelta(days=35))

    assert our_states(stepper) == "done goal open open open open open open"
    assert (stepper.ours[1].met, stepper.ours[1].required) == (0, 2)
    assert (stepper.our_number, stepper.buyer_number) == (2, 3)
    assert (stepper.lag.verdict, stepper.lag.distance, stepper.lag.since) == ("CATCH_UP", 1, TODAY)
    assert stepper.headline == "The buyer is in stage 3; we are about to enter stage 2"
    assert stepper.detail == "Stage 1 is completed, 2 more items enter stage 2; here for 35 days"
    assert stepper.ours[0].on == TODAY
    assert stepper.buyers[2].mark == "Team formed"


def test_a_waiver_shows_the_unreached_rate_struck_through(deal, seller, manager):
    prove_stages(deal, 1, 2, actor=seller, skip=("2.S1",))
    ask_waiver(opportunity=deal, item="2.S1", reason="r", expires_on=TODAY + timedelta(days=9), actor=manager, now=NOW)

    stepper = drawn(deal)

    assert our_states(stepper).startswith("done waived goal")
    assert stepper.ours[1].waivers == 1
    assert [step.rate for step in stepper.ours[:3]] == ["current", "held", "open"]


def test_the_rate_a_stage_would_bring_is_not_promised_while_an_item_of_it_stands_on_a_waiver(deal, seller, manager):
    prove_stages(deal, 1, 2, actor=seller, skip=("2.S1", "2.S2"))
    last = TODAY + timedelta(days=9)
    promised, foreseen = drawn(deal).detail, preview_of_waiver(explain(deal, TODAY), "2.S1", TODAY, last)
    ask_waiver(opportunity=deal, item="2.S1", reason="r", expires_on=last, actor=manager, now=NOW)

    shown = drawn(deal).detail

    assert "2 more items complete stage 2 (success rate 10%)" in promised
    assert next(row.after for row in foreseen.rows if row.label == "Success rate").endswith("still stands on a waiver")
    assert "1 more item completes stage 2; while “" in shown
    assert shown.endswith("stands on a waiver the success rate is 5%")


def test_settled_stages_are_shown_as_settled(deal, seller):
    mark_settled = draft("procurement.shortlisted", 3, contact=make_contact(deal.customer), channel="EMAIL")
    confirm_evidence(opportunity=deal, draft=mark_settled, actor=seller, now=NOW)

    stepper = drawn(deal)

    assert our_states(stepper) == "settled settled settled settled goal open open open"
    assert stepper.lag.verdict == "IN_SYNC"


def test_what_only_an_import_claims_is_hatched_with_a_way_to_prove_it(deal, seller):
    prove_stages(deal, 1, actor=seller)
    deal.claimed_stage = 5

    stepper = drawn(deal)

    assert our_states(stepper) == "done goal claimed claimed claimed open open open"
    assert stepper.ours[2].proof_url == f"/opportunities/{deal.ref}/stages/3/"
    assert "the source says stage 5, evidence reaches stage 1" in stepper.detail


def test_too_late_is_said_so(deal, seller):
    prove_stages(deal, 1, actor=seller)
    mark(deal, seller, "contracts.buyer_draft_received")

    stepper = drawn(deal)

    assert stepper.lag.verdict == "GIVE_UP_PROPOSED"
    assert "decide whether to give up" in stepper.detail


def test_being_far_ahead_is_said_so(deal, seller):
    prove_stages(deal, 1, 2, actor=seller)

    stepper = drawn(deal)

    assert (stepper.lag.verdict, stepper.lag.distance) == ("AHEAD", -2)
    assert "hold the effort" in stepper.detail


def test_the_bid_deadline_is_announced_at_the_stage_of_evaluation(deal):
    stepper = drawn(deal, bid_day=TODAY + timedelta(days=26))

    assert (stepper.buyers[5].on, stepper.buyers[5].mark) == (TODAY + timedelta(days=26), "bids due")


def test_a_closed_deal_has_no_gap_and_no_goal(deal, seller):
    prove_stages(deal, 1, actor=seller)
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    stepper = drawn(deal)

    assert stepper.lag is None
    assert stepper.outcome == "LOST"
    assert our_states(stepper) == "done open open open open open open open"
    assert stepper.headline == "Lost, with 1 stage completed"
    assert stepper.record_buyer_url == ""


def test_a_stage_fallen_out_of_loses_its_day(deal, seller):
    prove_stages(deal, 1, actor=seller)

    stepper = tracks(explain(deal, TODAY + timedelta(days=200)), moves_of(deal.pk), may_prove=False)

    assert our_states(stepper).startswith("goal")
    assert stepper.ours[0].on is None
