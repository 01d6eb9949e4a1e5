"""Waiving, time passing, closing, handing over: what each does to a deal and what each refuses."""

from datetime import timedelta

import pytest
from django.utils import translation

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.refusals import OwnRequest
from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.models import Hold
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, Refusal, StaleVersion
from duobiao.opportunities.actions.ask_give_up import ask_give_up
from duobiao.opportunities.actions.ask_waiver import ContractCannotBeWaived, WaiverExists, ask_waiver
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.actions.close_opportunity import ApproverNeeded, ContractMissing, close_opportunity
from duobiao.opportunities.actions.confirm_evidence import (
    confirm_evidence,
)
from duobiao.opportunities.actions.decide_waiver import decide_waiver, end_waiver
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.actions.reopen_opportunity import reopen_opportunity
from duobiao.opportunities.actions.retract_proof import ContractHolds, retract_proof
from duobiao.opportunities.actions.verify_proof import verify_proof
from duobiao.opportunities.events import WaiverExpired
from duobiao.opportunities.models import Opportunity, Proof, StageChange, Waiver
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
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db

INTEREST = "engagement.interest_shown"


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhoujianguo", role=Role.MANAGER, unit=unit)


@pytest.fixture
def deal(seller):
    return make_deal(seller)


def counts() -> tuple[int, int, int]:
    return Proof.objects.count(), Entry.objects.count(), StageChange.objects.count()


def test_a_waiver_by_the_seller_waits_for_the_manager_and_moves_the_stage_but_not_the_rate(deal, seller, manager):
    prove_stages(deal, 1, actor=seller, skip=("1.S4",))
    waiver = ask_waiver(
        opportunity=deal, item="1.S4", reason="on the way", expires_on=TODAY + timedelta(days=30), actor=seller, now=NOW
    )
    assert waiver.is_pending
    with pytest.raises(NotAllowed):
        decide_waiver(waiver=waiver, approved=True, actor=seller, now=NOW)

    decide_waiver(waiver=waiver, approved=True, actor=manager, now=NOW)

    deal.refresh_from_db()
    assert (deal.stage_number, deal.state, deal.rate_percent, deal.waived_count) == (1, "TRANSIT", 0, 1)
    told = list(Notification.objects.order_by("pk").values_list("user__username", "event"))
    assert told == [("zhoujianguo", "approvals.task_assigned"), ("linxiao", "approvals.approval_decided")]


def test_a_manager_cannot_waive_on_their_own_deal(manager):
    own = make_deal(manager)

    waiver = ask_waiver(opportunity=own, item="1.S4", reason="x", expires_on=TODAY, actor=manager, now=NOW)

    assert waiver.is_pending
    with pytest.raises(OwnRequest):
        decide_waiver(waiver=waiver, approved=True, actor=manager, now=NOW)


def test_the_only_person_of_an_installation_may_waive_and_it_is_marked():
    admin = make_user("admin", role=Role.ADMINISTRATOR)
    own = make_deal(admin)

    waiver = ask_waiver(opportunity=own, item="1.S4", reason="x", expires_on=TODAY, actor=admin, now=NOW)

    assert waiver.approved_on == TODAY
    assert waiver.decisions.get().alone


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"expires_on": TODAY - timedelta(days=1)}, Invalid),
        ({"expires_on": TODAY + timedelta(days=91)}, Invalid),
        ({"reason": "  "}, Invalid),
        ({"item": "9.M9"}, Invalid),
        ({"item": "8.M1"}, ContractCannotBeWaived),
    ],
)
def test_bad_waivers_change_nothing(deal, manager, wrong, refusal):
    fields = {"item": "1.S4", "reason": "x", "expires_on": TODAY, **wrong}

    with pytest.raises(refusal):
        ask_waiver(opportunity=deal, actor=manager, now=NOW, **fields)

    assert not Waiver.objects.exists()


def test_a_waiver_ends_once_and_the_deal_falls_back(deal, seller, manager):
    prove_stages(deal, 1, actor=seller, skip=("1.S4",))
    waiver = ask_waiver(opportunity=deal, item="1.S4", reason="x", expires_on=TODAY, actor=manager, now=NOW)
    with pytest.raises(WaiverExists):
        ask_waiver(opportunity=deal, item="1.S4", reason="x", expires_on=TODAY, actor=manager, now=NOW)

    end_waiver(waiver=waiver, actor=manager, now=NOW)

    deal.refresh_from_db()
    assert (deal.state, deal.waived_count) == ("IN_STAGE", 0)


