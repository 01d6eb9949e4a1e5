"""The deal room: what it says, to whom, and at what cost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.customers.actions.assess_customer import assess_customer
from duobiao.customers.queries.schemes import shipped_schemes
from duobiao.kernel.days import start_of_day
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_all, confirm_evidence
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.opportunities.tests.factories import (
    NOW,
    draft,
    make_contact,
    make_customer,
    make_deal,
    make_unit,
    make_user,
    prove_stages,
)
from duobiao.playbooks.queries import compiled_playbook
from duobiao.workbench.queries.deal_entries import deal_entries

pytestmark = pytest.mark.django_db

PAGES = ("", "people/", "files/", "timeline/", "history/", "stages/1/", "stages/8/", "tracks/", "gate/")
MOST_QUERIES = 34
"""Calls, visits, gate reviews and give-ups add theirs to the eighteen of the room itself."""


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=unit, language="en")


@pytest.fixture
def deal(seller):
    return make_deal(seller, now=timezone.now() - timedelta(days=40))


def prove(deal, seller, *stages, **options):
    prove_stages(deal, *stages, actor=seller, now=timezone.now(), on=timezone.localdate(), **options)


def text_of(client, user, path) -> str:
    client.force_login(user)
    return client.get(path).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_its_owner_as_page_and_fragment(client, seller, deal, page):
    client.force_login(seller)
    prove(deal, seller, 1, 2)
    path = f"/opportunities/{deal.ref}/{page}"

    whole, part = client.get(path), client.get(path, headers={"HX-Request": "true"})

    assert (whole.status_code, part.status_code) == (200, 200)
    assert b"<html" in whole.content
    assert b"<html" not in part.content


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to_and_a_stranger_finds_nothing(client, deal, page):
    path = f"/opportunities/{deal.ref}/{page}"

    assert client.get(path).status_code == 302
    client.force_login(make_user("stranger", unit=make_unit()))
    assert client.get(path).status_code == 404


def test_a_reader_sees_everything_and_gets_no_buttons(client, deal, seller):
    prove(deal, seller, 1)
    reader = make_user("chief", role="executive", language="en")

    text = text_of(client, reader, f"/opportunities/{deal.ref}/")

    assert "What is missing" in text
    assert "At least one visit face to face" in text
    for form in ("proofs/new", "/buyer/", "/edit/", "/close/", "/calls/new/?opp"):
        assert f"{deal.ref}/{form}" not in text
    assert "Log a call" not in text


@pytest.mark.parametrize(
    "form", ["proofs/new/?key=engagement.interest_shown", "buyer/", "purchase-method/", "edit/", "close/", "team/new/"]
)
def test_a_reader_may_not_post(client, deal, form):
    client.force_login(make_user("chief", role="executive"))

    assert client.post(f"/opportunities/{deal.ref}/{form}", {}).status_code == 403
    assert not Proof.objects.exists()


def test_the_head_names_facts_team_companies_and_the_rate_once_proved(client, deal, seller, manager):
    prove(deal, seller, 1, 2, skip=("2.S1",))
    last = timezone.localdate() + timedelta(days=20)
    ask_waiver(opportunity=deal, item="2.S1", reason="on its way", expires_on=last, actor=manager, now=timezone.now())
    add_to_team(
        opportunity=deal, user=make_user("xuwenbo", role="presales"), role="PRESALES", actor=seller, now=timezone.now()
    )
    Opportunity.objects.filter(pk=deal.pk).update(
        bid_deadline_at=start_of_day(timezone.localdate() + timedelta(days=26))
    )

    text = text_of(client, seller, f"/opportunities/{deal.ref}/")

    assert "10% once proved" in text
    assert "26 days left" in text
    assert "xuwenbo presales" in text
    assert "Standing on a waiver" in text
    assert "not counted" in text


def test_what_opens_the_gate_is_one_click_away(client, deal, seller):
    prove(deal, seller, 1)

    text = text_of(client, seller, f"/opportunities/{deal.ref}/")

    assert f"/visits/record/?opportunity={deal.ref}" in text
    assert "2 more items enter stage 2" in text
    assert f"/opportunities/{deal.ref}/buyer/" in text


def test_people_of_all_companies_stand_with_part_and_stance(client, deal, seller):
    from duobiao.opportunities.actions.change_participants import add_participant

    institute = make_customer(seller, "Institute")
    add_participant(opportunity=deal, customer=institute, role="DESIGN_INSTITUTE", actor=seller, now=timezone.now())
    make_contact(deal.customer, "王海涛", is_handler=True, stance=1)
    make_contact(deal.customer, "陈立群", is_decision_maker=True, stance=-2)
    make_contact(institute, "李工")

    text = text_of(client, seller, f"/opportunities/{deal.ref}/")

    assert text.index("陈立群") < text.index("王海涛") < text.index("李工")
    assert "strongly opposes us" in text
    assert "Institute" in text


def test_the_activity_tells_a_stage_change_together_with_its_cause(client, deal, seller):
    mark = draft("procurement.tender_notice_published", on=timezone.localdate(), quote="no. 911")
    confirm_evidence(opportunity=deal, draft=mark, actor=seller, now=timezone.now())
    path = f"/opportunities/{deal.ref}/timeline/"

    text = text_of(client, seller, path)

    assert "Buyer now at stage 5: Tender or prequalification notice published" in text
    assert "Deal opened" in text
    assert "Deal opened" not in text_of(client, seller, path + "?show=buyer")
    assert "Deal opened" not in text_of(client, seller, path + "?show=stage")
    assert "no. 911" in text_of(client, seller, path + "?show=evidence")


@pytest.mark.parametrize("before", ["", "yesterday", "2026-99-99T00:00:00Z", "2026-01-01T00:00:00Z"])
def test_a_damaged_page_address_of_the_activity_is_harmless(client, deal, seller, before):
    client.force_login(seller)

    assert client.get(f"/opportunities/{deal.ref}/timeline/?before={before}&after=x&show=<b>").status_code == 200


def test_the_history_words_every_move_forward_and_back(client, deal, seller):
    from duobiao.opportunities.actions.retract_proof import retract_proof

    prove(deal, seller, 1)
    interest = Proof.objects.get(key="engagement.interest_shown")
    retract_proof(proof=interest, reason="a misunderstanding", actor=seller, now=timezone.now())

    text = text_of(client, seller, f"/opportunities/{deal.ref}/history/")

    assert "before stage 1 → stage 1 completed" in text
    assert "stage 1 completed → before stage 1" in text
    assert "a misunderstanding" in text
    assert "0% → 5%" in text


def test_the_page_of_a_stage_lists_all_items_and_lists(client, deal, seller):
    text = text_of(client, seller, f"/opportunities/{deal.ref}/stages/3/")

    assert "Customer formally approves the project" in text
    assert "List of the purchase team known" in text
    assert "Requirement confirmation" in text
    assert "Customers with an approved project" in text
    assert f"/opportunities/{deal.ref}/waivers/new/?item=3.S1" in text


@pytest.mark.parametrize("number", [0, 9, 99])
def test_there_are_eight_stages(client, deal, seller, number):
    client.force_login(seller)

    assert client.get(f"/opportunities/{deal.ref}/stages/{number}/").status_code == 404


def test_a_lost_deal_says_how_it_ended_and_offers_no_proof(client, deal, seller):
    prove(deal, seller, 1)
    close_opportunity(
        opportunity=deal, outcome="LOST", reason="PRICE", on=timezone.localdate(), actor=seller, now=timezone.now()
    )

    text = text_of(client, seller, f"/opportunities/{deal.ref}/")

    assert "price too high" in text
    assert f"/opportunities/{deal.ref}/proofs/new/" not in text
    assert "Lost, with 1 stage completed" in text


def test_the_room_costs_the_same_whatever_the_deal_holds(client, deal, seller, assert_flat_queries):
    client.force_login(seller)
    prove(deal, seller, 1)

    def grow() -> None:
        prove(deal, seller, 2, 3)
        for n in range(5):
            make_contact(deal.customer, f"person {n}")
            member = make_user(f"member{n}", role="presales")
            add_to_team(opportunity=deal, user=member, role="PRESALES", actor=seller, now=timezone.now())

    count = assert_flat_queries(visit=lambda: client.get(f"/opportunities/{deal.ref}/"), grow=grow)

    assert count <= MOST_QUERIES


def test_a_requested_waiver_is_said_beside_its_item_instead_of_asked_for_again(client, deal, seller):
    prove(deal, seller, 1)
    last = timezone.localdate() + timedelta(days=20)
    asked = ask_waiver(opportunity=deal, item="2.M1", reason="r", expires_on=last, actor=seller, now=timezone.now())

    text = text_of(client, seller, f"/opportunities/{deal.ref}/stages/2/")

    assert f"/waivers/{asked.ref}/" in text
    assert "waivers/new/?item=2.M1" not in text
    assert "waivers/new/?item=2.M2" in text


def test_the_timeline_loses_nothing_between_its_pages(client, deal, seller):
    confirm_evidence(opportunity=deal, draft=draft("procurement.rfi_received"), actor=seller, now=NOW)
    ours = [draft("engagement.feedback_recorded", quote=f"note {n}") for n in range(30)]
    confirm_all(opportunity=deal, drafts=ours, actor=seller, now=NOW + timedelta(minutes=1))
    compiled = compiled_playbook(deal.playbook_id)

    entries, before = deal_entries(deal.ref, compiled, only="buyer", limit=2)
    assert entries == []
    while before is not None:
        found, before = deal_entries(deal.ref, compiled, only="buyer", limit=2, before=before)
        entries += found

    assert [entry.icon for entry in entries] == ["speakerphone"]


def test_the_room_shows_the_class_of_the_customer_and_leads_to_its_assessment(client, deal, seller):
    assess_to = f"/customers/{deal.customer.ref}/assess/"
    assert assess_to in text_of(client, seller, f"/opportunities/{deal.ref}/stages/1/")
    keys = shipped_schemes()["evaluation"].keys
    today = timezone.localdate()
    assess_customer(
        customer=deal.customer,
        scheme="evaluation",
        scores=dict.fromkeys(keys, 4),
        assessed_on=today,
        actor=seller,
        now=timezone.now(),
    )

    assert "Class A" in text_of(client, seller, f"/opportunities/{deal.ref}/")
    assert assess_to not in text_of(client, seller, f"/opportunities/{deal.ref}/stages/1/")
