"""Recording, retracting, waiving, closing: what each does to a deal and what each refuses."""

from datetime import timedelta

import pytest

from duobiao.customers.models import CustomerGrant, Hold
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import CompanySettings, Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, Refusal, StaleVersion
from duobiao.opportunities.actions.ask_waiver import ContractCannotBeWaived, WaiverExists, ask_waiver
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.actions.close_opportunity import ContractMissing, close_opportunity
from duobiao.opportunities.actions.confirm_evidence import (
    HappenedInTheFuture,
    UnknownEvidence,
    confirm_evidence,
)
from duobiao.opportunities.actions.decide_waiver import OwnWaiver, decide_waiver, end_waiver
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.actions.reopen_opportunity import reopen_opportunity
from duobiao.opportunities.actions.retract_proof import AlreadyRetracted, ContractHolds, retract_proof
from duobiao.opportunities.actions.sync_evidence import sync_evidence
from duobiao.opportunities.actions.verify_proof import OwnProof, verify_proof
from duobiao.opportunities.models import Grade, Opportunity, Proof, StageChange, Waiver
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    draft,
    make_contact,
    make_customer,
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


def test_a_new_deal_stands_nowhere_and_has_a_spoken_number(deal, seller):
    assert deal.ref == "P-2026-0001"
    assert (deal.stage_number, deal.state, deal.rate_percent) == (0, "NOT_ENTERED", 0)
    assert (deal.gate_met, deal.gate_required) == (0, 1)
    assert Hold.objects.get().reason == deal.name
    assert CustomerGrant.objects.get().user == seller


def test_a_proof_moves_the_deal_and_leaves_its_trace(deal, seller):
    confirmed = confirm_evidence(opportunity=deal, draft=draft(INTEREST), actor=seller, now=NOW)

    assert confirmed.created
    assert (deal.stage_number, deal.state) == (1, "IN_STAGE")
    change = StageChange.objects.get()
    assert (change.stage_before, change.stage_after, change.cause) == (0, 1, "opportunities.proof_confirmed")
    assert list(Entry.objects.filter(chain=deal.ref).order_by("sequence").values_list("event", flat=True)) == [
        "opportunities.opportunity_created",
        "opportunities.proof_confirmed",
        "opportunities.stage_changed",
    ]


def test_the_same_proof_again_is_the_first_one(deal, seller):
    first = confirm_evidence(opportunity=deal, draft=draft(INTEREST), actor=seller, now=NOW)
    before = counts()

    again = confirm_evidence(opportunity=deal, draft=draft(INTEREST), actor=seller, now=NOW)

    assert (again.proof, again.created) == (first.proof, False)
    assert counts() == before


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"on": TODAY + timedelta(days=1)}, HappenedInTheFuture),
        ({"key": "engagement.no_such_thing"}, UnknownEvidence),
        ({"quote": "x" * 4001}, Invalid),
        ({"channel": "PIGEON"}, Invalid),
        ({"method": "DIRECT"}, Invalid),
    ],
)
def test_bad_proofs_change_nothing(deal, seller, wrong, refusal):
    before = counts()

    with pytest.raises(refusal):
        confirm_evidence(opportunity=deal, draft=draft(**{"key": INTEREST, **wrong}), actor=seller, now=NOW)

    assert counts() == before


def test_today_is_the_day_where_the_person_sits(deal, seller):
    late_evening_in_shanghai = NOW.replace(hour=15, minute=30)
    seller.time_zone = "Pacific/Auckland"
    seller.save()

    confirmed = confirm_evidence(
        opportunity=deal,
        draft=draft(INTEREST, on=TODAY + timedelta(days=1)),
        actor=seller,
        now=late_evening_in_shanghai,
    )

    assert confirmed.created
    assert deal.stage_number == 0
    assert deal.reassess_on == TODAY + timedelta(days=1)


def test_a_contact_of_another_company_cannot_be_quoted(deal, seller):
    stranger = make_contact(make_customer(seller))

    with pytest.raises(Invalid) as refused:
        confirm_evidence(opportunity=deal, draft=draft(INTEREST, contact=stranger), actor=seller, now=NOW)

    assert "contact" in refused.value.fields


