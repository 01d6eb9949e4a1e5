"""Entering, editing, merging and throwing away contacts."""

import pytest

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.actions.hold_customer import hold_customer, lift_holds
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.trash_contact import restore_contact, trash_contact
from duobiao.customers.actions.trash_customer import Held
from duobiao.customers.models import Contact, Customer
from duobiao.customers.tests.factories import FULL_CONTACT, NOW, contact, customer, everything, person, unit
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, StaleVersion
from duobiao.search.queries import find
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def east():
    return unit("华东一部")


@pytest.fixture
def seller(east):
    return person(within=east)


@pytest.fixture
def manager(east):
    return person(Role.MANAGER, within=east)


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力")


def events(chain):
    return list(Entry.objects.filter(chain=chain).order_by("sequence").values_list("event", flat=True))


def test_a_contact_is_entered_and_found_by_name_company_and_number(hengli, seller):
    made = contact(hengli, "李建国", mobile="13812345678", department="设备部")

    held = Contact.objects.get()
    assert (held.ref, held.mobile, held.is_handler) == (made.ref, "138 1234 5678", None)
    assert events(hengli.ref)[-1] == "customers.contact_created"
    for text in ("李建", "设备部", "13812345678", "恒力 李"):
        assert made.ref in [hit.ref for hit in find(user=seller, text=text)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 10_000}, "name"),
        ({"mobile": "老地方"}, "mobile"),
        ({"email": "nobody"}, "email"),
        ({"buying_role": "BOSS"}, "buying_role"),
        ({"influence": 6}, "influence"),
        ({"stance": -3}, "stance"),
        ({"relation_cells": ["FRIEND"]}, "relation_cells"),
        ({"relation_cells": "COMPANY_NEED_PRODUCT"}, "relation_cells"),
        ({"is_handler": "perhaps"}, "is_handler"),
        ({"customer": 1}, "customer"),
        ({"duties": "x\x00"}, "duties"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(hengli, seller, values, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        create_contact(customer=hengli, name=values.pop("name", "李"), actor=seller, now=NOW, values=values)

    assert list(refused.value.fields) == [field]
    assert everything() == before


def test_a_stranger_cannot_enter_a_contact(hengli):
    with pytest.raises(NotAllowed):
        create_contact(customer=hengli, name="李", actor=person(), now=NOW)

    assert not Contact.objects.exists()


def test_four_items_of_a_handler_complete_and_their_loss_is_told(hengli, seller):
    li = contact(hengli, "李建国", **FULL_CONTACT)
    assert events(hengli.ref)[-1] == "customers.contact_created"

    edit_contact(contact=li, version=1, values={"is_handler": True}, actor=seller, now=NOW)
    assert events(hengli.ref)[-1] == "customers.handler_profile_completed"
    assert Customer.objects.get().handler_items == 4

    edit_contact(contact=li, version=2, values={"interests": ""}, actor=seller, now=NOW)
    assert events(hengli.ref)[-1] == "customers.handler_profile_incomplete"
    assert Customer.objects.get().handler_items == 3


def test_four_items_of_somebody_else_complete_nothing(hengli, seller):
    li = contact(hengli, "李建国", **FULL_CONTACT, is_handler=False)

    assert "customers.handler_profile_completed" not in events(hengli.ref)
    assert Customer.objects.get().handler_items == 0
    assert li.profile_items == 4


def test_the_best_known_handler_counts(hengli):
    contact(hengli, "甲", is_handler=True, position="工程师")
    contact(hengli, "乙", is_handler=True, position="部长", duties="选型")

    assert Customer.objects.get().handler_items == 2


def test_a_stale_edit_is_refused_with_the_present_values(hengli, seller):
    li = contact(hengli, "李建国", position="工程师")
    edit_contact(contact=li, version=1, values={"position": "部长"}, actor=seller, now=NOW)
    before = everything()

    with pytest.raises(StaleVersion) as refused:
        edit_contact(contact=li, version=1, values={"position": "处长", "influence": 3}, actor=seller, now=NOW)

    assert refused.value.details == {"current": {"position": "部长", "influence": None}, "version": 2}
    assert everything() == before


def test_merging_fills_gaps_and_keeps_the_row_of_the_other(hengli, manager):
    keeper = contact(hengli, "李建国", position="部长")
    other = contact(hengli, "李 建国", position="工程师", mobile="13812345678", buying_role="DECIDER")

    merge_contacts(keeper=keeper, other=other, actor=manager, now=NOW)

    kept, gone = Contact.objects.get(pk=keeper.pk), Contact.objects.get(pk=other.pk)
    assert (kept.position, kept.mobile, kept.buying_role, kept.version) == ("部长", "138 1234 5678", "DECIDER", 2)
    assert gone.merged_into == kept
    assert list(Contact.objects.visible_to(manager)) == [kept]
    assert [hit.ref for hit in find(user=manager, text="13812345678")] == [kept.ref]
    assert events(hengli.ref)[-1] == "customers.contacts_merged"


def test_contacts_of_two_customers_are_not_merged(hengli, seller, manager):
    keeper, other = contact(hengli, "李"), contact(customer(seller), "李")
    before = everything()

    with pytest.raises(Invalid):
        merge_contacts(keeper=keeper, other=other, actor=manager, now=NOW)
    with pytest.raises(Invalid):
        merge_contacts(keeper=keeper, other=keeper, actor=manager, now=NOW)

    assert everything() == before


def test_a_seller_cannot_merge(hengli, seller):
    keeper, other = contact(hengli, "李"), contact(hengli, "李")

    with pytest.raises(NotAllowed):
        merge_contacts(keeper=keeper, other=other, actor=seller, now=NOW)

    assert Contact.objects.filter(merged_into=None).count() == 2


def test_a_handler_in_the_trash_counts_no_more_and_comes_back(hengli, seller):
    li = contact(hengli, "李建国", **FULL_CONTACT, is_handler=True)

    trash_contact(contact=li, actor=seller, now=NOW)
    assert not Contact.objects.visible_to(seller).exists()
    assert Customer.objects.get().handler_items == 0
    assert find(user=seller, text="李建国") == []
    assert events(hengli.ref)[-2:] == ["customers.contact_trashed", "customers.handler_profile_incomplete"]

    restore_contact(contact=li, actor=seller, now=NOW)
    assert list(Contact.objects.visible_to(seller)) == [li]
    assert Customer.objects.get().handler_items == 4
    assert len(find(user=seller, text="李建国")) == 1
    assert events(hengli.ref)[-2:] == ["customers.contact_restored", "customers.handler_profile_completed"]


def test_what_lies_in_the_trash_can_be_neither_edited_nor_thrown_away_again(hengli, seller):
    li = contact(hengli, "李")
    trash_contact(contact=li, actor=seller, now=NOW)
    before = everything()

    with pytest.raises(Conflict):
        edit_contact(contact=li, version=2, values={"position": "部长"}, actor=seller, now=NOW)
    with pytest.raises(Conflict):
        trash_contact(contact=li, actor=seller, now=NOW)

    assert everything() == before


def test_a_held_contact_stays_until_the_hold_goes(hengli, seller):
    li, source = contact(hengli, "李"), Ref("opportunity", "P-1")
    hold_customer(customer=hengli, contact=li, source=source, reason="产线升级项目", now=NOW)

    with pytest.raises(Held) as refused:
        trash_contact(contact=li, actor=seller, now=NOW)
    assert refused.value.details == {"holds": ["产线升级项目"]}

    lift_holds(source=source)
    trash_contact(contact=li, actor=seller, now=NOW)
    assert not Contact.objects.visible_to(seller).exists()
