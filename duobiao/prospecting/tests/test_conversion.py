"""Leads become customers, contacts and deals: new ones or existing ones, never twice."""

import pytest
from django.utils import timezone, translation

from duobiao.customers.actions.check_duplicates import DuplicateCustomer
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.models import Contact, Customer
from duobiao.identity.commands import create_token
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import NOW, make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.prospecting.actions.convert_lead import Into, convert_lead
from duobiao.prospecting.actions.keep_lead import LeadClosed
from duobiao.prospecting.models import LeadState
from duobiao.prospecting.tests.factories import make_lead
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit(), language="en")


@pytest.fixture
def lead(seller):
    ship_playbooks(now=NOW)
    return make_lead(
        seller,
        company="苏州恒力精密",
        contact_name="王海涛",
        mobile="13812345678",
        source="EXHIBITION",
        need="二期产线",
    )


def convert(lead, actor, **into):
    return convert_lead(lead=lead, into=Into(**into), version=lead.version, actor=actor, now=NOW)


def test_a_lead_becomes_customer_contact_and_deal_that_know_where_they_came_from(lead, seller):
    done = convert(lead, seller, amount=Money.of(1_200_000))

    assert (done.state, done.ended_by) == (LeadState.CONVERTED, seller)
    assert (done.customer.name, done.contact.name, done.contact.mobile) == ("苏州恒力精密", "王海涛", "138 1234 5678")
    deal = done.opportunity
    assert (deal.name, deal.source, deal.amount) == ("苏州恒力精密 二期产线", "trade exhibition", Money.of(1_200_000))
    assert deal.description == "二期产线"
    assert Entry.objects.get(event="prospecting.came_from_lead").chain == deal.ref


def test_converting_twice_changes_nothing_and_names_what_it_became(lead, seller):
    done = convert(lead, seller)

    with pytest.raises(LeadClosed) as refusal:
        convert(lead, seller)
    assert refusal.value.details["customer"] == done.customer.ref
    assert (Customer.objects.count(), Contact.objects.count(), Opportunity.objects.count()) == (1, 1, 1)


def test_a_lead_joins_an_existing_customer_contact_and_deal(lead, seller):
    customer = make_customer(seller, "恒力")
    contact, deal = make_contact(customer), make_deal(seller, customer)

    done = convert(lead, seller, customer=customer, contact=contact, opportunity=deal)

    assert (done.customer, done.contact, done.opportunity) == (customer, contact, deal)
    assert (Customer.objects.count(), Contact.objects.count(), Opportunity.objects.count()) == (1, 1, 1)


def test_records_of_different_customers_are_not_mixed(lead, seller):
    one, other = make_customer(seller), make_customer(seller)

    with pytest.raises(Invalid) as refusal:
        convert(lead, seller, customer=one, contact=make_contact(other), opportunity=make_deal(seller, other))
    assert set(refusal.value.fields) == {"contact", "opportunity"}
    lead.refresh_from_db()
    assert lead.state == LeadState.NEW


def test_a_second_customer_of_the_same_name_needs_a_confirmation(lead, seller):
    known = make_customer(seller, "苏州恒力精密")

    with pytest.raises(DuplicateCustomer):
        convert(lead, seller)
    assert Customer.objects.count() == 1
    done = convert(lead, seller, duplicate_confirmed=True, with_deal=False, with_contact=False)

    assert done.customer != known
    assert (done.contact, done.opportunity) == (None, None)


def test_a_lead_follows_its_customer_into_a_merge(lead, seller):
    manager = make_user("zhou", role="administrator")
    done = convert(lead, seller, with_deal=False)
    kept = make_customer(seller, "恒力集团")

    merge_customers(keeper=kept, other=done.customer, actor=manager, now=NOW)

    lead.refresh_from_db()
    assert lead.customer == kept


def test_the_page_sent_twice_converts_once_and_the_second_person_is_told(client, lead, seller):
    client.force_login(seller)
    make_customer(seller, "苏州恒力精密")
    here = f"/leads/{lead.ref}/convert/"
    page = client.get(here)
    assert "苏州恒力精密" in page.text
    sent = {"customer": "new", "contact": "new", "opportunity": "new", "amount": "120", "version": 1}

    unsure = client.post(here, {**sent, "form_token": "a" * 20})
    assert unsure.status_code == 409
    sure = {**sent, "confirmed": "on", "form_token": "a" * 20}
    first, second = client.post(here, sure), client.post(here, sure)
    late = client.post(here, {**sure, "form_token": "b" * 20})

    deal = Opportunity.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"/opportunities/{deal.ref}/"
    assert late.status_code == 409
    assert deal.amount == Money.of(1_200_000)
    assert Customer.objects.count() == 2


def test_conversion_over_the_api_finds_candidates_and_answers_once(api, lead, seller):
    client = api(create_token(username=seller.username, now=timezone.now()))
    customer = make_customer(seller, "苏州恒力精密")
    path = f"/leads/{lead.ref}"
    found = client.get(f"{path}/candidates").json()

    assert [(row["ref"], row["reasons"]) for row in found["customers"]] == [(customer.ref, ["name"])]
    assert client.post(f"{path}/convert", {}).json()["code"] == "duplicate"
    answer = client.post(f"{path}/convert", {"customer": customer.ref, "version": 1})
    again = client.post(f"{path}/convert", {"customer": customer.ref, "version": 1})

    assert answer.json()["customer"] == customer.ref
    assert (again.status_code, again.json()["details"]["customer"]) == (409, customer.ref)
