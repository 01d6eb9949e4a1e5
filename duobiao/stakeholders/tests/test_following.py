"""Chains follow what happens below: contacts merged, deals merged, people erased."""

import pytest

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.models import Contact
from duobiao.identity.models import Role
from duobiao.opportunities.actions.merge_deals import merge_deals
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_deal, make_user
from duobiao.stakeholders.actions.edit_person import edit_person
from duobiao.stakeholders.models import ChainFigures, DealPerson, Observation, RelationRecord
from duobiao.stakeholders.tests.factories import chain, line, put, saw, won

pytestmark = pytest.mark.django_db


def test_two_entries_of_one_person_on_a_chain_become_one(deal, customer, seller, manager, decider, handler):
    twin = put(deal, make_contact(customer, "王海涛", position="主任"), seller)
    saw(twin, seller, 2)
    saw(handler, seller, 1, source="别处")
    line(twin, decider, seller)
    Contact.objects.filter(pk=handler.contact_id).update(version=1)

    merge_contacts(
        keeper=Contact.objects.get(pk=handler.contact_id),
        other=Contact.objects.get(pk=twin.contact_id),
        actor=manager,
        now=NOW,
    )

    found = chain(deal)
    assert {figure.key for figure in found.people} == {decider.pk, handler.pk}
    assert Observation.objects.filter(person=handler).count() == 2
    assert [link.source_id for link in found.links] == [handler.pk]


def test_people_of_a_merged_deal_come_over_and_one_decider_stays(deal, customer, seller, manager, decider):
    other = make_deal(seller, customer)
    shared = put(other, decider.contact, seller, role="INFLUENCER")
    second = put(other, make_contact(customer, "刘倩"), seller, role="FINAL_DECIDER")
    saw(shared, seller, 1)

    merge_deals(keeper=deal, other=other, actor=manager, now=NOW)

    found = chain(deal)
    assert {figure.row.contact.name: figure.row.role for figure in found.people} == {
        "陈立群": "FINAL_DECIDER", "刘倩": "INFLUENCER",
    }  # fmt: skip
    assert Observation.objects.get().person == decider
    second.refresh_from_db()
    assert second.opportunity == deal


def test_opinions_about_an_erased_person_go(deal, seller, decider):
    admin = make_user("admin", role=Role.ADMINISTRATOR)
    edit_person(person=decider, version=1, values={"goals": "升总经理"}, actor=seller, now=NOW)
    saw(decider, seller, 1, quote="可以")
    won(decider, seller, "COMPANY_NEED_COMPANY", words="陈立群说再合作")
    contact = Contact.objects.get(pk=decider.contact_id)

    erase_contact(contact=contact, version=contact.version, ground="CONSENT", asked_on=TODAY, actor=admin, now=NOW)

    person = DealPerson.objects.get(pk=decider.pk)
    assert (person.goals, Observation.objects.count()) == ("", 0)
    assert "陈立群" not in RelationRecord.objects.get().words
    assert Contact.objects.get(pk=contact.pk).relation_cells == []
    won(person, seller, "COMPANY_NEED_PRODUCT", state=1, words="再见")
    card = Contact.objects.get(pk=contact.pk)
    assert (card.stance, card.relation_cells) == (None, [])
    assert "陈立群" not in str(ChainFigures.objects.get(opportunity=deal).names)