def test_evidence_runs_out_by_itself_and_the_owner_is_told(deal, seller):
    prove_stages(deal, 1, actor=seller)
    assert deal.reassess_on == TODAY + timedelta(days=91)

    done = reassess_due(now=NOW + timedelta(days=91))

    deal.refresh_from_db()
    assert (done, deal.stage_number, deal.rate_percent) == (1, 0, 0)
    change = StageChange.objects.order_by("-sequence").first()
    assert (change.cause, change.actor) == ("day_passed", None)
    assert change.cause_text == {"lost": ["1.M1"]}
    told = Notification.objects.filter(event="opportunities.stage_changed")
    assert told.get().user == seller
    assert reassess_due(now=NOW + timedelta(days=91)) == 0


def test_the_owner_is_told_once_that_a_waiver_ended_and_where_the_deal_fell_back_to(deal, seller, manager):
    prove_stages(deal, 1, actor=seller, skip=("1.S4",))
    ask_waiver(opportunity=deal, item="1.S4", reason="x", expires_on=TODAY + timedelta(days=3), actor=manager, now=NOW)

    moved = [reassess_due(now=NOW + timedelta(days=day)) for day in (3, 4, 4, 5)]

    assert moved == [0, 1, 0, 0]
    told = Notification.objects.get(user=seller)
    assert (told.event, told.data["until"]) == ("opportunities.waiver_expired", "2026-09-19")
    with translation.override("en"):
        title, detail = WaiverExpired.describe(told.data)
    assert title.startswith("The waiver on “")
    assert detail.endswith("· Back to stage 1")


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"reason": "PRICE"}, {"reason"}),
        ({"alternatives": "  "}, {"alternatives"}),
        ({"note": "x" * 1001}, {"note"}),
    ],
)
def test_a_give_up_without_reason_or_alternatives_is_not_asked_for(deal, seller, wrong, fields):
    values = {"reason": "LATE", "alternatives": "tried a partner", "note": "", **wrong}

    with pytest.raises(Invalid) as refused:
        ask_give_up(opportunity=deal, actor=seller, now=NOW, **values)

    assert set(refused.value.fields) == fields
    assert not ApprovalRequest.objects.exists()


def test_giving_up_ones_own_deal_takes_an_approver_also_for_a_manager(manager):
    own = make_deal(manager)

    with pytest.raises(ApproverNeeded):
        close_opportunity(opportunity=own, outcome="GIVEN_UP", reason="LATE", on=TODAY, actor=manager, now=NOW)

    own.refresh_from_db()
    assert own.outcome == "OPEN"


def test_a_refused_give_up_leaves_the_deal_running(deal, seller, manager):
    request = ask_give_up(opportunity=deal, reason="LATE", alternatives="tried", actor=seller, now=NOW)

    decide(request=request, approved=False, note="go on", actor=manager, now=NOW)

    deal.refresh_from_db()
    assert deal.outcome == "OPEN"
    assert Entry.objects.filter(chain=deal.ref, event="opportunities.give_up_declined").count() == 1


def test_a_deal_is_won_only_by_the_contract(deal, seller):
    with pytest.raises(ContractMissing):
        close_opportunity(opportunity=deal, outcome="WON", reason="VALUE", on=TODAY, actor=seller, now=NOW)
    confirm_evidence(opportunity=deal, draft=draft("contracts.signed_by_both"), actor=seller, now=NOW)

    close_opportunity(opportunity=deal, outcome="WON", reason="VALUE", on=TODAY, actor=seller, now=NOW)

    deal.refresh_from_db()
    assert (deal.outcome, deal.closed_on) == ("WON", TODAY)
    assert not Hold.objects.exists()


def test_giving_up_and_reopening_take_a_manager(deal, seller, manager):
    closing = {"opportunity": deal, "outcome": "GIVEN_UP", "reason": "NO_FIT", "on": TODAY, "now": NOW}
    with pytest.raises(NotAllowed):
        close_opportunity(actor=seller, **closing)
    close_opportunity(actor=manager, **closing)
    with pytest.raises(NotAllowed):
        reopen_opportunity(opportunity=deal, reason="they called", actor=seller, now=NOW)

    reopen_opportunity(opportunity=deal, reason="they called", actor=manager, now=NOW)

    assert deal.outcome == "OPEN"


def test_nothing_more_is_proved_on_a_lost_deal(deal, seller):
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)
    before = counts()

    with pytest.raises(DealClosed):
        confirm_evidence(opportunity=deal, draft=draft(INTEREST), actor=seller, now=NOW)

    assert counts() == before


