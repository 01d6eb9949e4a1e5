"""The calendar: entries of some days, subscriptions, and a file that calendar programs read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.move_visit import move_visit
from duobiao.engagement.actions.record_visit import record_visit
from duobiao.engagement.tests.factories import plan
from duobiao.identity.actions.create_token import create_token
from duobiao.integrations.actions.calendar_feeds import MOST, TooManyFeeds, make_calendar_feed, revoke_calendar_feed
from duobiao.integrations.domain.ics import IcsEvent, calendar_file
from duobiao.integrations.models import CalendarFeed
from duobiao.integrations.queries.agenda import Wanted, agenda
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import NotAllowed
from duobiao.opportunities.actions.add_task import add_task
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user

ZONE = "Asia/Shanghai"
HOSTILE = "开会\r\nATTENDEE:mailto:x@evil.example\rBEGIN:VALARM;a,b\\c\x00"


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def seller(db):
    return make_user("林晓", unit=make_unit("华东一部"))


@pytest.fixture
def deal(seller, now):
    return make_deal(seller, make_customer(seller), now=now, name="二期 MES")


def visit_on(seller, deal, at, now, **values):
    with_ = make_contact(deal.customer, is_handler=True)
    return plan(seller, deal.customer, deal, with_=with_, now=now, planned_at=at, **values).visit


def read(client, feed):
    answer = client.get(reverse("integrations:calendar_feed"), {"token": feed.token})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return Calendar.from_ical(answer.content)


def entries(book):
    return {str(event["UID"]): event for event in book.walk("VEVENT")}


def test_a_calendar_program_reads_what_is_mine_in_my_zone(client, seller, deal, now):
    at = datetime.combine((now + timedelta(days=3)).date(), datetime.min.time(), ZoneInfo(ZONE)).replace(hour=14)
    visit = visit_on(seller, deal, at, now)
    task = add_task(opportunity=deal, title="发案例", owner=seller, due_on=at.date(), actor=seller, now=now)

    book = read(client, make_calendar_feed(actor=seller, now=now))

    held = entries(book)
    met = held[f"visit-{visit.ref}@duobiao"]
    assert met["DTSTART"].dt == at
    assert met["DTSTART"].params["TZID"] == ZONE
    assert met["DTEND"].dt - met["DTSTART"].dt == timedelta(hours=1)
    assert met["LAST-MODIFIED"].dt == visit.created_at.replace(microsecond=0)
    due = held[f"task-{task.ref}@duobiao"]
    assert (due["DTSTART"].dt, due["DTEND"].dt) == (at.date(), at.date() + timedelta(days=1))
    assert due["TRANSP"] == "TRANSPARENT"
    assert [zone["TZID"] for zone in book.walk("VTIMEZONE")] == [ZONE]
    assert {event["STATUS"] for event in held.values()} == {"CONFIRMED"}


def test_a_moved_visit_keeps_its_uid_and_a_cancelled_one_says_so(client, seller, deal, now):
    feed = make_calendar_feed(actor=seller, now=now)
    visit = visit_on(seller, deal, now + timedelta(days=3), now)
    uid = f"visit-{visit.ref}@duobiao"
    before = entries(read(client, feed))[uid]
    later = now + timedelta(minutes=5)
    move_visit(visit=visit, version=1, at=now + timedelta(days=5), reason="停机", actor=seller, now=later)
    after = entries(read(client, feed))[uid]
    cancel_visit(visit=visit, version=2, reason="不去了", actor=seller, now=later + timedelta(minutes=5))
    gone = entries(read(client, feed))[uid]

    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=2)
    assert [int(row["SEQUENCE"]) for row in (before, after, gone)] == [0, 1, 2]
    assert before["LAST-MODIFIED"].dt < after["LAST-MODIFIED"].dt < gone["LAST-MODIFIED"].dt
    assert gone["STATUS"] == "CANCELLED"


def test_hostile_text_adds_no_line_to_the_file():
    when = datetime(2026, 9, 16, 6, tzinfo=UTC)
    event = IcsEvent("u1", HOSTILE, when, when, when, location=HOSTILE, description=HOSTILE, url="http://x/visits/Z-1/")

    content = calendar_file([event], name=HOSTILE)

    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert not [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM"))]
    assert "\r" not in "".join(lines)
    read_back = next(iter(Calendar.from_ical(content).walk("VEVENT")))
    assert str(read_back["SUMMARY"]) == "开会\nATTENDEE:mailto:x@evil.example\nBEGIN:VALARM;a,b\\c "


def test_a_meeting_across_daylight_saving_keeps_its_hour():
    zone = ZoneInfo("Europe/Berlin")
    summer, winter = datetime(2026, 10, 24, 9, tzinfo=zone), datetime(2026, 10, 26, 9, tzinfo=zone)
    events = [IcsEvent(f"u{row.day}", "x", row, row + timedelta(hours=1), summer) for row in (summer, winter)]

    book = Calendar.from_ical(calendar_file(events, name="x"))

    starts = [event["DTSTART"].dt for event in book.walk("VEVENT")]
    assert [start.hour for start in starts] == [9, 9]
    assert [start.utcoffset() for start in starts] == [timedelta(hours=2), timedelta(hours=1)]
    assert book.walk("VTIMEZONE")[0]["TZID"] == "Europe/Berlin"


def test_the_address_of_a_deal_shows_that_deal_alone_and_ends_with_its_sight(client, seller, deal, now):
    other = make_deal(seller, make_customer(seller), now=now)
    visit_on(seller, deal, now + timedelta(days=1), now)
    visit_on(seller, other, now + timedelta(days=1), now)
    feed = make_calendar_feed(actor=seller, opportunity=deal, now=now)

    assert len(entries(read(client, feed))) == 1
    type(deal).objects.filter(pk=deal.pk).update(owner=make_user("接手的人"))
    assert client.get(reverse("integrations:calendar_feed"), {"token": feed.token}).status_code == 404


def test_an_ended_address_a_wrong_one_and_that_of_a_leaver_answer_alike(client, seller, now):
    ended, left = make_calendar_feed(actor=seller, now=now), make_calendar_feed(actor=make_user("走的人"), now=now)
    revoke_calendar_feed(feed=ended.feed, actor=seller, now=now)
    type(seller).objects.filter(pk=left.feed.user_id).update(is_active=False)

    answers = [client.get(reverse("integrations:calendar_feed"), {"token": t}) for t in ("x", ended.token, left.token)]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"")}
    assert client.get(reverse("integrations:calendar_feed")).status_code == 404


def test_guessing_addresses_is_slowed_down(client, seller, now, settings):
    settings.LINK_FAILURE_RATES = "2/m/ip"
    feed = make_calendar_feed(actor=seller, now=now)
    where = reverse("integrations:calendar_feed")

    codes = [client.get(where, {"token": f"dbl_{number}"}).status_code for number in range(3)]

    assert codes == [404, 404, 429]
    assert client.get(where, {"token": feed.token}).status_code == 429


def test_an_unchanged_file_is_not_sent_again(client, seller, deal, now):
    feed = make_calendar_feed(actor=seller, now=now)
    where = reverse("integrations:calendar_feed")
    first = client.get(where, {"token": feed.token})

    again = client.get(where, {"token": feed.token}, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304


def test_only_the_hash_of_an_address_is_kept_and_twenty_are_enough(seller, now):
    made = [make_calendar_feed(actor=seller, now=now) for _ in range(MOST)]

    assert made[0].token not in CalendarFeed.objects.values_list("digest", flat=True)
    with pytest.raises(TooManyFeeds):
        make_calendar_feed(actor=seller, now=now)
    assert CalendarFeed.objects.count() == MOST


def test_nobody_subscribes_to_a_deal_they_may_not_see(deal, now):
    with pytest.raises(NotAllowed):
        make_calendar_feed(actor=make_user("外人"), opportunity=deal, now=now)


def test_a_stranger_reads_nothing_of_anothers_calendar(seller, deal, now):
    visit_on(seller, deal, now + timedelta(days=1), now)
    today = local_day(now, ZONE)
    wanted = {"begin": today, "end": today + timedelta(days=9), "zone": ZONE, "today": today}

    assert agenda(Wanted(make_user("外人"), **wanted, team=True)) == []
    assert [row.movable for row in agenda(Wanted(seller, **wanted))] == [True]


def test_a_visit_held_on_another_day_than_planned_stands_on_the_day_it_was_held(seller, deal, now):
    visit = visit_on(seller, deal, now + timedelta(days=3), now)
    day = local_day(now, ZONE)
    record_visit(visit=visit, version=visit.version, values={"held_on": day}, met=[], actor=seller, now=now)
    wanted = Wanted(seller, now.date() - timedelta(days=1), now.date() + timedelta(days=9), ZONE, now.date())

    rows = [row for row in agenda(wanted) if row.kind == "visit"]

    assert [(row.day, row.at, row.state) for row in rows] == [(day, None, "held")]


def test_the_days_of_a_deal_stand_in_the_calendar(seller, deal, now):
    values = {"expected_close_on": date(2027, 1, 8), "bid_deadline_at": datetime(2027, 1, 5, 1, 30, tzinfo=UTC)}
    edit_opportunity(opportunity=deal, version=deal.version, values=values, actor=seller, now=now)

    rows = agenda(Wanted(seller, date(2027, 1, 1), date(2027, 1, 31), ZONE, now.date()))

    assert [(row.kind, row.day.day, row.at and row.at.hour) for row in rows] == [("deadline", 5, 9), ("close", 8, None)]


def test_the_calendar_costs_the_same_for_any_number_of_entries(seller, deal, now, assert_flat_queries):
    def grow():
        for number in range(5):
            other = make_deal(seller, make_customer(seller), now=now)
            visit_on(seller, other, now + timedelta(days=1, hours=number), now)
            add_task(opportunity=other, title="x", owner=seller, due_on=local_day(now, ZONE), actor=seller, now=now)

    grow()
    today = local_day(now, ZONE)
    assert_flat_queries(
        visit=lambda: agenda(Wanted(seller, today, today + timedelta(days=30), ZONE, today, team=True)), grow=grow
    )


def test_the_api_makes_lists_and_ends_a_subscription(api, client, seller, deal, now):
    program = api(create_token(name="t", actor=seller, now=now).text)
    visit_on(seller, deal, now + timedelta(days=1), now)

    made = program.post("/calendar/feeds", {"opportunity": deal.ref}).json()

    assert client.get(made["url"]).status_code == 200
    assert client.get(made["url"].replace("/calendar.ics", "/api/v1/calendar.ics")).content.startswith(b"BEGIN:VCAL")
    assert [row["kind"] for row in program.get("/calendar").json()] == ["visit"]
    assert program.get("/calendar?begin=2026-01-01&end=2027-01-01").status_code == 422
    assert [row["ref"] for row in program.get("/calendar/feeds").json()] == [made["ref"]]
    assert program.delete(f"/calendar/feeds/{made['ref']}").status_code == 204
    assert client.get(made["url"]).status_code == 404
