"""A customer's register that admits us proves the item on every open deal, and takes it back when it no longer does."""

from datetime import timedelta

import pytest

from duobiao.customers.actions.keep_admissions import add_admission, edit_admission, move_admission, remove_admission
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.watch_admissions import watch_admissions
from duobiao.identity.models import Role
from duobiao.opportunities.actions.follow_customer import SUPPLIER_KEY
from duobiao.opportunities.models import Grade, Proof, Retraction
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_user

pytestmark = pytest.mark.django_db
NEXT_YEAR = TODAY + timedelta(days=365)


@pytest.fixture
def seller():
    return make_user("林晓")


@pytest.fixture
def hengli(seller):
    return make_customer(seller, "恒力精密")


def admitted(of, name="合格供方名录", **values):
    return add_admission(
        customer=of, values={"name": name, **values}, state="ADMITTED", actor=of.owner, now=NOW, happened_on=TODAY
    )


def move(row, state, **more):
    return move_admission(
        admission=row, version=row.version, state=state, happened_on=TODAY, actor=row.customer.owner, now=NOW, **more
    )


def live(deal):
    return list(Proof.objects.filter(opportunity=deal, key=SUPPLIER_KEY, retracted_on=None).order_by("pk"))


def test_admission_proves_the_item_on_open_deals_and_on_those_opened_later(seller, hengli):
    deal, elsewhere = make_deal(seller, hengli), make_deal(seller)

    row = admitted(hengli, valid_until=NEXT_YEAR)
    later = make_deal(seller, hengli)

    for held in (deal, later):
        (proof,) = live(held)
        assert (proof.grade, proof.happened_on, proof.valid_until) == (Grade.DOCUMENTED, TODAY, NEXT_YEAR)
        assert (proof.source_kind, proof.source_ref) == ("supplier_admission", row.ref)
    assert live(elsewhere) == []


@pytest.mark.parametrize("state", ["SUSPENDED", "EXPIRED"])
def test_what_no_longer_admits_us_takes_the_proof_back(seller, hengli, state):
    deal = make_deal(seller, hengli)
    row = admitted(hengli)

    row = move(row, state)
    assert live(deal) == []
    assert Retraction.objects.get().retracted_by == seller

    move(row, "ADMITTED")
    assert len(live(deal)) == 1


def test_a_renewal_replaces_the_proof_and_a_second_register_keeps_it(seller, hengli):
    deal = make_deal(seller, hengli)
    row = admitted(hengli, valid_until=TODAY + timedelta(days=10))

    row = move(row, "ADMITTED", days={"valid_until": NEXT_YEAR})
    assert [proof.valid_until for proof in live(deal)] == [NEXT_YEAR]

    row = edit_admission(
        admission=row, version=row.version, values={"valid_until": TODAY + timedelta(days=30)}, actor=seller, now=NOW
    )
    assert [proof.valid_until for proof in live(deal)] == [TODAY + timedelta(days=30)]

    platform = admitted(hengli, "采购平台")
    remove_admission(admission=row, actor=seller, now=NOW)
    assert [proof.source_ref for proof in live(deal)] == [platform.ref]


def test_the_day_after_its_last_day_the_job_takes_the_proof_back(seller, hengli):
    deal = make_deal(seller, hengli)
    admitted(hengli, valid_until=TODAY + timedelta(days=5))

    assert watch_admissions(on=TODAY + timedelta(days=6), now=NOW + timedelta(days=6)) == (0, 1)

    assert live(deal) == []
    assert Retraction.objects.get().retracted_by is None


def test_a_merge_lets_deals_follow_the_registers_of_the_other_entry(seller, hengli):
    twin = make_customer(seller, "恒力精密苏州")
    deal, row = make_deal(seller, hengli), admitted(twin)

    merge_customers(keeper=hengli, other=twin, actor=make_user(role=Role.ADMINISTRATOR), now=NOW)

    assert [proof.source_ref for proof in live(deal)] == [row.ref]


def test_a_deal_that_is_closed_stays_as_it_is(seller, hengli):
    deal = make_deal(seller, hengli)
    row = admitted(hengli)
    type(deal).objects.filter(pk=deal.pk).update(outcome="LOST", closed_on=TODAY)

    move(row, "SUSPENDED")

    assert len(live(deal)) == 1
