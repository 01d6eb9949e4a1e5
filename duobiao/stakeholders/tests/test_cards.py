"""What chains know is one truth: cards of contacts, pages of the deal and the map of rivals show it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from duobiao.competition.queries.landscape import landscape_shown
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.models import Contact
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_deal
from duobiao.stakeholders.actions.observe import retract_observation
from duobiao.stakeholders.models import ChainFigures, Observation
from duobiao.stakeholders.queries.known import standings
from duobiao.stakeholders.tests.factories import chain, put, saw, won

pytestmark = pytest.mark.django_db


def card(contact):
    """Return a card as it is kept."""
    return Contact.objects.get(pk=contact.pk)


def test_a_card_shows_the_newest_word_of_any_chain(deal, customer, seller):
    contact = make_contact(customer, "林梅", stance=0, influence=2)
    first = put(deal, contact, seller, role="USER")
    second = put(make_deal(seller, customer), card(contact), seller, role="INFLUENCER")

    saw(first, seller, 2, on=TODAY - timedelta(days=3))
    newest = saw(second, seller, -1, percent=30, on=TODAY - timedelta(days=1))
    saw(first, seller, 5, "INFLUENCE")

    assert (card(contact).stance, card(contact).influence, card(contact).version) == (-1, 5, 2)
    assert chain(deal).by_key[first.pk].stance == 2
    retract_observation(observation=newest, reason="听错", actor=seller, now=NOW)
    assert card(contact).stance == 2


def test_a_card_shows_the_cells_that_records_show_and_keeps_what_none_speaks_of(deal, customer, seller):
    contact = make_contact(customer, "林梅", relation_cells=["COMPANY_NEED_COMPANY", "PERSONAL_TIE_COMPANY"])
    person = put(deal, contact, seller, role="USER")

    won(person, seller, "COMPANY_NEED_PRODUCT")
    won(person, seller, "PERSONAL_TIE_COMPANY", state=0)

    assert card(contact).relation_cells == ["COMPANY_NEED_PRODUCT", "COMPANY_NEED_COMPANY"]


def test_what_is_written_onto_a_card_is_a_word_on_the_chains_of_its_person(deal, customer, seller):
    contact = make_contact(customer, "林梅")
    person = put(deal, contact, seller, role="USER")
    values = {"stance": -2, "interests": "钓鱼"}

    edit_contact(contact=contact, version=card(contact).version, values=values, actor=seller, now=NOW)

    row = Observation.objects.get()
    assert (row.person, row.value, row.origin, row.confidence_percent, row.observed_on) == (
        person, -2, "CARD", 40, TODAY,
    )  # fmt: skip
    assert ChainFigures.objects.get(opportunity=deal).support_permille == -1000
    saw(person, seller, 1)
    assert card(contact).stance == 1


def test_the_card_names_source_and_day_and_does_not_ask_again(client, deal, customer, seller, stranger):
    contact = make_contact(customer, "林梅", influence=4)
    person = put(deal, contact, seller, role="USER")
    saw(person, seller, 1, source="午餐")
    Contact.objects.filter(pk=contact.pk).update(stance=-2)
    client.force_login(seller)
    page, form = reverse("customers:contact", args=[contact.ref]), reverse("customers:edit_contact", args=[contact.ref])

    text = client.get(page).text
    asked = client.get(form).text

    assert f"/deal-people/{person.ref}/" in text
    assert "午餐" in text
    assert "强烈反对" not in text
    assert 'name="stance"' not in asked
    assert 'name="influence"' not in asked
    assert 'name="interests"' in asked
    answer = client.post(form, {"name": "林梅", "stance": "-2", "interests": "钓鱼", "version": card(contact).version})
    assert answer.status_code == 303
    assert (card(contact).stance, card(contact).interests) == (-2, "钓鱼")


def test_who_may_not_see_the_deal_is_not_told_of_it(deal, customer, seller, manager):
    from duobiao.opportunities.tests.factories import make_unit, make_user
    from duobiao.stakeholders.queries.known import judged_on_chains

    contact = make_contact(customer, "林梅")
    saw(put(deal, contact, seller, role="USER"), seller, 1, source="午餐")
    other = make_user("chenmo", unit=make_unit("三部"))

    (hidden,) = judged_on_chains(contact, other)
    (shown,) = judged_on_chains(contact, manager)

    assert (hidden.name, hidden.url, "午餐" in hidden.source) == ("stance", "", False)
    assert ("午餐" in shown.source, deal.name in shown.source) == (True, True)


def test_the_pages_of_a_deal_stand_by_its_chain(client, deal, customer, seller):
    contact = make_contact(customer, "林梅", stance=2, function="USING", buying_role="USER")
    old = make_contact(customer, "钱立", function="TECHNICAL", buying_role="GATEKEEPER")
    saw(put(deal, contact, seller), seller, -1)
    saw(put(deal, old, seller), seller, 2, on=TODAY - timedelta(days=200))
    other = put(make_deal(seller, customer), card(contact), seller)
    saw(other, seller, 2, now=NOW + timedelta(minutes=1))

    found = standings(deal, on=TODAY)

    assert (found[contact.ref].stance, found[contact.ref].faded) == (-1, False)
    assert (found[old.ref].stance, found[old.ref].faded, found[old.ref].counted) == (2, True, None)
    assert card(contact).stance == 2
    ours = [person.name for row in landscape_shown(deal, seller, on=TODAY).departments for person in row.ours]
    assert ours == []
    client.force_login(seller)
    for page in ("", "people/", "summary/"):
        text = client.get(f"/opportunities/{deal.ref}/{page}").text
        assert "反对" in text
        assert "久未核实" in text
