"""Weekly reports: drafted from the timeline, kept, sent once, read by whom they should."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from duobiao.customers.tests.factories import token
from duobiao.engagement.actions.write_report import ReportSentBefore, write_report
from duobiao.engagement.models import WeeklyReport
from duobiao.engagement.queries.reports import drafted, monday_of, reports_seen
from duobiao.engagement.tests.factories import NOW, TODAY, log, make_user, plan
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db

MONDAY = monday_of(TODAY)
ZONE = "Asia/Shanghai"


def write(actor, *, week_on=MONDAY, version=0, done="打了 12 个电话", plans="", send=False):
    return write_report(
        week_on=week_on, version=version, done=done, plans=plans, send=send, actor=actor, now=NOW
    )  # fmt: skip


def test_the_draft_says_what_was_recorded_and_what_is_planned(seller, customer, handler, deal):
    log(seller, handler, deal, now=NOW - timedelta(days=30))
    log(seller, handler, deal, now=NOW)
    log(seller, handler, now=NOW)
    plan(seller, customer, deal, planned_at=NOW + timedelta(days=7))

    done, plans = drafted(seller, week_on=MONDAY, zone=ZONE)

    assert done.splitlines()[0] == deal.name
    assert done.count("与周建明通话") == 2
    assert "苏北储能" in plans
    assert drafted(seller, week_on=MONDAY - timedelta(days=70), zone=ZONE)[0] == ""


def test_a_report_is_kept_changed_and_sent_once(seller, manager):
    write(seller)
    assert not reports_seen(manager).exists()
    kept = write(seller, version=1, plans="拜访两家", send=True)

    assert (kept.sent_at, list(kept.sent_to.all())) == (NOW, [manager])
    assert [line.user for line in Notification.objects.filter(event="engagement.report_sent")] == [manager]
    assert list(reports_seen(manager)) == [kept]
    with pytest.raises(ReportSentBefore):
        write(seller, version=2)
    assert WeeklyReport.objects.get().done == "打了 12 个电话"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"week_on": MONDAY + timedelta(days=1)}, "week_on"),
        ({"week_on": MONDAY + timedelta(days=7)}, "week_on"),
        ({"done": "  "}, "done"),
        ({"done": "长" * 10_001}, "done"),
        ({"plans": "a\x00"}, "plans"),
    ],
)
def test_a_report_that_does_not_fit_changes_nothing(seller, given, field):
    with pytest.raises(Invalid) as refusal:
        write(seller, **given)

    assert field in refusal.value.fields
    assert not WeeklyReport.objects.exists()
    assert not Entry.objects.filter(event="engagement.report_written").exists()


def test_without_a_manager_nothing_is_sent_and_an_older_state_is_refused(seller, stranger):
    with pytest.raises(Invalid):
        write(stranger, send=True)
    assert not WeeklyReport.objects.exists()
    write(seller)
    with pytest.raises(StaleVersion):
        write(seller)
    assert not reports_seen(stranger).exists()


def test_the_database_refuses_a_second_report_of_a_week(seller):
    kept = write(seller)
    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyReport.objects.create(person=seller, week_on=kept.week_on, done="x", created_at=NOW)


def test_the_pages_do_the_work(client, seller, manager, stranger):
    client.force_login(seller)
    here = reverse("engagement:write_report")
    for odd in ("nonsense", "2026-02-31", "9999-01-01", "0001-01-01"):
        assert client.get(here, {"week": odd}).status_code == 200
    assert client.post(here, {"version": "0", "done": ""}).status_code == 422
    assert client.post(here, {"version": "0", "done": "两次拜访", "keep": "1"}).status_code == 303
    assert "两次拜访" in client.get(here).content.decode()
    assert client.post(here, {"version": "0", "done": "别的"}).status_code == 409
    client.post(here, {"version": "1", "done": "两次拜访", "send": "1"})
    held = WeeklyReport.objects.get()
    assert held.week_on == monday_of(timezone.localdate())
    page = reverse("engagement:report", args=[held.ref])
    client.force_login(manager)
    assert "两次拜访" in client.get(page).content.decode()
    assert str(seller) in client.get(reverse("engagement:reports")).content.decode()
    client.force_login(stranger)
    assert client.get(page).status_code == 404


def test_the_same_by_api(api, seller, manager, handler, deal):
    log(seller, handler, deal)
    mine = api(token(seller))
    address = f"/weekly-report-drafts/{MONDAY}"
    assert deal.name in mine.get(address).json()["done"]
    for week in ("9999-12-27", "2026-09-15"):
        assert mine.get(f"/weekly-report-drafts/{week}").json()["fields"].keys() == {"week_on"}
    kept = mine.put(address, {"done": "两次拜访", "send": True}).json()
    assert kept["sent_to"] == [manager.ref]
    assert mine.put(address, {"done": "再改", "version": 1}).status_code == 409
    assert len(api(token(manager)).get("/weekly-reports").json()["items"]) == 1
    assert api(token(make_user())).get(f"/weekly-reports/{kept['ref']}").status_code == 404


def test_the_pages_cost_the_same_for_any_number(client, seller, handler, deal, assert_flat_queries):
    client.force_login(seller)
    log(seller, handler, deal, now=timezone.now())
    assert_flat_queries(
        visit=lambda: client.get(reverse("engagement:write_report")),
        grow=lambda: [log(seller, handler, deal, now=timezone.now()) for _n in range(4)],
    )
    write(seller)
    assert_flat_queries(
        visit=lambda: client.get(reverse("engagement:reports")),
        grow=lambda: [write(seller, week_on=MONDAY - timedelta(days=7 * n)) for n in range(1, 5)],
    )
