"""Chains follow what happens below: contacts merged, trashed or erased, deals merged; and at night, as words fade."""

from datetime import timedelta

import pytest

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.trash_contact import restore_contact, trash_contact
from duobiao.customers.models import Contact
from duobiao.duplicates.actions.undo_merge import undo_merge
from duobiao.duplicates.models import Merge
from duobiao.identity.models import Role
from duobiao.opportunities.actions.merge_deals import merge_deals
from duobiao.opportunities.models import Proof, Retraction
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_deal, make_user
from duobiao.stakeholders.actions.edit_person import edit_person
from duobiao.stakeholders.actions.follow_chains import follow_all
from duobiao.stakeholders.models import ChainFigures, DealPerson, Observation, RelationRecord
from duobiao.stakeholders.tests.factories import chain, line, live_keys, put, saw, won

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


def test_a_merge_proves_the_joined_chain_and_undoing_it_proves_both(
    deal, customer, seller, manager, decider, gatekeeper, django_capture_on_commit_callbacks
):
    other = make_deal(seller, customer)
    put(other, make_contact(customer, "刘倩", is_handler=True), seller, role="USER")
    assert (set(live_keys(deal)), set(live_keys(other))) == (
        {"stakeholders.decision_maker_identified"}, {"stakeholders.handler_found"},
    )  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        merge_deals(keeper=deal, other=other, actor=manager, now=NOW)

    joined = {
        "stakeholders.decision_maker_identified",
        "stakeholders.handler_found",
        "stakeholders.purchase_team_listed",
    }
    assert set(live_keys(deal)) == joined
    live = Proof.objects.filter(opportunity=deal, source_kind="decision_chain", retracted_on=None)
    assert set(live.values_list("source_ref", flat=True)) == {deal.ref}
    assert ChainFigures.objects.get(opportunity=deal).people == 3

    with django_capture_on_commit_callbacks(execute=True):
        undo_merge(merge=Merge.objects.get(), actor=manager, now=NOW)

    assert set(live_keys(deal)) == {"stakeholders.decision_maker_identified"}
    assert set(live_keys(other)) == {"stakeholders.handler_found"}


def test_who_lies_in_the_trash_leaves_figures_and_ledger_and_comes_back(
    deal, seller, manager, decider, gatekeeper, handler
):
    saw(decider, seller, 1)
    saw(handler, seller, -1)
    contact = Contact.objects.get(pk=handler.contact_id)

    trash_contact(contact=contact, version=contact.version, actor=manager, now=NOW)

    found = chain(deal)
    assert (found.support, {figure.key for figure in found.present}) == (0.5, {decider.pk, gatekeeper.pk})
    assert [(figure.key, figure.binned) for figure in found.people if figure.left] == [(handler.pk, True)]
    assert ChainFigures.objects.get(opportunity=deal).people == 2
    assert set(live_keys(deal)) == {"stakeholders.decision_maker_identified"}

    contact.refresh_from_db()
    restore_contact(contact=contact, actor=manager, now=NOW)

    assert ChainFigures.objects.get(opportunity=deal).people == 3
    assert set(live_keys(deal)) == {
        "stakeholders.decision_maker_identified", "stakeholders.handler_found", "stakeholders.purchase_team_listed",
    }  # fmt: skip


def test_at_night_the_ledger_follows_words_that_have_faded(deal, seller, decider, gatekeeper, handler):
    for person in (decider, gatekeeper, handler):
        saw(person, seller, 1)
    known = {"stakeholders.positions_mapped", "stakeholders.majority_favoured_us"}
    assert known <= set(live_keys(deal))

    assert follow_all(now=NOW + timedelta(days=100)) == 1
    assert known <= set(live_keys(deal))
    follow_all(now=NOW + timedelta(days=140))

    assert known & set(live_keys(deal)) == set()
    assert "stakeholders.decision_maker_identified" in live_keys(deal)
    retracted = Retraction.objects.filter(proof__key="stakeholders.majority_favoured_us").get()
    assert (retracted.retracted_by, retracted.reason) == (None, "决策链不再能说明")


def test_the_night_costs_the_same_queries_for_any_number_of_chains_that_stay(seller, customer, assert_flat_queries):
    def grow() -> None:
        for number in range(3):
            person = put(make_deal(seller, customer), make_contact(customer, f"人{number}"), seller, role="USER")
            saw(person, seller, 1)

    grow()
    assert_flat_queries(visit=lambda: follow_all(now=NOW), grow=grow)


def test_opinions_about_an_erased_person_go(deal, seller, decider, django_capture_on_commit_callbacks):
    admin = make_user("admin", role=Role.ADMINISTRATOR)
    edit_person(person=decider, version=1, values={"goals": "升总经理"}, actor=seller, now=NOW)
    saw(decider, seller, 1, quote="可以")
    won(decider, seller, "COMPANY_NEED_COMPANY", words="陈立群说再合作")
    contact = Contact.objects.get(pk=decider.contact_id)

    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(contact=contact, version=contact.version, ground="CONSENT", asked_on=TODAY, actor=admin, now=NOW)

    person = DealPerson.objects.get(pk=decider.pk)
    assert (person.goals, Observation.objects.count()) == ("", 0)
    assert "陈立群" not in RelationRecord.objects.get().words
    assert not ChainFigures.objects.filter(opportunity=deal).exists()
    assert "陈立群" not in str(list(Proof.objects.filter(opportunity=deal).values_list("quote", flat=True)))
    assert Contact.objects.get(pk=contact.pk).relation_cells == []
    won(person, seller, "COMPANY_NEED_PRODUCT", state=1, words="再见")
    card = Contact.objects.get(pk=contact.pk)
    assert (card.stance, card.relation_cells) == (None, [])
    assert "陈立群" not in str(list(ChainFigures.objects.filter(opportunity=deal).values_list("names", flat=True)))
