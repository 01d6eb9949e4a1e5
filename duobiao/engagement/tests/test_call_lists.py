"""Calling lists: made from a filter, worked through, what each outcome leads to, who is a latent customer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.note_objection import note_objection
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Customer
from duobiao.customers.tests.factories import token
from duobiao.engagement.actions.make_call_list import close_call_list, make_call_list
from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.engagement.actions.record_outcome import EntrySettled, ListClosed, Said, record_outcome
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.domain.call_lists import Outcome, Progress, effect_of
from duobiao.engagement.models import Call, CallList, CallListEntry, Visit
from duobiao.engagement.queries.call_candidates import Wanted, candidates
from duobiao.engagement.queries.call_lists import entries_of, next_entry, progress_of
from duobiao.engagement.queries.latent import latent_customers
from duobiao.engagement.tests.factories import (
    MEETING_AT,
    NOW,
    log,
    make_contact,
    make_customer,
    make_list,
    make_user,
)
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.prospecting.models import LeadState
from duobiao.prospecting.tests.factories import make_lead
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db


def record(entry, outcome, actor, *, version=None, call_back_at=None, contact=None, now=NOW, **values):
    return record_outcome(
        entry=entry,
        version=version or entry.version,
        outcome=outcome,
        call_back_at=call_back_at,
        said=Said(values=values, contact=contact),
        actor=actor,
        now=now,
    )


def fresh(entry):
    return CallListEntry.objects.get(pk=entry.pk)


@pytest.mark.parametrize(
    ("outcome", "tries", "result", "a_class", "settles"),
    [
        ("MEETING", 1, "SPOKE", True, True),
        ("INTERESTED", 1, "SPOKE", True, True),
        ("REACHED", 1, "SPOKE", None, True),
        ("NOT_INTERESTED", 1, "SPOKE", False, True),
        ("CALL_BACK", 1, "CALL_BACK", None, False),
        ("NO_ANSWER", 2, "NO_ANSWER", None, False),
        ("NO_ANSWER", 3, "NO_ANSWER", None, True),
        ("WRONG_NUMBER", 1, "WRONG", None, True),
        ("SKIPPED", 1, "", None, True),
    ],
)
def test_what_one_key_means(outcome, tries, result, a_class, settles):
    effect = effect_of(Outcome(outcome), tries=tries)

    assert (effect.result, effect.a_class, effect.settles) == (result, a_class, settles)


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


def test_interest_logs_the_call_and_makes_a_latent_customer(seller, handler, customer):
    entry = make_list(seller).entries.get()

    recorded = record(entry, "INTERESTED", seller, problem="峰谷靠人工排")

    call = Call.objects.get()
    assert recorded.logged.call == call
    assert (call.result, call.interest, call.is_a_class, call.entry) == ("SPOKE", 3, True, entry)
    assert fresh(entry).settled_at == NOW
    assert list(latent_customers(seller)) == [customer]
    assert progress_of([entry.list])[entry.list_id] == Progress(1, 1, 1, 1, 0)


def test_what_was_typed_goes_before_what_the_key_says(seller, handler):
    entry = make_list(seller).entries.get()

    record(entry, "INTERESTED", seller, interest=5, is_a_class=False)

    call = Call.objects.get()
    assert (call.interest, call.is_a_class) == (5, False)


def test_the_latest_decided_call_decides_about_a_latent_customer(seller, handler, customer):
    log(seller, handler, is_a_class=True, started_at=NOW - timedelta(days=3))
    assert list(latent_customers(seller)) == [customer]
    later = log(seller, handler, is_a_class=False, started_at=NOW - timedelta(days=1)).call
    assert not latent_customers(seller).exists()
    withdraw_call(call=later, version=None, reason="记错了", actor=seller, now=NOW)
    assert list(latent_customers(seller)) == [customer]
    assert not latent_customers(make_user()).exists()


def test_a_meeting_agreed_on_the_list_is_planned(seller, handler):
    entry = make_list(seller).entries.get()

    recorded = record(entry, "MEETING", seller, meeting_at=MEETING_AT, meeting_place="集控室", meeting_topic="现状")

    assert recorded.logged.visit == Visit.objects.get()
    assert Visit.objects.get().planned_at == MEETING_AT


@pytest.mark.parametrize(
    ("outcome", "at", "field"),
    [
        ("MEETING", None, "meeting_at"),
        ("CALL_BACK", None, "call_back_at"),
        ("CALL_BACK", NOW, "call_back_at"),
        ("CALL_BACK", NOW + timedelta(days=4000), "call_back_at"),
        ("NONSENSE", None, "outcome"),
    ],
)
def test_an_outcome_without_its_day_changes_nothing(seller, handler, outcome, at, field):
    entry = make_list(seller).entries.get()

    with pytest.raises(Invalid) as refusal:
        record(entry, outcome, seller, call_back_at=at)

    assert field in refusal.value.fields
    assert fresh(entry).version == 1
    assert not Call.objects.exists()
    assert not Entry.objects.filter(event="engagement.call_logged").exists()


def test_no_answer_goes_to_the_end_and_the_third_one_ends_it(seller, handler):
    make_contact(make_customer(seller, "第二家"))
    calls = make_list(seller)
    first, second = calls.entries.order_by("number")

    record(first, "NO_ANSWER", seller)
    assert next_entry(calls, seller, now=NOW) == second
    for _attempt in range(2):
        record(fresh(first), "NO_ANSWER", seller)

    assert fresh(first).settled_at == NOW
    assert Call.objects.filter(result="NO_ANSWER").count() == 3


def test_who_asked_to_be_called_back_comes_first_once_it_is_time(seller, handler):
    make_contact(make_customer(seller, "第二家"))
    calls = make_list(seller)
    first, second = calls.entries.order_by("number")
    later = NOW + timedelta(hours=3)
    record(second, "CALL_BACK", seller, call_back_at=later)

    assert next_entry(calls, seller, now=NOW) == first
    assert next_entry(calls, seller, now=later) == second
    record(first, "WRONG_NUMBER", seller)
    assert next_entry(calls, seller, now=NOW) is None
    assert Call.objects.get(contact=first.contact).result == "WRONG"


def test_a_lead_stays_a_lead_until_it_shows_itself_a_latent_customer(seller):
    lead = make_lead(seller, company="如东海韵储能", contact_name="施磊", mobile="138 1200 7703")
    entry = make_list(seller, source="LEADS").entries.get()

    record(entry, "NO_ANSWER", seller)
    assert not Call.objects.exists()
    assert Entry.objects.filter(event="engagement.lead_called", subject_ref=lead.ref).count() == 1

    recorded = record(fresh(entry), "INTERESTED", seller, problem="辅助服务收益只拿到六成")
    lead.refresh_from_db()
    assert lead.state == LeadState.CONVERTED
    assert lead.opportunity is None
    assert (recorded.logged.call.contact.name, recorded.logged.call.is_a_class) == ("施磊", True)
    assert fresh(entry).customer == lead.customer


def test_a_lead_of_a_known_company_joins_it(seller, handler, customer):
    Customer.objects.update(normal_name=normal_name(customer.name))
    make_lead(seller, company=customer.name, contact_name="沈波")
    entry = make_list(seller, source="LEADS").entries.get()

    record(entry, "INTERESTED", seller)

    assert Customer.objects.count() == 1
    assert fresh(entry).customer == customer


def test_a_lead_without_a_person_asks_for_the_name(seller):
    make_lead(seller, company="扬州水务", contact_name="")
    entry = make_list(seller, source="LEADS").entries.get()

    with pytest.raises(Invalid) as refusal:
        record(entry, "INTERESTED", seller)

    assert "new_name" in refusal.value.fields
    assert fresh(entry).version == 1


def test_what_is_done_closed_or_seen_in_an_older_state_is_refused(seller, handler, stranger):
    make_contact(make_customer(seller, "第二家"))
    calls = make_list(seller)
    first, second = calls.entries.order_by("number")
    record(first, "REACHED", seller)
    with pytest.raises(EntrySettled):
        record(fresh(first), "REACHED", seller)
    record(second, "NO_ANSWER", seller)
    with pytest.raises(StaleVersion):
        record(second, "REACHED", seller, version=1)
    with pytest.raises(NotAllowed):
        record(fresh(second), "REACHED", stranger)
    close_call_list(calls=calls, version=1, actor=seller, now=NOW)
    with pytest.raises(ListClosed):
        record(fresh(second), "REACHED", seller)
    with pytest.raises(ListClosed):
        close_call_list(calls=calls, version=2, actor=seller, now=NOW)

    assert Call.objects.count() == 2
    assert fresh(second).settled_at is None


def test_withdrawing_the_call_puts_the_entry_back(seller, handler):
    entry = make_list(seller).entries.get()
    call = record(entry, "REACHED", seller).logged.call

    withdraw_call(call=call, version=None, reason="按错了", actor=seller, now=NOW)

    assert (fresh(entry).settled_at, fresh(entry).outcome) == (None, "")


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
