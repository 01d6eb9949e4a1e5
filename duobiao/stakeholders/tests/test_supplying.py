"""From an item of a deal to the record of the chain that proves it, and from what is kept there to the proof."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.domain.links import DEAL_PAGES
from duobiao.opportunities.models import Proof
from duobiao.opportunities.queries.gates import LABELS
from duobiao.opportunities.tests.factories import make_contact, make_deal, make_user
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.playbooks.queries import catalogue
from duobiao.stakeholders.queries.supplying import asked_by
from duobiao.stakeholders.tests import factories

pytestmark = pytest.mark.django_db
SUPPLIED = sorted(key for key, row in catalogue().items() if row.supplied_by is Supplier.CHAIN)


@pytest.fixture
def seller():
    return make_user("linxiao", language="en")


@pytest.fixture
def deal(seller):
    return make_deal(seller, now=timezone.now() - timedelta(days=1))


@pytest.fixture
def page(client, seller):
    client.force_login(seller)
    return client


def put(deal, seller, name, **values):
    return factories.put(deal, make_contact(deal.customer, name), seller, timezone.now(), **values)


def at(deal, **query):
    return f"/opportunities/{deal.ref}/decision-chain/evidence/?" + "&".join(f"{k}={v}" for k, v in query.items())


def test_every_record_that_supplies_evidence_has_a_page_and_a_button():
    with_form = set(Supplier) - {Supplier.GENERAL}

    assert set(DEAL_PAGES) == with_form - {Supplier.CALL, Supplier.VISIT}
    assert set(LABELS) == with_form


@pytest.mark.parametrize("key", SUPPLIED)
def test_every_evidence_of_the_chain_has_a_way_and_a_page(key, page, deal, seller):
    put(deal, seller, "陈立群", role="FINAL_DECIDER", function="MANAGEMENT")

    shown = page.get(at(deal, key=key), follow=True)

    assert asked_by(key) is not None
    assert shown.status_code == 200


def test_the_stage_leads_to_the_chain_and_to_other_evidence_as_the_second_way(page, deal):
    text = page.get(f"/opportunities/{deal.ref}/stages/4/").text

    assert "/decision-chain/evidence/?key=stakeholders.gatekeeper_convinced&amp;item=4.R1" in text
    assert f"/opportunities/{deal.ref}/proofs/new/?item=4.R1" in text
    assert f"/opportunities/{deal.ref}/gate-reviews/" in page.get(f"/opportunities/{deal.ref}/stages/3/").text
    assert f"/opportunities/{deal.ref}/profile/admission/" in page.get(f"/opportunities/{deal.ref}/stages/3/").text


def test_one_person_and_one_cell_lead_straight_to_the_form_which_proves_the_item(page, deal, seller):
    gatekeeper = put(deal, seller, "孙国栋", role="GATEKEEPER", function="TECHNICAL")
    form = page.get(at(deal, key="stakeholders.gatekeeper_convinced", item="4.R1")).url
    day = company_day(timezone.now()).isoformat()

    assert form == f"/deal-people/{gatekeeper.ref}/relation/?cell=COMPANY_NEED_PRODUCT"
    assert '<option value="COMPANY_NEED_PRODUCT" selected' in page.get(form).text
    sent = {"cell": "COMPANY_NEED_PRODUCT", "state": "2", "words": "性能达到要求", "happened_on": day}
    assert page.post(form, sent).status_code == 303

    proof = Proof.objects.get(opportunity=deal, key="stakeholders.gatekeeper_convinced")
    assert (proof.source_kind, proof.quote) == ("decision_chain", "孙国栋: 性能达到要求")


def test_several_people_are_offered_with_what_each_lacks(page, deal, seller):
    won = put(deal, seller, "孙国栋", role="GATEKEEPER", function="TECHNICAL")
    put(deal, seller, "王工", role="GATEKEEPER", function="TECHNICAL")
    put(deal, seller, "李伟", role="USER", function="USING")
    factories.won(won, seller, "COMPANY_NEED_PRODUCT", on=company_day(timezone.now()), now=timezone.now())

    text = page.get(at(deal, key="stakeholders.gatekeeper_convinced")).text

    assert text.index("王工") < text.index("孙国栋")
    assert "李伟" not in text
    assert text.count("/relation/?cell=COMPANY_NEED_PRODUCT") == 1
    assert "nothing is missing" in text
    assert f"/opportunities/{deal.ref}/proofs/new/?key=stakeholders.gatekeeper_convinced" in text


def test_stances_and_parts_lead_to_their_forms(page, deal, seller):
    decider = put(deal, seller, "陈立群", role="FINAL_DECIDER")
    unsaid = put(deal, seller, "李伟", role="UNKNOWN")

    assert page.get(at(deal, key="stakeholders.top_decider_chose_us")).url == f"/deal-people/{decider.ref}/observe/"
    positions = page.get(at(deal, item="4.I2")).text
    team = page.get(at(deal, key="stakeholders.purchase_team_listed")).text
    assert positions.count("/observe/") == 2
    assert f"/deal-people/{unsaid.ref}/edit/" in team
    assert f"/deal-people/{decider.ref}/edit/" not in team


def test_nobody_to_ask_is_said_with_the_way_on(page, deal):
    text = page.get(at(deal, key="stakeholders.influencer_won")).text

    assert "Nobody on the decision chain plays this part yet." in text
    assert f"/opportunities/{deal.ref}/deal-people/new/" in text


@pytest.mark.parametrize("query", [{"key": "contracts.signed_by_both"}, {"item": "1.M1"}, {"key": "x", "item": "y"}])
def test_what_the_chain_does_not_supply_has_no_page_here(page, deal, query):
    assert page.get(at(deal, **query)).status_code == 404
