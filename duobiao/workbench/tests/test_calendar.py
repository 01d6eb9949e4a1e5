"""The calendar page: months, weeks, lists, whose entries, holidays, moving a visit."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from duobiao.engagement.models import Visit
from duobiao.engagement.tests.factories import plan
from duobiao.identity.models import Role
from duobiao.integrations.queries.agenda import Wanted
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.add_task import add_task
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.workbench.queries.calendar_days import View, calendar_page, span

pytestmark = pytest.mark.django_db
HERE = "/calendar/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    return make_user("林晓", unit=unit)


@pytest.fixture
def visit(seller, now):
    deal = make_deal(seller, make_customer(seller), now=now, name="二期 MES")
    with_ = make_contact(deal.customer, is_handler=True)
    at = now + timedelta(days=2)
    return plan(seller, deal.customer, deal, with_=with_, now=now, planned_at=at, topic="<b>现状</b>").visit


def text(client, **query):
    answer = client.get(HERE, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_each_view_shows_a_visit_and_how_to_move_it(client, seller, visit, view):
    client.force_login(seller)

    shown = text(client, view=view, day=timezone.localtime(visit.planned_at).date().isoformat())

    assert "&lt;b&gt;现状" in shown
    assert f"/visits/{visit.ref}/move/?next=" in shown


def test_a_month_holds_whole_weeks():
    assert span(View.MONTH, date(2026, 9, 16)) == (date(2026, 8, 31), date(2026, 10, 4))
    assert span(View.WEEK, date(2026, 9, 16)) == (date(2026, 9, 14), date(2026, 9, 20))


def test_days_off_and_make_up_days_are_marked_and_years_ahead_are_called_provisional(client, seller):
    client.force_login(seller)
    client.cookies["duobiao_language"] = "en"

    october, ahead = text(client, day="2025-10-01"), text(client, day="2199-01-01")

    assert october.count('cal-mark off">off') == 6
    assert october.count('cal-mark work">work') == 1
    assert "not published yet" not in october
    assert "Holidays of 2198, 2199 are not published yet" in ahead


def test_a_manager_looks_at_the_team_and_a_seller_at_their_own(client, unit, seller, visit):
    client.force_login(make_user("周建国", role=Role.MANAGER, unit=unit))
    day = timezone.localtime(visit.planned_at).date().isoformat()

    assert visit.ref not in text(client, day=day)
    assert visit.ref in text(client, day=day, who="team")
    client.force_login(make_user("别人", unit=make_unit()))
    assert visit.ref not in text(client, day=day, who="team")
    assert client.get(HERE, {"opportunity": visit.opportunity.ref}).status_code == 404


def test_a_day_with_many_entries_leads_to_the_list(client, seller, visit, now):
    today = timezone.localdate()
    for number in range(6):
        add_task(
            opportunity=visit.opportunity, title=f"第 {number} 件", owner=seller, due_on=today, actor=seller, now=now
        )
    client.force_login(seller)

    shown = text(client)

    assert re.search(rf'href="/calendar/\?view=list&amp;day={today.isoformat()}', shown)
    assert "第 5 件" in text(client, view="list", day=today.isoformat())


def test_moving_a_visit_from_the_calendar_proposes_the_day_and_leads_back(client, seller, visit):
    client.force_login(seller)
    where = reverse("engagement:move_visit", args=[visit.ref])
    to = (timezone.localtime(visit.planned_at) + timedelta(days=3)).date()

    form = client.get(where, {"to": to.isoformat(), "next": "/calendar/?view=week"}).content.decode()
    hour = timezone.localtime(visit.planned_at).strftime("%H:%M")
    sent = {"planned_at": f"{to}T{hour}", "place": "", "reason": "停机", "version": 1, "agreed_with": "none"}
    moved = client.post(where, {**sent, "next": "/calendar/?view=week"})

    assert f'value="{to}T{hour}"' in form
    assert moved["Location"] == "/calendar/?view=week"
    assert timezone.localtime(Visit.objects.get().planned_at).date() == to
    assert client.get(where, {"to": "2026-99-99"}).status_code == 200
    assert client.get(where, {"to": "9999-12-31"}).status_code == 200
    assert '"https://evil.example/' not in client.get(where, {"next": "https://evil.example/"}).content.decode()


def test_visits_stand_on_the_days_of_a_reader_whose_clocks_are_put_back(client, seller):
    seller.time_zone = "Europe/Berlin"
    seller.save(update_fields=["time_zone"])
    for told in ("24T21:59", "24T22:00", "25T00:30", "25T01:30", "25T22:59", "25T23:00"):
        at = datetime.fromisoformat(f"2026-10-{told}").replace(tzinfo=UTC)
        plan(seller, make_customer(seller), planned_at=at, now=at - timedelta(days=2))
    client.force_login(seller)

    def shown(view, on):
        begin, end = span(view, on)
        days = calendar_page(view, on, Wanted(seller, begin, end, "Europe/Berlin", on)).days
        return {day.on.day: [f"{row.at:%H:%M}" for row in day.entries] for day in days if day.entries}

    week = {24: ["23:59"], 25: ["00:00", "02:30", "02:30", "23:59"]}
    assert shown(View.WEEK, date(2026, 10, 25)) == week
    assert shown(View.MONTH, date(2026, 10, 25)) == {**week, 26: ["00:00"]}
    assert shown(View.LIST, date(2026, 10, 25)) == {25: week[25], 26: ["00:00"]}
    page = text(client, view="week", day="2026-10-25")
    assert re.findall(r"<b>(\d\d:\d\d)</b>", page) == [*week[24], *week[25]]


def test_a_damaged_address_shows_this_month(client, seller):
    client.force_login(seller)

    for query in ({"day": "gestern"}, {"day": "0001-01-01"}, {"view": "year"}, {"day": "9999-12-31"}):
        assert "cal-grid" in text(client, **query)


def test_the_page_costs_the_same_for_any_number_of_entries(client, seller, visit, now, assert_flat_queries):
    client.force_login(seller)

    def grow():
        for _ in range(4):
            deal = make_deal(seller, make_customer(seller), now=now)
            plan(seller, deal.customer, deal, now=now, planned_at=now + timedelta(days=1))
            add_task(
                opportunity=deal, title="x", owner=seller, due_on=local_day(now, "Asia/Shanghai"), actor=seller, now=now
            )

    grow()
    assert_flat_queries(visit=lambda: client.get(HERE), grow=grow)
