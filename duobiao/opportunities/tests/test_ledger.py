"""Recording, retracting, waiving, closing: what each does to a deal and what each refuses."""

from datetime import timedelta

import pytest

from duobiao.customers.models import CustomerGrant, Hold
from duobiao.identity.models import CompanySettings, Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.confirm_evidence import (
    HappenedInTheFuture,
    UnknownEvidence,
    confirm_all,
    confirm_evidence,
)
from duobiao.opportunities.actions.retract_proof import AlreadyRetracted, retract_proof
from duobiao.opportunities.actions.sync_evidence import sync_evidence
from duobiao.opportunities.actions.verify_proof import OwnProof, verify_proof
from duobiao.opportunities.models import Grade, Proof, StageChange
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
from duobiao.timeline.models import Entry

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


def test_of_proofs_recorded_together_the_one_that_moved_the_deal_is_its_cause(deal, seller):
    prove_stages(deal, 1, actor=seller)
    again = draft("engagement.visit_place_agreed", quote="held there")
    deciding = [draft(key) for key in ("engagement.visit_held", "needs.survey_confirmed")]

    confirm_all(opportunity=deal, drafts=[again, *deciding], actor=seller, now=NOW)

    change = StageChange.objects.latest("sequence")
    assert (change.stage_before, change.stage_after) == (1, 2)
    assert change.cause_text == {"key": "engagement.visit_held", "others": 1}
    assert change.cause_ref == Proof.objects.get(key="engagement.visit_held").ref


def test_an_act_of_the_buyer_among_proofs_recorded_together_is_the_cause_of_the_buyers_move(deal, seller):
    drafts = [draft("engagement.handler_reached"), draft("procurement.rfi_received")]

    confirm_all(opportunity=deal, drafts=drafts, actor=seller, now=NOW)

    change = StageChange.objects.get()
    assert (change.buyer_after, change.cause_text) == (1, {"key": "procurement.rfi_received"})


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
