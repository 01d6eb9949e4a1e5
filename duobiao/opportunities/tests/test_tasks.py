"""Tasks of deals: who does what by when; told, reminded, finished, dropped; pages and API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.commands import create_token
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.add_task import TaskDone, add_task, edit_task
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.finish_task import drop_tasks, finish_task, remind_of_tasks
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.queries.tasks import tasks_for, tasks_from, tasks_of
from duobiao.opportunities.tests.factories import NOW, TODAY, make_deal, make_unit, make_user
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=5)


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=unit, language="en")


@pytest.fixture
def deal(seller):
    return make_deal(seller)


def put(deal, actor, owner=None, **changes):
    values = {"title": "Send the samples", "due_on": LATER, **changes}
    return add_task(opportunity=deal, owner=owner or actor, **values, actor=actor, now=NOW)


def bells(user) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("event", flat=True))


def test_a_task_is_told_kept_with_its_source_and_audited_on_the_deal(deal, seller, manager):
    task = put(deal, manager, owner=seller, source=Ref("review", "R-1"))

    assert (task.owner, task.added_by, task.added_at, task.is_open) == (seller, manager, NOW, True)
    assert bells(seller)[-1:] == ["opportunities.task_added"]
    assert bells(manager) == []
    assert Entry.objects.get(event="opportunities.task_added").chain == deal.ref
    assert [line.task for line in tasks_from("R-1", seller, on=TODAY)] == [task]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ({"due_on": TODAY + timedelta(days=800)}, "due_on"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(deal, seller, change, field):
    with pytest.raises(Invalid) as refusal:
        put(deal, seller, **change)

    assert set(refusal.value.fields) == {field}
    assert not DealTask.objects.exists()


def test_only_who_may_see_the_deal_gets_a_task_and_only_its_people_put_one(deal, seller):
    stranger = make_user("stranger")
    with pytest.raises(Invalid) as refusal:
        put(deal, seller, owner=stranger)
    with pytest.raises(NotAllowed):
        put(deal, stranger, owner=seller)

    assert set(refusal.value.fields) == {"owner"}
    assert not DealTask.objects.exists()
    add_to_team(opportunity=deal, user=stranger, role="PRESALES", actor=seller, now=NOW)
    assert put(deal, seller, owner=stranger).owner == stranger


def test_a_closed_deal_takes_no_task_but_an_open_one_can_still_be_finished(deal, seller):
    task = put(deal, seller)
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    with pytest.raises(DealClosed):
        put(deal, seller)
    assert finish_task(task=task, actor=seller, now=NOW).done_at == NOW


def test_a_task_is_changed_from_what_was_seen_until_it_is_closed(deal, seller, manager):
    task = put(deal, seller)
    values = {"title": "Send two samples", "owner": manager, "due_on": LATER + timedelta(days=1)}
    with pytest.raises(StaleVersion):
        edit_task(task=task, version=9, **values, actor=seller, now=NOW)

    held = edit_task(task=task, version=1, **values, actor=seller, now=NOW)
    same = edit_task(task=task, version=2, **values, actor=seller, now=NOW)

    assert (held.title, held.owner, held.version, same.version) == ("Send two samples", manager, 2, 2)
    assert bells(manager)[-1:] == ["opportunities.task_added"]
    finish_task(task=task, actor=manager, now=NOW)
    with pytest.raises(TaskDone):
        edit_task(task=task, version=3, **values, actor=seller, now=NOW)
    with pytest.raises(TaskDone):
        finish_task(task=task, actor=seller, now=NOW)


def test_who_put_a_task_hears_of_its_end_and_dropping_needs_a_reason(deal, seller, manager):
    task = put(deal, manager, owner=seller)
    with pytest.raises(Invalid) as refusal:
        finish_task(task=task, dropped=True, actor=seller, now=NOW)
    assert set(refusal.value.fields) == {"result"}

    held = finish_task(task=task, dropped=True, result="The buyer has samples", actor=seller, now=NOW)

    assert (held.dropped, held.result, held.done_by) == (True, "The buyer has samples", seller)
    assert bells(manager) == ["opportunities.task_finished"]


def test_a_colleague_finishes_their_own_task_but_not_that_of_others(deal, seller):
    coach = make_user("coach", role="executive")
    own, others = put(deal, seller, owner=coach), put(deal, seller)

    assert finish_task(task=own, actor=coach, now=NOW).done_by == coach
    with pytest.raises(NotAllowed):
        finish_task(task=others, actor=coach, now=NOW)


def test_open_tasks_of_who_leaves_go_to_the_successor_who_sees_the_deal_else_to_its_owner(deal, seller):
    leaver, heir, boss = make_user("leaver"), make_user("heir"), make_user("boss", role="administrator")
    add_to_team(opportunity=deal, user=leaver, role="PRESALES", actor=seller, now=NOW)
    other = make_deal(seller)
    add_to_team(opportunity=other, user=leaver, role="PRESALES", actor=seller, now=NOW)
    task, done, unseen = put(deal, seller, owner=leaver), put(deal, seller, owner=leaver), put(other, seller, leaver)
    finish_task(task=done, actor=leaver, now=NOW)
    other.team.all().delete()

    deactivate_user(user=leaver, successor=heir, version=leaver.version, actor=boss, now=NOW)

    owners = {row.pk: row.owner for row in DealTask.objects.select_related("owner")}
    assert owners == {task.pk: heir, done.pk: leaver, unseen.pk: seller}
    assert bells(heir)[-1:] == ["opportunities.task_added"]
    assert Entry.objects.filter(event="opportunities.task_edited", actor=boss).count() == 2


def test_tasks_a_record_led_to_are_dropped_with_it(deal, seller, manager):
    kept, done, mine = put(deal, manager, seller, source=Ref("review", "R-1")), put(deal, seller), put(deal, seller)
    finish_task(task=done, actor=seller, now=NOW)

    drop_tasks(deal, "R-1", reason="The review was corrected", actor=manager, now=NOW)

    for task in (kept, mine):
        task.refresh_from_db()
    assert (kept.dropped, kept.result, mine.is_open) == (True, "The review was corrected", True)
    assert bells(seller)[-1:] == ["opportunities.task_finished"]


def test_each_task_is_called_to_mind_once_on_its_day(deal, seller):
    put(deal, seller)
    finish_task(task=put(deal, seller), actor=seller, now=NOW)

    assert remind_of_tasks(on=TODAY, now=NOW) == 0
    assert remind_of_tasks(on=LATER, now=NOW) == 1
    assert remind_of_tasks(on=LATER, now=NOW) == 0
    assert bells(seller)[-1:] == ["opportunities.task_due"]


def test_lists_know_what_is_late_and_whose_it_is(deal, seller, manager):
    first = put(deal, seller, due_on=TODAY)
    second = put(deal, seller, owner=manager, due_on=LATER)
    done = finish_task(task=put(deal, seller), actor=seller, now=NOW)
    day = TODAY + timedelta(days=2)

    lines = tasks_of(deal, manager, on=day)

    assert [(line.task, line.late, line.mine) for line in lines] == [
        (first, True, False), (second, False, True), (done, False, False),
    ]  # fmt: skip
    assert [line.task for line in tasks_for(manager, on=day, until=LATER)] == [second]
    assert [line.task for line in tasks_for(manager, on=day, until=LATER, team=True)] == [first, second]
    assert tasks_for(make_user("stranger"), on=day, until=LATER, team=True) == []


def test_pages_add_change_and_finish_a_task(client, seller):
    deal = make_deal(seller, now=timezone.now() - timedelta(days=1))
    client.force_login(seller)
    due = timezone.localdate() + timedelta(days=3)
    sent = {"title": "Send the samples", "owner": seller.ref, "due_on": due.isoformat()}

    refused = client.post(f"/opportunities/{deal.ref}/tasks/new/", {**sent, "title": ""})
    added = client.post(f"/opportunities/{deal.ref}/tasks/new/", sent)

    task = DealTask.objects.get()
    assert (refused.status_code, added.status_code) == (422, 303)
    assert "Send the samples" in client.get(f"/opportunities/{deal.ref}/").content.decode()
    assert "Send the samples" in client.get("/today/").content.decode()
    client.post(f"/tasks/{task.ref}/edit/", {**sent, "title": "Send two", "version": 1})
    assert client.post(f"/tasks/{task.ref}/finish/", {"dropped": "on"}).status_code == 422
    client.post(f"/tasks/{task.ref}/finish/", {"result": "sent"})
    task.refresh_from_db()
    assert (task.title, task.result, task.is_open) == ("Send two", "sent", False)


def test_the_api_does_the_same(client, seller):
    deal = make_deal(seller, now=timezone.now() - timedelta(days=1))
    head = {"authorization": f"Bearer {create_token(username=seller.username, now=timezone.now())}"}
    due = timezone.localdate().isoformat()
    url = f"/api/v1/opportunities/{deal.ref}/tasks"

    def send(method, path, body=None):
        return getattr(client, method)(path, body, content_type="application/json", headers=head)

    added = send("post", url, {"title": "Send", "owner": seller.ref, "due_on": due})
    unknown = send("post", url, {"title": "Send", "owner": "U-0", "due_on": due})
    ref = added.json()["ref"]
    changed = send("put", f"{url}/{ref}", {"title": "Send two", "owner": seller.ref, "due_on": due, "version": 1})
    mine = client.get("/api/v1/tasks?days=0", headers=head).json()
    done = send("post", f"{url}/{ref}/finish", {"result": "sent"})

    assert (added.status_code, unknown.status_code) == (201, 422)
    assert changed.json()["title"] == "Send two"
    assert [row["ref"] for row in mine] == [ref]
    assert (done.json()["result"], done.json()["done_at"] is not None) == ("sent", True)
    assert client.get("/api/v1/tasks", headers=head).json() == []
    assert client.get(url, headers=head).json()[0]["version"] == 3
