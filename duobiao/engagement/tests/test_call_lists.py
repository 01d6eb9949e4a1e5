"""Calling lists: made from a filter, shown, worked through on pages and by the API, closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.note_objection import note_objection
from duobiao.customers.models import Customer
from duobiao.customers.tests.factories import token
from duobiao.engagement.actions.make_call_list import make_call_list
from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.engagement.domain.call_lists import Progress
from duobiao.engagement.models import Call, CallList, CallListEntry
from duobiao.engagement.queries.call_candidates import Wanted, candidates
from duobiao.engagement.queries.call_lists import entries_of
from duobiao.engagement.tests.factories import (
    NOW,
    log,
    make_contact,
    make_customer,
    make_list,
    make_user,
)
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db


def test_the_yield_is_unknown_before_anybody_was_reached():
    assert Progress(3).yield_percent is None
    assert Progress(9, settled=4, reached=3, a_class=1).yield_percent == 33
    assert Progress(9, settled=4).left == 5


def test_a_list_of_customers_calls_the_handler_and_leaves_out_who_has_nobody(seller, handler, bystander, customer):
    make_customer(seller, "没有联系人的公司")

    made = make_call_list(name="华东", wanted=Wanted(source="CUSTOMERS"), owner=seller, actor=seller, now=NOW)

    assert [entry.contact.name for entry in made.list.entries.all()] == [handler.name]
    assert made.found.without_person == 1
    again = Wanted(source="CUSTOMERS")
    with pytest.raises(Invalid):
        make_call_list(name="又一份", wanted=again, owner=seller, actor=seller, now=NOW)
    assert CallList.objects.count() == 1


def test_a_list_of_the_contact_plan_begins_with_the_longest_overdue(seller, handler, bystander):
    plan_contact(contact=handler, every_days=30, actor=seller, now=NOW - timedelta(days=1))
    plan_contact(contact=bystander, every_days=30, actor=seller, now=NOW - timedelta(days=9))

    made = make_list(seller, source="PLAN")

    assert [row.contact.name for row in made.entries.order_by("number")] == [bystander.name, handler.name]


def test_filters_by_region_industry_and_latent_customers_narrow_a_list(seller):
    kept = make_contact(make_customer(seller, "苏州恒睿", industry="精密制造", region="江苏苏州"))
    make_contact(make_customer(seller, "无锡华锐", industry="精密制造", region="江苏无锡"))
    make_contact(make_customer(seller, "苏州澳朗", industry="电气", region="江苏苏州"))
    log(seller, kept, is_a_class=True)

    made = make_list(seller, industry="精密制造", region="苏州", a_class_only=True)

    assert [row.contact for row in made.entries.all()] == [kept]
    assert made.about == "客户 · 精密制造 · 苏州 · 电话筛出的 A 类"


def test_a_manager_makes_a_list_for_a_seller_who_is_told(manager, seller, handler):
    made = make_list(manager, owner=seller)

    assert (made.owner, made.created_by) == (seller, manager)
    assert Notification.objects.get().event == "engagement.call_list_assigned"


def test_who_may_not_log_calls_makes_no_list(seller, manager, handler, stranger):
    for actor, owner in ((make_user(role=Role.EXECUTIVE), seller), (stranger, seller)):
        with pytest.raises(NotAllowed):
            make_list(actor, owner=owner)

    assert not CallList.objects.exists()
    assert not Entry.objects.filter(event="engagement.call_list_made").exists()


@pytest.mark.parametrize("name", ["", "长" * 121, "a\x00"])
def test_a_list_needs_a_name(seller, handler, name):
    with pytest.raises(Invalid) as refusal:
        make_call_list(name=name, wanted=Wanted(source="CUSTOMERS"), owner=seller, actor=seller, now=NOW)

    assert "name" in refusal.value.fields
    assert not CallList.objects.exists()


def test_merged_customers_and_handed_over_ones_leave_nobody_behind(seller, handler, customer, manager):
    twin = make_customer(seller, "苏北储能科技")
    make_contact(twin, "老周")
    calls = make_list(seller)
    merge_customers(keeper=customer, other=twin, actor=make_user(role=Role.ADMINISTRATOR), now=NOW)
    assert {row.customer_id for row in calls.entries.all()} == {customer.pk}

    Customer.objects.filter(pk=customer.pk).update(owner=make_user("另一位"))
    assert not entries_of(calls, seller).exists()


def posted(entry, outcome, **more):
    return {"entry": entry.ref, "version": entry.version, "contact": entry.contact.ref, "outcome": outcome,
            "no_pitch": "on", **more}  # fmt: skip


def test_a_list_is_made_and_worked_through_on_the_page(client, seller, handler):
    client.force_login(seller)
    made = client.post(reverse("engagement:make_call_list"), {"name": "九月", "source": "CUSTOMERS"})
    calls = CallList.objects.get()
    assert made.url == reverse("engagement:call_list", args=[calls.ref])
    entry, here = calls.entries.get(), reverse("engagement:work_list", args=[calls.ref])
    page = client.get(here).content.decode()
    assert handler.name in page
    assert "tel:+86-138-0512-6627" in page

    refused = client.post(here, posted(entry, "CALL_BACK", problem="人工排峰谷"))
    assert refused.status_code == 422
    assert "人工排峰谷" in refused.content.decode()
    done = client.post(here, posted(entry, "INTERESTED", problem="人工排峰谷"))
    assert (done.status_code, done.url) == (303, here)
    assert client.post(here, posted(entry, "INTERESTED")).status_code == 303
    assert Call.objects.count() == 1
    for name in ("call_lists", "latent"):
        assert client.get(reverse(f"engagement:{name}")).status_code == 200
    client.post(reverse("engagement:close_call_list", args=[calls.ref]), {"version": "1"})
    assert CallList.objects.get().closed_at is not None


def test_the_next_person_comes_at_once_without_a_new_page(client, seller, handler):
    client.force_login(seller)
    make_contact(make_customer(seller, "第二家"), "李工")
    calls = make_list(seller, now=timezone.now())
    entry = calls.entries.get(contact=handler)

    answer = client.post(
        reverse("engagement:work_list", args=[calls.ref]), posted(entry, "NO_ANSWER"), headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert "李工" in answer.content.decode()
    assert "toast" in answer["HX-Trigger"]


def test_a_form_that_names_nobody_or_no_campaign_is_shown_again(client, seller):
    client.force_login(seller)
    for sent in ({"name": "空", "source": "CUSTOMERS"}, {"name": "空", "source": "CAMPAIGN"}, {"source": "LEADS"}):
        assert client.post(reverse("engagement:make_call_list"), sent).status_code == 422

    assert not CallList.objects.exists()


def test_lists_by_api(api, seller, handler):
    mine = api(token(seller))
    made = mine.post("/call-lists", {"name": "九月", "source": "customers"})
    assert (made.status_code, made.json()["total"]) == (201, 1)
    address = f"/call-lists/{made.json()['ref']}"
    entry = mine.get(f"{address}/next").json()
    assert entry["phone"] == "138 0512 6627"
    body = {"version": entry["version"], "outcome": "interested", "problem": "人工排"}
    told = mine.post(f"{address}/entries/{entry['ref']}/outcome", body)
    assert (told.status_code, told.json()["entry"]["outcome"]) == (200, "INTERESTED")
    assert told.json()["call"] == Call.objects.get().ref
    assert mine.post(f"{address}/entries/{entry['ref']}/outcome", body).status_code == 409
    assert mine.get(f"{address}/next").json() is None
    assert mine.get(address).json()["yield_percent"] == 100
    assert [row["customer"] for row in mine.get("/latent-customers").json()["items"]] == [handler.customer.ref]
    assert mine.get(f"{address}/entries").json()["items"][0]["tries"] == 1
    assert mine.post(f"{address}/close", {"version": 1}).json()["closed_at"]
    assert len(mine.get("/call-lists").json()["items"]) == 1
    assert api(token(make_user())).get(address).status_code == 404


@pytest.mark.parametrize("name", ["call_lists", "call_list", "work_list", "latent"])
def test_lists_cost_the_same_for_any_number(client, seller, handler, assert_flat_queries, name):
    client.force_login(seller)
    log(seller, handler, is_a_class=True)
    calls = make_list(seller)
    address = reverse(f"engagement:{name}", args=[calls.ref] if name in ("call_list", "work_list") else [])

    def grow():
        for number in range(2, 6):
            person = make_contact(make_customer(seller, f"公司{number}"))
            make_list(seller)
            log(seller, person, is_a_class=True)
            who = {"contact": person, "customer": person.customer}
            CallListEntry.objects.create(list=calls, number=number, place=number, **who)

    assert_flat_queries(visit=lambda: client.get(address), grow=grow)


def test_who_does_not_want_to_be_called_is_on_no_list_and_leaves_those_they_are_on(seller):
    asked, other = (make_contact(make_customer(seller), is_handler=True) for _ in range(2))
    calls = make_list(seller)
    assert calls.entries.count() == 2

    note_objection(contact=asked, wish="CALLS", source="电话里说的", said_on=NOW.date(), actor=seller, now=NOW)

    assert [entry.contact for entry in calls.entries.all()] == [other]
    calls.entries.all().delete()
    found = candidates(Wanted(source="CUSTOMERS"), owner=seller, actor=seller, now=NOW)
    assert [one.contact for one in found.people] == [other]


def test_a_customer_whose_people_all_object_counts_as_objecting_and_a_willing_colleague_is_called(seller):
    alone = make_contact(make_customer(seller, "甲公司"), is_handler=True)
    boss = make_contact(make_customer(seller, "乙公司"), "老板", is_handler=True)
    colleague = make_contact(boss.customer, "同事")
    make_customer(seller, "没有联系人的公司")
    for person in (alone, boss):
        note_objection(contact=person, wish="CALLS", source="来电", said_on=NOW.date(), actor=seller, now=NOW)

    found = candidates(Wanted(source="CUSTOMERS"), owner=seller, actor=seller, now=NOW)

    assert [one.contact for one in found.people] == [colleague]
    assert (found.objecting, found.without_person, found.already) == (1, 1, 0)