@pytest.mark.parametrize(
    ("claimed", "fields", "kept", "lowered"),
    [
        (3, {}, 2, "support"),
        (3, {"quote": ""}, 1, "support"),
        (3, {"person": True}, 3, ""),
        (1, {"person": True}, 1, ""),
        (2, {"source": Ref("call", "Q-1"), "quote": ""}, 2, ""),
    ],
)
def test_the_grade_is_what_the_support_shows(deal, seller, claimed, fields, kept, lowered):
    if fields.pop("person", False):
        fields = {**fields, "contact": make_contact(deal.customer), "channel": "PHONE"}

    confirmed = confirm_evidence(opportunity=deal, draft=draft(INTEREST, claimed, **fields), actor=seller, now=NOW)

    assert (confirmed.proof.grade, confirmed.lowered) == (kept, lowered)


def test_internal_evidence_tops_out_at_documented(deal, seller):
    contact = make_contact(deal.customer)
    internal = "customers.target_criteria_met"

    confirmed = confirm_evidence(
        opportunity=deal, draft=draft(internal, 3, contact=contact, channel="PHONE"), actor=seller, now=NOW
    )

    assert (confirmed.proof.grade, confirmed.lowered) == (Grade.DOCUMENTED, "ceiling")


def test_a_second_person_raises_a_buyer_confirmation(deal, seller, manager):
    CompanySettings.objects.create(pk=1, second_person_verifies=True)
    contact = make_contact(deal.customer)
    claimed = draft(INTEREST, 3, contact=contact, channel="EMAIL")
    first = confirm_evidence(opportunity=deal, draft=claimed, actor=seller, now=NOW)
    assert (first.proof.grade, first.lowered, first.proof.is_unverified) == (2, "unverified", True)
    with pytest.raises(OwnProof):
        verify_proof(proof=first.proof, actor=seller, now=NOW)

    verified = verify_proof(proof=first.proof, actor=manager, now=NOW)

    assert (verified.proof.grade, verified.proof.verifies) == (3, first.proof)


def test_retracting_takes_the_deal_back_once(deal, seller):
    proof = confirm_evidence(opportunity=deal, draft=draft(INTEREST), actor=seller, now=NOW).proof

    retract_proof(proof=proof, reason="typed for the wrong deal", actor=seller, now=NOW)
    deal.refresh_from_db()
    before = counts()

    assert deal.stage_number == 0
    assert StageChange.objects.order_by("-sequence").first().is_backward
    with pytest.raises(AlreadyRetracted):
        retract_proof(proof=proof, reason="again", actor=seller, now=NOW)
    assert counts() == before


def test_a_corrected_record_takes_what_it_proved_with_it(deal, seller):
    call = Ref("call", "Q-77")
    sync_evidence(
        opportunity=deal,
        source=call,
        drafts=[draft(INTEREST), draft("engagement.visit_time_agreed")],
        reason="corrected",
        actor=seller,
        now=NOW,
    )

    sync_evidence(opportunity=deal, source=call, drafts=[draft(INTEREST)], reason="corrected", actor=seller, now=NOW)

    live = Proof.objects.filter(retracted_on=None).values_list("key", flat=True)
    assert list(live) == [INTEREST]


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
    assert Notification.objects.get().user == seller


def test_a_manager_cannot_waive_on_their_own_deal(manager):
    own = make_deal(manager)

    waiver = ask_waiver(opportunity=own, item="1.S4", reason="x", expires_on=TODAY, actor=manager, now=NOW)

    assert waiver.is_pending
    with pytest.raises(OwnWaiver):
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
    assert Notification.objects.get().user == seller
    assert reassess_due(now=NOW + timedelta(days=91)) == 0


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
    contract = confirm_evidence(
        opportunity=deal, draft=draft("contracts.signed_by_both"), actor=seller, now=NOW
    ).proof
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