def test_editing_from_an_old_version_shows_what_is_there_now(deal, seller):
    edit_opportunity(opportunity=deal, version=1, values={"name": "恒睿二期 MES"}, actor=seller, now=NOW)

    with pytest.raises(StaleVersion) as refused:
        edit_opportunity(opportunity=deal, version=1, values={"name": "other"}, actor=seller, now=NOW)

    assert refused.value.details["current"]["name"] == "恒睿二期 MES"
    assert Opportunity.objects.get().name == "恒睿二期 MES"


def test_hand_over_keeps_stage_history_and_authors(deal, seller, manager, unit):
    confirm_evidence(opportunity=deal, draft=draft(INTEREST), actor=seller, now=NOW)
    successor = make_user("chenmo", unit=unit)

    handover_opportunity(opportunity=deal, to=successor, actor=manager, now=NOW)

    assert (deal.owner, deal.stage_number) == (successor, 1)
    assert Proof.objects.get().recorded_by == seller
    assert Opportunity.objects.visible_to(successor).get() == deal
    assert not Opportunity.objects.visible_to(seller).exists()


def test_nobody_with_open_deals_leaves_without_a_successor(deal, seller, unit):
    admin = make_user("admin", role=Role.ADMINISTRATOR, unit=unit)

    with pytest.raises(Refusal):
        deactivate_user(user=seller, successor=None, version=seller.version, actor=admin, now=NOW)

    seller.refresh_from_db()
    assert seller.is_active


def test_a_successor_takes_over_deals_and_places_on_teams(deal, seller, unit):
    admin = make_user("admin", role=Role.ADMINISTRATOR, unit=unit)
    successor = make_user("chenmo", unit=unit)
    other = make_deal(make_user("other", unit=unit))
    add_to_team(opportunity=other, user=seller, role="PRESALES", actor=other.owner, now=NOW)

    deactivate_user(user=seller, successor=successor, version=seller.version, actor=admin, now=NOW)

    deal.refresh_from_db()
    assert deal.owner == successor
    assert list(other.team.values_list("user__username", flat=True)) == ["chenmo"]


def test_an_approvers_own_waiver_replaces_the_request_that_waits(deal, seller, manager):
    asked = ask_waiver(opportunity=deal, item="1.S4", reason="x", expires_on=TODAY, actor=seller, now=NOW)

    granted = ask_waiver(opportunity=deal, item="1.S4", reason="y", expires_on=TODAY, actor=manager, now=NOW)

    asked.refresh_from_db()
    assert (asked.ended_on, granted.approved_on) == (TODAY, TODAY)


def test_a_request_cannot_be_granted_after_the_deal_was_closed(deal, seller, manager):
    waiver = ask_waiver(opportunity=deal, item="1.M1", reason="x", expires_on=TODAY, actor=seller, now=NOW)
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    with pytest.raises(DealClosed):
        decide_waiver(waiver=waiver, approved=True, actor=manager, now=NOW)

    deal.refresh_from_db()
    assert deal.stage_number == 0


def test_the_contract_of_a_won_deal_stays(deal, seller):
    contract = confirm_evidence(opportunity=deal, draft=draft("contracts.signed_by_both"), actor=seller, now=NOW).proof
    close_opportunity(opportunity=deal, outcome="WON", reason="VALUE", on=TODAY, actor=seller, now=NOW)

    with pytest.raises(ContractHolds):
        retract_proof(proof=contract, reason="oops", actor=seller, now=NOW)

    contract.refresh_from_db()
    assert contract.is_live


def test_a_retracted_verification_leaves_the_proof_unverified_again(deal, seller, manager):
    contact = make_contact(deal.customer)
    first = confirm_evidence(
        opportunity=deal, draft=draft(INTEREST, 3, contact=contact, channel="EMAIL"), actor=seller, now=NOW
    ).proof
    verified = verify_proof(proof=first, actor=manager, now=NOW).proof

    retract_proof(proof=verified, reason="wrong mail", actor=manager, now=NOW)

    first.refresh_from_db()
    assert first.is_unverified


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "procurement.method_known", "method": "UNKNOWN"},
        {"valid_until": TODAY - timedelta(days=1)},
        {"valid_until": TODAY.replace(year=9999)},
    ],
)
def test_facts_that_cannot_be_are_refused(deal, seller, wrong):
    with pytest.raises(Invalid) as refused:
        confirm_evidence(opportunity=deal, draft=draft(**{"key": INTEREST, **wrong}), actor=seller, now=NOW)

    assert set(refused.value.fields) == {next(iter(set(wrong) - {"key"}))}
    assert not Proof.objects.exists()
