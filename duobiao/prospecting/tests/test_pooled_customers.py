"""Customers in pools: taken by one, within limits, given back, coming back after a warning, never while something lives."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from duobiao.customers.actions.handover_customer import handover_customer
from duobiao.customers.actions.hold_customer import hold_customer
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.models import Customer, Hold
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.commands import create_token
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_unit, make_user
from duobiao.prospecting.actions.claim_lead import AlreadyClaimed, ClaimLimit, NotAMember
from duobiao.prospecting.actions.pool_customers import (
    CustomerBusy,
    PooledTwice,
    claim_customer,
    keep_customer,
    put_customer,
    return_customer,
    take_customer_out,
)
from duobiao.prospecting.actions.recycle_customers import recycle_customers
from duobiao.prospecting.actions.save_pool import create_pool, edit_pool
from duobiao.prospecting.models import CustomerClaim, Pool, PooledCustomer
from duobiao.prospecting.tests.factories import make_customer_pool
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("一部")


@pytest.fixture
def seller(unit):
    return make_user("林晓", unit=unit)


@pytest.fixture
def colleague(unit):
    return make_user("陈默", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("周建国", role="manager", unit=unit)


@pytest.fixture
def pool(manager, unit):
    return make_customer_pool(manager, unit=unit, recycle_days=30, warn_days=5)


@pytest.fixture
def hengli(seller):
    return make_customer(seller, "恒力精密")


def put(customer, pool, by, *, free=False):
    return put_customer(customer=customer, pool=pool, free=free, actor=by, now=NOW)


def running(deal):
    type(deal).objects.filter(pk=deal.pk).update(stage_number=2)
    return deal


def after(days):
    return {"on": TODAY + timedelta(days=days), "now": NOW + timedelta(days=days)}


def kept():
    models = (Customer, PooledCustomer, CustomerClaim, Entry, Notification, Hold)
    return {model.__name__: sorted(model.objects.values_list(), key=repr) for model in models}


def test_a_free_customer_belongs_to_the_keeper_and_to_who_takes_it(seller, colleague, manager, pool, hengli):
    entry = put(hengli, pool, manager, free=True)
    hengli.refresh_from_db()
    assert (entry.holder, hengli.owner) == (None, manager)
    assert entry in PooledCustomer.objects.visible_to(colleague)
    assert hengli not in Customer.objects.visible_to(colleague)

    claim_customer(entry=entry, actor=colleague, now=NOW)

    entry.refresh_from_db()
    hengli.refresh_from_db()
    assert (entry.holder, hengli.owner) == (colleague, colleague)
    with pytest.raises(AlreadyClaimed):
        claim_customer(entry=entry, actor=seller, now=NOW)
    events = Entry.objects.filter(event__startswith="prospecting.customer_").order_by("pk")
    assert [(row.event, row.chain) for row in events] == [
        ("prospecting.customer_pooled", hengli.ref),
        ("prospecting.customer_claimed", hengli.ref),
    ]


def test_limits_and_members_hold_for_customers_too(colleague, manager, unit):
    pool = make_customer_pool(manager, unit=unit, most_open=1, most_per_day=1)
    first, second = (put(make_customer(manager), pool, manager, free=True) for _ in range(2))
    with pytest.raises(NotAMember):
        claim_customer(entry=first, actor=make_user("外人", unit=make_unit("二部")), now=NOW)
    claim_customer(entry=first, actor=colleague, now=NOW)
    before = kept()
    with pytest.raises(ClaimLimit) as open_limit:
        claim_customer(entry=second, actor=colleague, now=NOW)
    assert kept() == before
    return_customer(entry=first, note="没空", actor=colleague, now=NOW)
    with pytest.raises(ClaimLimit) as day_limit:
        claim_customer(entry=second, actor=colleague, now=NOW)

    assert (open_limit.value.details["limit"], day_limit.value.details["limit"]) == ("most_open", "most_per_day")
    assert claim_customer(entry=second, actor=colleague, now=NOW + timedelta(days=1)).holder == colleague


def test_one_nobody_works_on_comes_back_after_a_warning_and_its_history_stays(seller, manager, pool, hengli):
    put(hengli, pool, manager)

    assert recycle_customers(**after(24)) == (0, 0)
    assert recycle_customers(**after(25)) == (1, 0)
    assert recycle_customers(**after(26)) == (0, 0)
    assert recycle_customers(**after(30)) == (0, 1)
    assert recycle_customers(**after(31)) == (0, 0)

    hengli.refresh_from_db()
    assert hengli.owner == manager
    assert CustomerClaim.objects.get().ended_as == "RECYCLED"
    told = Notification.objects.filter(user_id=seller.pk).values_list("event", flat=True)
    assert sorted(told) == ["prospecting.customer_near", "prospecting.customer_released"]
    assert Entry.objects.filter(chain=hengli.ref, event="prospecting.customer_pooled").exists()


def test_work_on_the_customer_begins_the_days_anew(seller, manager, pool, hengli):
    put(hengli, pool, manager)
    assert recycle_customers(**after(25)) == (1, 0)
    Customer.objects.filter(pk=hengli.pk).update(touched_at=NOW + timedelta(days=27))

    assert recycle_customers(**after(40)) == (0, 0)
    assert recycle_customers(**after(52)) == (1, 0)
    assert recycle_customers(**after(57)) == (0, 1)


def test_a_tender_a_deal_that_runs_a_contract_and_a_hold_keep_a_customer(seller, manager, pool):
    running, tender, won, held, early = (make_customer(seller) for _ in range(5))
    for customer in (running, tender, won, held, early):
        put(customer, pool, manager)
    deals = {customer.pk: make_deal(seller, customer, now=NOW) for customer in (running, tender, won, early)}
    changes = {
        running.pk: {"stage_number": 2},
        tender.pk: {"bid_deadline_at": NOW + timedelta(days=80)},
        won.pk: {"outcome": "WON", "closed_on": TODAY},
    }
    for key, values in changes.items():
        type(deals[key]).objects.filter(pk=deals[key].pk).update(**values)
    hold_customer(customer=held, source=Ref("contract", "X-1"), reason="框架协议", now=NOW)

    recycle_customers(**after(60))
    assert recycle_customers(**after(70)) == (0, 1)

    assert [row.customer for row in PooledCustomer.objects.filter(holder=None)] == [early]
    for customer in (running, tender, won, held):
        entry = PooledCustomer.objects.get(customer=customer)
        with pytest.raises(CustomerBusy):
            return_customer(entry=entry, note="", actor=seller, now=NOW)
    assert PooledCustomer.objects.filter(holder=seller).count() == 4


def test_a_project_that_the_reader_does_not_see_is_told_by_its_unit_alone(
    client, api, seller, colleague, manager, pool
):
    free = make_customer(manager, "苏州恒力精密")
    entry = put(free, pool, manager, free=True)
    other = make_user("何敏", unit=make_unit("二部"))
    free.grants.create(user=other, source_kind="test", source_ref="T-1")
    running(make_deal(other, free, name="机密的项目"))
    page = reverse("prospecting:pooled_customers", args=[pool.ref])
    mine = api(create_token(username=colleague.username, now=NOW))

    client.force_login(colleague)
    (row,) = mine.get(f"/pools/{pool.ref}/customers").json()
    html = client.get(page).content.decode()
    assert "二部" in row["stays"]
    assert "二部" in html
    assert "机密的项目" not in html + row["stays"]

    PooledCustomer.objects.filter(pk=entry.pk).update(holder=seller)
    Customer.objects.filter(pk=free.pk).update(owner=seller)
    with pytest.raises(CustomerBusy) as refused:
        return_customer(entry=entry, note="", actor=seller, now=NOW)
    assert "机密的项目" not in str(refused.value.details)
    client.force_login(seller)
    shown = client.get(reverse("customers:customer", args=[free.ref])).content.decode()
    assert "二部" in shown
    assert "机密的项目" not in shown
    own = running(make_deal(seller, free, name="看得见的项目"))
    assert own.name in client.get(page).content.decode()


def test_a_manager_keeps_one_until_a_day_and_takes_that_back(seller, manager, pool, hengli):
    entry = put(hengli, pool, manager)
    before = kept()
    for until, reason in ((TODAY - timedelta(days=1), "x"), (TODAY + timedelta(days=800), "x"), (TODAY, " ")):
        with pytest.raises(Invalid):
            keep_customer(entry=entry, until=until, reason=reason, actor=manager, now=NOW)
    with pytest.raises(NotAllowed):
        keep_customer(entry=entry, until=TODAY, reason="x", actor=seller, now=NOW)
    assert kept() == before

    until = TODAY + timedelta(days=100)
    keep_customer(entry=entry, until=until, reason="集团框架在谈", actor=manager, now=NOW)
    assert recycle_customers(**after(90)) == (0, 0)
    keep_customer(entry=entry, until=None, reason="", actor=manager, now=NOW)
    assert not Hold.objects.exists()
    assert recycle_customers(**after(90)) == (1, 0)


def test_hand_over_merge_and_leaving_keep_pool_and_owner_in_step(seller, colleague, manager, pool, hengli):
    entry = put(hengli, pool, manager)
    handover_customer(customer=hengli, to=colleague, actor=manager, now=NOW)
    entry.refresh_from_db()
    assert (entry.holder, CustomerClaim.objects.filter(ended_at=None).get().user) == (colleague, colleague)

    twin = make_customer(colleague, "恒力")
    admin = make_user("admin", role="administrator")
    merge_customers(keeper=twin, other=hengli, actor=admin, now=NOW)
    assert PooledCustomer.objects.get().customer == twin

    free = put(make_customer(seller), pool, manager, free=True)
    with pytest.raises(Invalid):
        deactivate_user(user=manager, successor=None, version=1, actor=admin, now=NOW)
    manager.refresh_from_db()
    deactivate_user(user=manager, successor=seller, version=manager.version, actor=admin, now=NOW)
    free.refresh_from_db()
    assert (free.holder, Pool.objects.get().keeper) == (None, seller)


def test_who_may_not_changes_nothing(seller, colleague, manager, pool, hengli):
    with pytest.raises(NotAllowed):
        put(hengli, pool, seller)
    with pytest.raises(Invalid):
        put(hengli, make_customer_pool(manager, unit=make_unit("别处"), is_active=False), manager)
    entry = put(hengli, pool, manager)
    before = kept()
    with pytest.raises(PooledTwice):
        put(hengli, pool, manager)
    for act in (return_customer, take_customer_out):
        more = {"note": ""} if act is return_customer else {}
        with pytest.raises(NotAllowed):
            act(entry=entry, actor=colleague, now=NOW, **more)
    assert kept() == before

    take_customer_out(entry=entry, actor=manager, now=NOW)
    assert not PooledCustomer.objects.exists()
    assert CustomerClaim.objects.get().ended_as == "ASSIGNED"


def test_a_pool_of_customers_needs_a_keeper_and_stays_what_it_is(manager, pool):
    admin = make_user("admin", role="administrator")
    asked = {"members": [(None, "")], "actor": admin, "now": NOW}
    for values in ({"name": "a", "content": "CUSTOMERS"}, {"name": "b", "keeper": manager}):
        with pytest.raises(Invalid) as refused:
            create_pool(values=values, **asked)
        assert list(refused.value.fields) == ["keeper"]
    made = create_pool(values={"name": "客户公海", "content": "CUSTOMERS", "keeper": manager}, **asked)
    with pytest.raises(Invalid):
        edit_pool(pool=made, version=1, values={"content": "LEADS"}, members=None, actor=admin, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(pk=made.pk).update(keeper=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(pk=made.pk).update(content="NEWS")


def test_on_the_pages_a_customer_is_put_in_taken_and_given_back(client, colleague, manager, pool, hengli):
    client.force_login(manager)
    address = reverse("prospecting:put_customer", args=[hengli.ref])
    assert pool.name in client.get(address).content.decode()
    assert client.post(address, {"pool": pool.ref, "free": "1"}).status_code == 303
    entry = PooledCustomer.objects.get()
    assert pool.name in client.get(f"/customers/{hengli.ref}/").content.decode()

    client.force_login(colleague)
    page = client.get(reverse("prospecting:pooled_customers", args=[pool.ref])).content.decode()
    assert "恒力精密" in page
    assert f"/customers/{hengli.ref}/" not in page
    assert client.post(reverse("prospecting:claim_customer", args=[entry.ref])).status_code == 303
    assert client.get(f"/customers/{hengli.ref}/").status_code == 200
    client.post(reverse("prospecting:return_customer", args=[entry.ref]), {"note": "没空"})
    entry.refresh_from_db()
    assert entry.holder is None


def test_the_page_of_a_pool_costs_the_same_for_any_number(client, seller, manager, pool, assert_flat_queries):
    client.force_login(manager)
    put(make_customer(seller), pool, manager)
    put(make_customer(seller), pool, manager, free=True)
    page = reverse("prospecting:pooled_customers", args=[pool.ref])
    assert_flat_queries(
        visit=lambda: client.get(page),
        grow=lambda: [put(make_customer(seller), pool, manager, free=n % 2 == 0) for n in range(6)],
    )


def test_by_api(api, colleague, manager, pool, hengli):
    boss, mine = (api(create_token(username=row.username, now=NOW)) for row in (manager, colleague))
    made = boss.post(f"/customers/{hengli.ref}/pool", {"pool": pool.ref, "free": True})
    assert made.status_code == 201
    ref = made.json()["ref"]
    assert [row["name"] for row in mine.get(f"/pools/{pool.ref}/customers").json()] == ["恒力精密"]
    assert mine.post(f"/pooled-customers/{ref}/claim").json()["holder"] == colleague.ref
    again = mine.post(f"/pooled-customers/{ref}/claim")
    assert (again.status_code, again.json()["code"]) == (409, "already_claimed")
    assert mine.post(f"/pooled-customers/{ref}/keep", {"until": "2099-01-01", "reason": "x"}).status_code == 403
    assert mine.post(f"/pooled-customers/{ref}/return", {}).json()["holder"] is None
    assert boss.delete(f"/pooled-customers/{ref}").status_code == 204
