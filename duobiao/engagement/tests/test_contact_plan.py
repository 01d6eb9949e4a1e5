"""The contact plan: how often people are spoken to, who is overdue, what counts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.trash_contact import trash_contact
from duobiao.customers.tests.factories import token
from duobiao.engagement.actions.plan_contact import end_contact_plan, plan_contact
from duobiao.engagement.actions.record_visit import log_visit
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.models import ContactCycle
from duobiao.engagement.queries.cycles import due_cycles
from duobiao.engagement.tests.factories import NOW, TODAY, log, make_contact, make_customer, make_unit, make_user
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = make_user("linxiao", unit=make_unit("华东一部"))
    client.force_login(user)
    return user


@pytest.fixture
def wang(seller):
    return make_contact(make_customer(seller, "苏州恒睿精密"), is_handler=True)


def plan(contact, every_days=30, **values):
    return plan_contact(contact=contact, every_days=every_days, actor=contact.customer.owner, now=NOW, **values)


def due(contact):
    return ContactCycle.objects.get(contact=contact, ended_at__isnull=True).due_on


def test_a_plan_is_due_at_once_and_then_after_each_call_that_reached_the_person(seller, wang):
    plan(wang)
    assert due(wang) == TODAY

    log(seller, wang, started_at=NOW - timedelta(days=10))
    assert due(wang) == TODAY + timedelta(days=20)
    log(seller, wang, started_at=NOW, result="NO_ANSWER")
    assert due(wang) == TODAY + timedelta(days=20)


def test_visits_count_and_what_is_withdrawn_no_longer_does(seller, wang):
    held = {"held_on": TODAY - timedelta(days=20), "topic": "回访", "place": "苏州"}
    log_visit(customer=wang.customer, values=held, met=[wang], opportunity=None, actor=seller, now=NOW)
    plan(wang, 30)
    assert due(wang) == TODAY + timedelta(days=10)

    call = log(seller, wang, started_at=NOW - timedelta(days=1)).call
    assert due(wang) == TODAY + timedelta(days=29)
    withdraw_call(call=call, version=None, reason="记错了", actor=seller, now=NOW)
    assert due(wang) == TODAY + timedelta(days=10)
    ContactCycle.objects.update(every_days=7, due_on=TODAY)
    assert plan(wang, 7, version=1).due_on == TODAY


def test_today_names_whom_to_speak_to_the_longest_overdue_first(client, seller, wang):
    other = make_contact(wang.customer, "孙国栋")
    plan(wang, aim="季度回访")
    plan(other)
    ContactCycle.objects.filter(contact=other).update(due_on=TODAY - timedelta(days=5))
    ContactCycle.objects.filter(contact=wang).update(due_on=TODAY + timedelta(days=8))

    lines, total = due_cycles(seller, on=TODAY, until=TODAY + timedelta(days=7), team=False)

    assert ([line.cycle.contact.name for line in lines], total) == (["孙国栋"], 1)
    assert lines[0].late_days == 5
    assert "孙国栋" in client.get("/").content.decode() or "孙国栋" in client.get("/today/").content.decode()
    page = client.get(reverse("engagement:contact_plan")).content.decode()
    assert page.index("孙国栋") < page.index("王海涛")
    assert not due_cycles(make_user(), on=TODAY, until=date.max, team=True)[0]


@pytest.mark.parametrize(("every_days", "values"), [(0, {}), (367, {}), (7, {"aim": "长" * 201})])
def test_a_rhythm_that_does_not_fit_is_refused(wang, every_days, values):
    with pytest.raises(Invalid):
        plan(wang, every_days, **values)

    assert not ContactCycle.objects.exists()
    assert not Entry.objects.filter(event="engagement.contact_planned").exists()


def test_who_may_not_visit_or_saw_another_plan_changes_nothing(wang):
    with pytest.raises(NotAllowed):
        plan_contact(contact=wang, every_days=7, actor=make_user(role=Role.EXECUTIVE), now=NOW)
    plan(wang)
    with pytest.raises(StaleVersion):
        plan(wang, 7)

    assert ContactCycle.objects.get().every_days == 30


def test_an_ended_plan_a_trashed_person_and_a_merged_one_leave_the_list(seller, wang):
    twin, gone = make_contact(wang.customer, "王海滔"), make_contact(wang.customer, "赵敏")
    for person in (wang, twin, gone):
        plan(person)

    merge_contacts(keeper=wang, other=twin, actor=make_user(role=Role.ADMINISTRATOR), now=NOW)
    trash_contact(contact=gone, actor=seller, now=NOW)
    found = due_cycles(seller, on=TODAY, until=TODAY, team=False)[0]
    assert [line.cycle.contact.name for line in found] == ["王海涛"]
    end_contact_plan(contact=wang, actor=seller, now=NOW)
    assert not due_cycles(seller, on=TODAY, until=TODAY, team=False)[0]


def test_a_plan_is_made_changed_and_ended_on_the_page(client, wang):
    address = reverse("engagement:plan_contact", args=[wang.ref])
    client.post(address, {"every_days": "14", "aim": "二期进展"})
    assert "二期进展" in client.get(f"/customers/{wang.customer.ref}/").content.decode()

    assert client.post(address, {"every_days": "0", "version": "1"}).status_code == 422
    assert client.post(address, {"every_days": "7"}).status_code == 409
    client.post(address, {"every_days": "7", "version": "1"})
    assert ContactCycle.objects.get().every_days == 7
    client.post(reverse("engagement:end_contact_plan", args=[wang.ref]))
    assert ContactCycle.objects.get().ended_at is not None


def test_plans_by_api(api, seller, wang):
    mine = api(token(seller))
    made = mine.put(f"/contacts/{wang.ref}/plan", {"every_days": 14})

    assert made.status_code == 200
    assert (made.json()["version"], made.json()["last_on"]) == (1, None)
    assert mine.put(f"/contacts/{wang.ref}/plan", {"every_days": 7}).status_code == 409
    assert mine.put(f"/contacts/{wang.ref}/plan", {"every_days": 7, "version": 1}).json()["every_days"] == 7
    assert [row["contact"] for row in mine.get("/contact-plans").json()["items"]] == [wang.ref]
    assert api(token(make_user())).get("/contact-plans").json()["items"] == []
    assert mine.delete(f"/contacts/{wang.ref}/plan").status_code == 204
    assert mine.delete(f"/contacts/{wang.ref}/plan").status_code == 404


def test_the_plan_costs_the_same_for_any_number_of_people(client, seller, wang, assert_flat_queries):
    plan(wang)
    for address in (reverse("engagement:contact_plan"), f"/customers/{wang.customer.ref}/"):
        assert_flat_queries(
            visit=lambda address=address: client.get(address),
            grow=lambda: [plan(make_contact(wang.customer, f"联系人{n}")) for n in range(4)],
        )
