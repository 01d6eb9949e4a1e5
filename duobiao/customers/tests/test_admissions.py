"""Supplier admission: registers and platforms of a customer, their states, alarms, and what they prove."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from duobiao.customers.actions.keep_admissions import (
    AdmissionStepRefused,
    add_admission,
    edit_admission,
    move_admission,
    remove_admission,
)
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.watch_admissions import watch_admissions
from duobiao.customers.domain.expiry import warning_due
from duobiao.customers.models import Admission, AdmissionState, AdmissionStep
from duobiao.customers.queries.admissions import admissions_matching
from duobiao.customers.tests.factories import NOW, customer, everything, person, token, unit
from duobiao.customers.tests.test_pages import HTMX, sent, text
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 14)


@pytest.fixture
def east():
    return unit("华东一部")


@pytest.fixture
def seller(client, east):
    user = person(within=east, name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密")


def admission(of, by=None, state="SUBMITTED", **values):
    return add_admission(
        customer=of, values={"name": "合格供方名录", **values}, state=state, actor=by or of.owner, now=NOW
    )


def move(row, state, by, **more):
    more = {"happened_on": TODAY, "note": "", **more}
    return move_admission(admission=row, version=row.version, state=state, actor=by, now=NOW, **more)


def kept():
    return everything() | {
        model.__name__: sorted(model.objects.values_list(), key=repr) for model in (Admission, AdmissionStep)
    }


@pytest.mark.parametrize(
    ("left", "told", "due"),
    [
        (61, None, None),
        (60, None, 60),
        (45, None, 60),
        (45, 60, None),
        (30, 60, 30),
        (7, 30, 7),
        (3, 30, 7),
        (3, 7, None),
        (0, 7, 0),
        (0, 0, None),
        (-1, None, None),
    ],
)
def test_a_warning_is_due_once_at_each_distance_before_the_last_day(left, told, due):
    assert warning_due(TODAY + timedelta(days=left), told, on=TODAY) == due


def test_states_are_rows_with_who_and_when(seller, hengli):
    row = admission(hengli, state="PREPARING")
    row = move(row, "SUBMITTED", seller, note="材料已寄出")
    row = move(row, "ADMITTED", seller, days={"valid_until": TODAY + timedelta(days=365)})

    steps = row.steps.order_by("pk")
    assert [(step.state, step.noted_by, step.note) for step in steps] == [
        ("PREPARING", seller, ""),
        ("SUBMITTED", seller, "材料已寄出"),
        ("ADMITTED", seller, ""),
    ]
    assert (row.state, row.version, row.valid_until) == ("ADMITTED", 3, TODAY + timedelta(days=365))
    assert [entry.event for entry in Entry.objects.filter(event__startswith="customers.admission").order_by("pk")] == [
        "customers.admission_added",
        "customers.admission_moved",
        "customers.admission_moved",
    ]
    assert set(Entry.objects.filter(event__startswith="customers.admission").values_list("chain", flat=True)) == {
        hengli.ref
    }


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "},
        {"name": "x" * 121},
        {"listing": "WIKI"},
        {"number": "x" * 61},
        {"address": "no address"},
        {"login_holder": "林晓 密码 abc123"},
        {"remarks": "password: hunter2"},
        {"valid_from": date(1900, 1, 1)},
    ],
)
def test_wrong_facts_are_refused_by_field_and_nothing_is_kept(hengli, values):
    before = kept()

    with pytest.raises(Invalid) as refused:
        admission(hengli, **values)

    assert list(refused.value.fields) == list(values)
    assert kept() == before


def test_days_that_cannot_be_are_refused(seller, hengli):
    row = admission(hengli)
    before = kept()
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    for field, more in (
        ("happened_on", {"happened_on": tomorrow}),
        ("happened_on", {"happened_on": yesterday}),
        ("valid_until", {"days": {"valid_until": yesterday}}),
        ("valid_from", {"days": {"valid_from": tomorrow}}),
        ("note", {"note": "x" * 301}),
        ("note", {"note": "\x00"}),
    ):
        with pytest.raises(Invalid) as refused:
            move(row, "ADMITTED", seller, **more)
        assert list(refused.value.fields) == [field]
        row.refresh_from_db()
    assert kept() == before


def test_a_state_that_cannot_follow_is_refused_with_what_can(seller, hengli):
    row = admission(hengli, state="PREPARING")
    before = kept()

    with pytest.raises(AdmissionStepRefused) as refused:
        move(row, "SUSPENDED", seller)

    assert refused.value.details["next"] == ["SUBMITTED", "ADMITTED", "REJECTED"]
    assert kept() == before


def test_rights_versions_and_what_is_gone(seller, east, hengli):
    row = admission(hengli)
    colleague, manager = person(within=east), person(Role.MANAGER, within=east)
    before = kept()
    with pytest.raises(NotAllowed):
        admission(hengli, by=colleague, name="采购平台")
    with pytest.raises(NotAllowed):
        move(row, "ADMITTED", colleague)
    with pytest.raises(StaleVersion):
        edit_admission(admission=row, version=7, values={"number": "A"}, actor=seller, now=NOW)
    with pytest.raises(Invalid) as twice:
        admission(hengli)
    assert "name" in twice.value.fields
    with pytest.raises(Invalid) as unseen:
        admission(hengli, name="采购平台", responsible=colleague)
    assert "responsible" in unseen.value.fields
    assert kept() == before

    remove_admission(admission=row, actor=manager, now=NOW)
    with pytest.raises(NotFound):
        edit_admission(admission=row, version=2, values={"number": "A"}, actor=seller, now=NOW)
    assert admission(hengli).ref != row.ref


def test_who_sees_to_it_is_told_and_may_move_it(seller, east, hengli):
    manager = person(Role.MANAGER, within=east)
    row = admission(hengli, responsible=manager)

    assert [(note.user, note.event) for note in Notification.objects.all()] == [(manager, "customers.admission_added")]
    assert move(row, "ADMITTED", manager).state == "ADMITTED"


def test_alarms_reach_owner_and_responsible_once_per_distance_and_the_day_after_it_is_expired(seller, east, hengli):
    manager = person(Role.MANAGER, within=east)
    last = TODAY + timedelta(days=40)
    row = admission(hengli, state="ADMITTED", responsible=manager, valid_until=last)
    Notification.objects.all().delete()

    assert watch_admissions(on=TODAY, now=NOW) == (1, 0)
    assert watch_admissions(on=TODAY, now=NOW) == (0, 0)
    assert watch_admissions(on=last - timedelta(days=30), now=NOW) == (1, 0)
    told = Notification.objects.filter(event="customers.admission_near")
    assert sorted(told.values_list("user", flat=True)) == sorted([seller.pk, manager.pk] * 2)

    assert watch_admissions(on=last, now=NOW) == (1, 0)
    assert watch_admissions(on=last + timedelta(days=1), now=NOW) == (0, 1)
    assert watch_admissions(on=last + timedelta(days=2), now=NOW) == (0, 0)
    row.refresh_from_db()
    step = row.steps.order_by("-pk").first()
    assert (row.state, step.noted_by, step.happened_on) == ("EXPIRED", None, last + timedelta(days=1))
    assert Notification.objects.filter(event="customers.admission_expired").count() == 2

    renewed = move_admission(
        admission=row,
        version=row.version,
        state="ADMITTED",
        happened_on=last + timedelta(days=1),
        days={"valid_until": last + timedelta(days=400)},
        actor=seller,
        now=NOW + timedelta(days=60),
    )
    assert renewed.warned_days is None


def test_who_leaves_gives_admissions_to_who_sees_the_customer_with_a_trace(seller, east, hengli):
    leaver, near, far = (
        person(Role.MANAGER, within=east),
        person(Role.MANAGER, within=east),
        person(within=unit("华南")),
    )
    administrator = person(Role.ADMINISTRATOR)
    row = admission(hengli, responsible=leaver)

    deactivate_user(user=leaver, version=leaver.version, successor=far, actor=administrator, now=NOW)
    row.refresh_from_db()
    assert (row.responsible, row.version) == (seller, 2)
    assert Notification.objects.filter(user=seller, event="customers.admission_added").count() == 1
    entry = Entry.objects.filter(event="customers.admission_changed", subject_ref=row.ref).get()
    assert entry.detail.data["changes"] == {"responsible": [leaver.ref, seller.ref]}

    Admission.objects.update(responsible=far)
    deactivate_user(user=far, version=far.version, successor=near, actor=administrator, now=NOW)
    row.refresh_from_db()
    assert (row.responsible, row.version) == (near, 3)


def test_the_database_refuses_what_code_forgot(hengli):
    row = admission(hengli)
    for change in (
        {"name": ""},
        {"state": "KNOWN"},
        {"valid_from": TODAY, "valid_until": TODAY - timedelta(days=1)},
        {"removed_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Admission.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.steps.update(state="KNOWN")
    with pytest.raises(IntegrityError), transaction.atomic():
        Admission.objects.create(
            customer=hengli,
            name=row.name,
            responsible=hengli.owner,
            state="PREPARING",
            since_on=TODAY,
            created_at=NOW,
            created_by=hengli.owner,
        )


def test_a_merge_brings_admissions_and_keeps_one_per_register(seller, hengli):
    twin = customer(seller, "恒力精密")
    ours, theirs, platform = admission(hengli), admission(twin), admission(twin, name="阳光采购平台")

    merge_customers(keeper=hengli, other=twin, actor=person(Role.ADMINISTRATOR), now=NOW)

    assert set(hengli.admissions.present()) == {ours, platform}
    theirs.refresh_from_db()
    assert (theirs.customer, theirs.removed_at) == (hengli, NOW)


def test_the_list_filters_by_state_and_expiry(seller, hengli):
    soon = admission(hengli, state="ADMITTED", name="近", valid_until=TODAY + timedelta(days=20))
    late = admission(hengli, state="ADMITTED", name="远", valid_until=TODAY + timedelta(days=80))
    open_end = admission(hengli, state="ADMITTED", name="长期")
    waiting = admission(hengli, name="待审")

    def found(**asked):
        return set(admissions_matching(seller, on=TODAY, **asked))

    assert found() == {soon, late, open_end, waiting}
    assert found(state="SUBMITTED") == {waiting}
    assert found(expiry="30") == {soon}
    assert found(expiry="90") == {soon, late}
    assert found(expiry="over") == set()
    assert found(text="恒力 近") == {soon}
    assert set(admissions_matching(person(), on=TODAY)) == set()


def test_on_the_pages_an_admission_is_noted_moved_and_listed(client, seller, hengli):
    address = reverse("customers:add_admission", args=[hengli.ref])
    form = {**sent(client.get(address)), "name": "阳光采购平台", "listing": "PLATFORM", "number": "S-2026-118"}
    assert client.post(address, {**form, "login_holder": "口令 123"}, headers=HTMX).status_code == 422
    assert not Admission.objects.exists()
    assert client.post(address, form).status_code == 303
    row = Admission.objects.get()
    assert (row.state, row.listing) == ("PREPARING", "PLATFORM")

    step = reverse("customers:move_admission", args=[row.ref])
    assert client.post(step, {**sent(client.get(step)), "state": "ADMITTED", "happened_on": ""}).status_code == 422
    client.post(step, {**sent(client.get(step)), "state": "ADMITTED", "note": "入库通知已收到"})
    edit = reverse("customers:edit_admission", args=[row.ref])
    client.post(edit, {**sent(client.get(edit)), "login_holder": "投标部 张洁"})

    page = text(client.get(reverse("customers:admission", args=[row.ref])))
    assert "入库通知已收到" in page
    assert "投标部 张洁" in page
    assert "S-2026-118" in text(client.get(reverse("customers:customer", args=[hengli.ref])))
    assert "阳光采购平台" in text(client.get(reverse("customers:admissions"), {"state": AdmissionState.ADMITTED}))
    assert "阳光采购平台" not in text(client.get(reverse("customers:admissions"), {"state": "EXPIRED"}))
    client.post(reverse("customers:remove_admission", args=[row.ref]))
    assert client.get(reverse("customers:admission", args=[row.ref])).status_code == 404


def test_the_list_is_taken_out_as_text_and_leaves_a_trace(client, seller, hengli):
    admission(hengli, state="ADMITTED", name="=cmd|calc", valid_until=TODAY)

    csv = b"".join(client.get(reverse("customers:export_admissions")).streaming_content).decode()
    book = client.get(reverse("customers:export_admissions"), {"format": "xlsx"})

    assert "'=cmd|calc" in csv
    assert book["Content-Type"].endswith("spreadsheetml.sheet")
    assert Entry.objects.filter(event="customers.admissions_exported").count() == 2


def test_the_list_costs_the_same_for_any_number(client, seller, hengli, assert_flat_queries):
    admission(hengli)
    assert_flat_queries(
        visit=lambda: client.get(reverse("customers:admissions")),
        grow=lambda: [admission(customer(seller)) for _ in range(10)],
    )


def test_admissions_by_api(api, seller, hengli):
    mine, stranger = api(token(seller)), api(token(person()))
    made = mine.post(f"/customers/{hengli.ref}/admissions", {"name": "采购平台", "listing": "PLATFORM"})
    assert made.status_code == 201
    ref, day = made.json()["ref"], made.json()["since_on"]

    assert stranger.get(f"/admissions/{ref}").status_code == 404
    refused = mine.post(f"/admissions/{ref}/steps", {"version": 1, "state": "SUSPENDED", "happened_on": day})
    assert (refused.status_code, refused.json()["code"]) == (409, "admission_step")
    moved = mine.post(
        f"/admissions/{ref}/steps",
        {"version": 1, "state": "ADMITTED", "happened_on": day, "valid_until": "2099-12-31"},
    )
    assert moved.json()["valid_until"] == "2099-12-31"
    assert mine.patch(f"/admissions/{ref}", {"version": 2, "number": "N-1"}).json()["number"] == "N-1"
    assert [step["state"] for step in mine.get(f"/admissions/{ref}").json()["steps"]] == ["ADMITTED", "PREPARING"]
    assert [row["ref"] for row in mine.get("/admissions?state=ADMITTED").json()["items"]] == [ref]
    assert mine.delete(f"/admissions/{ref}").status_code == 204
