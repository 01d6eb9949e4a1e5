"""What the assessment of a customer proves on its deals."""

from datetime import timedelta

import pytest

from duobiao.customers.actions.assess_customer import assess_customer
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.identity.models import Role
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.follow_customer import CRITERIA_KEY
from duobiao.opportunities.models import Proof
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_customer, make_deal, make_unit, make_user

pytestmark = pytest.mark.django_db
CRITERIA = ("industry", "lifecycle", "scale", "organisation", "goals", "operations", "relationship")
SELECTION = ("revenue_potential", "market_influence", "strategic_fit", "growth_potential")


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit("华东一部"))


@pytest.fixture
def hengrui(seller):
    return make_customer(seller, "苏州恒睿精密")


def assess(customer, score, *, days=0, scheme="evaluation"):
    keys = CRITERIA if scheme == "evaluation" else SELECTION
    return assess_customer(
        customer=customer,
        scheme=scheme,
        scores=dict.fromkeys(keys, score),
        assessed_on=TODAY - timedelta(days=days),
        actor=customer.owner,
        now=NOW,
    )


def live(deal):
    return list(Proof.objects.filter(opportunity=deal, key=CRITERIA_KEY, retracted_on=None))


def test_reaching_the_line_proves_the_item_on_open_deals(seller, hengrui):
    deal, other = make_deal(seller, hengrui), make_deal(seller)

    made = assess(hengrui, 3, days=2)

    (proof,) = live(deal)
    assert (proof.source_kind, proof.source_ref, proof.happened_on) == (
        "customer_assessment",
        made.ref,
        made.assessed_on,
    )
    assert proof.grade == 2
    assert not live(other)
    assert next(row for row in explain(deal, TODAY).items if row.item == "1.P1").verdict == "MET"


def test_a_deal_opened_later_begins_with_the_proof(seller, hengrui):
    assess(hengrui, 4)

    assert len(live(make_deal(seller, hengrui))) == 1


def test_falling_below_the_line_takes_back_what_assessments_proved_and_nothing_else(seller, hengrui):
    deal, by_hand = make_deal(seller, hengrui), make_deal(seller, hengrui)
    confirm_evidence(opportunity=by_hand, draft=draft(CRITERIA_KEY), actor=seller, now=NOW)
    assess(hengrui, 4, days=5)

    assess(hengrui, 2)

    assert not live(deal)
    assert [proof.source_kind for proof in live(by_hand)] == [""]


def test_an_assessment_without_a_line_or_of_the_past_changes_nothing(seller, hengrui):
    deal = make_deal(seller, hengrui)
    assess(hengrui, 5, days=1)
    before = live(deal)

    assess(hengrui, 10, scheme="selection")
    assess(hengrui, 1, days=30)

    assert live(deal) == before


def test_a_merged_customer_brings_its_assessment(seller, hengrui):
    deal, twin = make_deal(seller, hengrui), make_customer(seller, "恒睿精密")
    assess(twin, 4)

    merge_customers(keeper=hengrui, other=twin, actor=make_user(role=Role.ADMINISTRATOR), now=NOW)

    assert len(live(deal)) == 1
