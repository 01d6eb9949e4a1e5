"""Merging customers, throwing them away and taking them back."""

import pytest

from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.actions.grant_customer import grant_customers
from duobiao.customers.actions.hold_customer import hold_customer, lift_holds
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.trash_customer import Held, restore_customer, trash_customer
from duobiao.customers.models import Contact, Customer, CustomerGrant, Hold
from duobiao.customers.queries.customers import customer_by_external_id, keeper_of
from duobiao.customers.tests.factories import FULL_PROFILE, NOW, contact, customer, everything, person, unit
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, StaleVersion
from duobiao.search.actions.rebuild_index import rebuild_index
from duobiao.search.models import SearchAccess, SearchDocument
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


def test_everything_of_the_merged_customer_moves_to_the_keeper(seller, manager):
    keeper, other = (
        customer(seller, "恒力", industry="机械"),
        customer(seller, "恒力精密", industry="汽车", region="苏州"),
    )
    li, child = contact(other, "李工"), customer(seller, "恒力二厂", parent=other)
    helper, source = person(Role.PRESALES), Ref("opportunity", "P-1")
    for held in (keeper, other):
        grant_customers(source=source, customer_ids=[held.pk], user_ids=[helper.pk])
        hold_customer(customer=held, source=source, reason="项目甲", now=NOW)

    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)

    kept = Customer.objects.get(pk=keeper.pk)
    assert (kept.industry, kept.region, kept.version) == ("机械", "苏州", 2)
    assert Contact.objects.get(pk=li.pk).customer == kept
    assert Customer.objects.get(pk=child.pk).parent == kept
    assert CustomerGrant.objects.get().customer == Hold.objects.get().customer == kept
    assert keeper_of(ref=other.ref, user=seller) == kept
    assert [hit.ref for hit in find(user=seller, text="恒力")] == [child.ref, keeper.ref, li.ref]
    merged = Entry.objects.get(event="customers.customers_merged")
    assert (merged.chain, merged.detail.data) == (keeper.ref, {"merged": other.ref, "merged_name": "恒力精密"})
    assert Entry.objects.get(event="customers.customer_merged_away").chain == other.ref


def test_a_merge_that_fills_the_last_gap_completes_the_information(seller, manager):
    keeper = customer(seller, "甲", **{**FULL_PROFILE, "scale": ""})
    other = customer(seller, "乙", scale="LOCAL")

    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)

    assert Customer.objects.get(pk=keeper.pk).profile_items == 8
    assert Entry.objects.filter(event="customers.profile_completed", chain=keeper.ref).count() == 1


def test_a_chain_of_merges_leads_to_the_last_keeper(seller, manager):
    first = create_customer(name="甲", actor=seller, now=NOW, external=("crm", "1"))
    second, third = customer(seller, "乙"), customer(seller, "丙")

    merge_customers(keeper=second, other=first, actor=manager, now=NOW)
    merge_customers(keeper=third, other=second, actor=manager, now=NOW)

    assert keeper_of(ref=first.ref, user=seller) == third
    assert customer_by_external_id(source="crm", external_id="1") == third


def test_a_parent_merged_into_its_subsidiary_leaves_no_circle(seller, manager):
    top = customer(seller, "集团")
    low = customer(seller, "工厂", parent=top)

    merge_customers(keeper=low, other=top, actor=manager, now=NOW)

    assert Customer.objects.get(pk=low.pk).parent is None


def test_merging_is_refused_to_sellers_strangers_and_for_the_same_or_a_trashed_one(seller, manager):
    keeper, other, trashed = customer(seller, "甲"), customer(seller, "乙"), customer(seller, "丙")
    trash_customer(customer=trashed, actor=seller, now=NOW)
    before = everything()

    for actor, second, refusal in (
        (seller, other, NotAllowed),
        (person(Role.MANAGER, within=unit()), other, NotAllowed),
        (manager, keeper, Invalid),
        (manager, trashed, Conflict),
    ):
        with pytest.raises(refusal):
            merge_customers(keeper=keeper, other=second, actor=actor, now=NOW)

    assert everything() == before


def test_a_customer_goes_into_the_trash_with_its_contacts_and_comes_back(seller):
    held = customer(seller, "恒力")
    li = contact(held, "李工")

    trash_customer(customer=held, actor=seller, now=NOW, version=1)
    assert not Customer.objects.visible_to(seller).exists()
    assert not Contact.objects.visible_to(seller).exists()
    assert list(Customer.objects.within_reach(seller).filter(trashed_at__isnull=False)) == [held]
    assert not SearchDocument.objects.exists()

    restore_customer(customer=held, actor=seller, now=NOW)
    assert list(Customer.objects.visible_to(seller)) == [held]
    assert list(Contact.objects.visible_to(seller)) == [li]
    assert SearchDocument.objects.count() == 2
    assert Customer.objects.get().version == 3


def test_a_held_customer_stays_until_the_hold_goes(seller):
    held, source = customer(seller, "恒力"), Ref("opportunity", "P-1")
    hold_customer(customer=held, source=source, reason="产线升级项目", now=NOW)
    before = everything()

    with pytest.raises(Held) as refused:
        trash_customer(customer=held, actor=seller, now=NOW)
    assert "产线升级项目" in str(refused.value.message)
    assert everything() == before

    lift_holds(source=source)
    trash_customer(customer=held, actor=seller, now=NOW)
    assert not Customer.objects.live().exists()


def test_trash_is_refused_to_strangers_and_for_a_stale_version(seller):
    held = customer(seller, "恒力")
    edit_customer(customer=held, version=1, values={"region": "苏州"}, actor=seller, now=NOW)
    before = everything()

    with pytest.raises(StaleVersion):
        trash_customer(customer=held, actor=seller, now=NOW, version=1)
    with pytest.raises(NotAllowed):
        trash_customer(customer=held, actor=person(Role.PRESALES), now=NOW)

    assert everything() == before


def test_an_index_built_anew_is_the_index_kept(seller, manager):
    held = customer(seller, "恒力", industry="机械", phone="051266668888")
    contact(held, "李工", mobile="13812345678")
    grant_customers(source=Ref("opportunity", "P-1"), customer_ids=[held.pk], user_ids=[manager.pk])
    trash_customer(customer=customer(seller, "远景"), actor=seller, now=NOW)

    def kept():
        documents = SearchDocument.objects.order_by("ref").values_list(
            "ref", "title", "subtitle", "body", "url", "owner"
        )
        return list(documents), sorted(SearchAccess.objects.values_list("document__ref", "user_id"))

    before = kept()
    assert rebuild_index() == 2
    assert kept() == before
    assert len(find(user=seller, text="恒力")) == 2
