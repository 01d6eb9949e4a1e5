"""Issues of customers: by when, by whom, solved, late and escalated."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.solve_issues import (
    IssueIsSolved,
    edit_issue,
    escalate_issues,
    raise_issue,
    solve_issue,
)
from duobiao.customers.models import Issue
from duobiao.customers.queries.issues import due_day, due_issues
from duobiao.customers.tests.factories import NOW, contact, customer, everything, person, token, unit
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.timeline.models import Entry, Notification

MONDAY = date(2026, 9, 14)


@pytest.fixture
def east():
    return unit("华东一部")


@pytest.fixture
def seller(client, east):
    user = person(within=east, name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def manager(east):
    return person(Role.MANAGER, within=east)


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密")


def issue(of, by=None, now=NOW, **values):
    return raise_issue(customer=of, values={"title": "二期报警误报", **values}, actor=by or of.owner, now=now)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("severity", "raised_on", "due"),
    [
        ("URGENT", MONDAY, date(2026, 9, 15)),
        ("HIGH", MONDAY, date(2026, 9, 17)),
        ("NORMAL", date(2026, 9, 11), date(2026, 9, 21)),
        ("HIGH", date(2026, 9, 30), date(2026, 10, 10)),
    ],
)
def test_an_issue_may_take_working_days_by_its_severity(severity, raised_on, due):
    assert due_day(severity, raised_on) == due


@pytest.mark.django_db
def test_an_issue_is_raised_given_on_and_solved_and_those_concerned_are_told(seller, manager, hengli):
    held = issue(hengli, by=manager, severity="HIGH")
    assert (held.owner, held.due_on) == (seller, date(2026, 9, 17))

    held = edit_issue(issue=held, version=1, values={"owner": manager, "severity": "URGENT"}, actor=seller, now=NOW)
    assert held.due_on == date(2026, 9, 15)
    solve_issue(issue=held, solution="换了传感器，观察两天", actor=seller, now=NOW)

    told = Notification.objects.order_by("pk").values_list("user__name", "event")
    assert list(told) == [
        (seller.name, "customers.issue_raised"),
        (manager.name, "customers.issue_raised"),
        (manager.name, "customers.issue_solved"),
    ]
    assert Entry.objects.filter(event__startswith="customers.issue_", chain=hengli.ref).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"title": " "}, {"severity": "PANIC"}, {"detail": "长" * 2001}, {"title": "x" * 201}]
)
def test_a_wrong_issue_is_refused_and_nothing_kept(hengli, values):
    before = everything()

    with pytest.raises(Invalid) as refused:
        issue(hengli, **values)

    assert list(refused.value.fields) == list(values)
    assert everything() == before
    assert not Issue.objects.exists()


@pytest.mark.django_db
def test_who_cannot_see_the_customer_is_not_asked_to_solve_its_issue(seller, hengli):
    other = contact(customer(seller, "别的客户"))

    for values, field in (({"owner": person(within=unit("华西"))}, "owner"), ({"contact": other}, "contact")):
        with pytest.raises(Invalid) as refused:
            issue(hengli, **values)
        assert list(refused.value.fields) == [field]
    assert not Issue.objects.exists()


@pytest.mark.django_db
def test_a_solved_issue_stays_as_it_was_and_others_rights_are_kept(seller, hengli):
    held = issue(hengli)
    with pytest.raises(NotAllowed):
        solve_issue(issue=held, solution="x", actor=person(Role.EXECUTIVE), now=NOW)
    with pytest.raises(Invalid):
        solve_issue(issue=held, solution=" ", actor=seller, now=NOW)
    edit_issue(issue=held, version=1, values={"detail": "夜班"}, actor=seller, now=NOW)
    with pytest.raises(StaleVersion):
        edit_issue(issue=held, version=1, values={"title": "x"}, actor=seller, now=NOW)
    solve_issue(issue=held, solution="换了传感器", actor=seller, now=NOW)

    with pytest.raises(IssueIsSolved):
        solve_issue(issue=held, solution="又换了", actor=seller, now=NOW)
    with pytest.raises(IssueIsSolved):
        edit_issue(issue=held, version=3, values={"title": "x"}, actor=seller, now=NOW)

    assert Issue.objects.get().solution == "换了传感器"


@pytest.mark.django_db
def test_superiors_hear_once_of_an_issue_that_is_late(seller, manager, hengli):
    late, solved = issue(hengli, severity="URGENT"), issue(hengli, title="旧问题", severity="URGENT")
    issue(hengli, title="不急", severity="LOW")
    solve_issue(issue=solved, solution="好了", actor=seller, now=NOW)
    Notification.objects.all().delete()

    assert escalate_issues(on=date(2026, 9, 15), now=NOW) == 0
    assert escalate_issues(on=date(2026, 9, 16), now=NOW) == 1
    assert escalate_issues(on=date(2026, 9, 17), now=NOW) == 0

    told = Notification.objects.filter(event="customers.issue_escalated").values_list("user_id", flat=True)
    assert sorted(told) == sorted([manager.pk, seller.pk])
    assert Issue.objects.get(pk=late.pk).escalated_at is not None


@pytest.mark.django_db
def test_today_names_what_is_to_be_solved_within_a_week(client, seller, manager, hengli):
    issue(hengli, severity="URGENT")
    issue(hengli, title="不急", severity="LOW")

    lines, total = due_issues(seller, on=MONDAY + timedelta(days=3), until=MONDAY + timedelta(days=7), team=False)

    assert ([line.issue.title for line in lines], total) == (["二期报警误报"], 1)
    assert lines[0].late_days == 2
    assert due_issues(manager, on=MONDAY, until=date.max, team=True)[1] == 2
    assert due_issues(person(), on=MONDAY, until=date.max, team=True)[1] == 0


@pytest.mark.django_db
def test_a_leavers_issues_go_to_the_successor_and_a_merged_contacts_to_the_kept_one(seller, east, hengli):
    successor, li = person(within=east), contact(hengli, "李工")
    held = issue(hengli, contact=li)
    kept = contact(hengli, "李建国")

    merge_contacts(keeper=kept, other=li, actor=person(Role.ADMINISTRATOR), now=NOW)
    deactivate_user(user=seller, version=seller.version, successor=successor, actor=person(Role.ADMINISTRATOR), now=NOW)

    held.refresh_from_db()
    assert (held.owner, held.contact) == (successor, kept)
    assert Notification.objects.filter(user=successor, event="customers.issue_raised").exists()
    assert Entry.objects.filter(
        event="customers.issue_changed", detail__data__changes__owner=[seller.ref, successor.ref]
    ).exists()


@pytest.mark.django_db
def test_an_issue_lives_on_the_pages(client, seller, hengli):
    address = reverse("customers:raise_issue", args=[hengli.ref])
    form = {"title": "二期报警误报", "severity": "HIGH", "owner": seller.ref, "detail": "夜班每晚两次"}
    assert client.post(address, {**form, "title": ""}).status_code == 422
    assert client.post(address, form).status_code == 303
    held = Issue.objects.get()
    for page in (f"/customers/{hengli.ref}/", "/issues/", f"/issues/{held.ref}/"):
        assert "二期报警误报" in client.get(page).content.decode()

    edit = reverse("customers:edit_issue", args=[held.ref])
    assert client.post(edit, {**form, "severity": "LOW", "version": "1"}).status_code == 303
    assert client.post(edit, {**form, "version": "1"}).status_code == 409
    assert client.post(reverse("customers:solve_issue", args=[held.ref]), {"solution": "换了传感器"}).status_code == 303
    assert "换了传感器" in client.get("/issues/?which=solved").content.decode()


@pytest.mark.django_db
def test_issues_by_api(api, seller, hengli):
    mine, stranger = api(token(seller)), api(token(person()))
    made = mine.post(f"/customers/{hengli.ref}/issues", {"title": "报警误报", "severity": "URGENT"})
    assert made.status_code == 201
    ref = made.json()["ref"]

    assert mine.patch(f"/issues/{ref}", {"version": 1, "detail": "夜班"}).json()["version"] == 2
    assert mine.patch(f"/issues/{ref}", {"version": 1, "detail": "x"}).status_code == 409
    assert stranger.get(f"/issues/{ref}").status_code == 404
    assert stranger.get("/issues").json()["items"] == []
    assert [row["ref"] for row in mine.get("/issues").json()["items"]] == [ref]
    assert mine.post(f"/issues/{ref}/solve", {"solution": "换了传感器"}).json()["solution"] == "换了传感器"
    assert mine.post(f"/issues/{ref}/solve", {"solution": "又换"}).status_code == 409
    assert mine.get("/issues?solved=true").json()["items"][0]["late"] is False


@pytest.mark.django_db
def test_lists_of_issues_cost_the_same_for_any_number(client, seller, hengli, assert_flat_queries):
    issue(hengli, contact=contact(hengli))
    for address in ("/issues/?which=all", f"/customers/{hengli.ref}/"):
        assert_flat_queries(
            visit=lambda address=address: client.get(address),
            grow=lambda: [
                issue(customer(seller), now=datetime.now(NOW.tzinfo)),
                issue(hengli, contact=contact(hengli)),
            ],
        )
