"""Calibration: won ÷ (won + lost) of the closed deals that completed a stage, its interval, and the rate offered."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.opportunities.domain.calibration import StageRate, stage_rates, wilson_percent
from duobiao.opportunities.models import Opportunity, StageChange
from duobiao.opportunities.tests.factories import make_customer, make_deal, make_unit, make_user
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion
from duobiao.playbooks.tests.versions import rated, variant
from tests.support.api import ApiClient

PAGE, NOTE = "/pipeline/figures/calibration/", "/pipeline/figures/calibration/note/"
RATES = (0, 5, 10, 25)


@pytest.mark.parametrize(
    ("won", "decided", "low", "high"),
    [(0, 20, 0.0, 16.1), (20, 20, 83.9, 100.0), (10, 20, 29.9, 70.1), (81, 263, 25.5, 36.6), (1, 1, 20.7, 100.0)],
)
def test_the_interval_is_wilsons(won, decided, low, high):
    """81 of 263: Newcombe, Two-sided confidence intervals for the single proportion, Stat. Med. 17 (1998), table I."""
    assert wilson_percent(won, decided) == (low, high)


@given(decided=st.integers(1, 500), data=st.data())
def test_the_interval_holds_the_share_and_narrows_with_more_deals(decided, data):
    won = data.draw(st.integers(0, decided))
    low, high = wilson_percent(won, decided)
    more = wilson_percent(won * 4, decided * 4)

    assert 0 <= low <= round(100 * won / decided, 1) + 0.05
    assert round(100 * won / decided, 1) - 0.05 <= high <= 100
    assert more[1] - more[0] <= high - low + 0.1


def test_each_stage_counts_the_deals_that_completed_it():
    rows = stage_rates([(True, 3), (True, 2), (False, 1), (False, 9), (False, 0)], RATES)

    assert [(row.won, row.lost, row.share) for row in rows] == [(2, 2, 50), (2, 1, 67), (1, 1, 50)]
    assert not any(row.enough for row in rows)
    assert [row.offered for row in rows] == [None, None, None]


def test_a_rate_is_offered_from_twenty_deals_on_where_it_differs():
    nineteen, twenty = StageRate(1, 5, 4, 15, 21, 8.5, 43.3), StageRate(1, 5, 5, 15, 25, 11.2, 46.9)
    same = StageRate(1, 25, 5, 15, 25, 11.2, 46.9)

    assert (nineteen.offered, twenty.offered, same.offered) == (None, 25, None)
    assert (twenty.fits, same.fits) == (False, True)


@pytest.fixture
def people(db):
    unit = make_unit("华东")
    seller = make_user("seller", unit=unit)
    return seller, make_user("manager", role=Role.MANAGER, unit=unit)


@pytest.fixture
def closed(people):
    """30 deals that completed stage 3, 12 of them won; 5 that fell back before they were lost."""
    seller, _manager = people
    first = make_deal(seller, make_customer(seller), now=timezone.now() - timedelta(days=60))
    today = timezone.localdate() - timedelta(days=1)
    rows = []
    for number in range(35):
        won, fell = number < 12, number >= 30
        copy = Opportunity.objects.get(pk=first.pk)
        copy.pk, copy.ref, copy.name = None, f"P-CLOSED-{number:03d}", f"已结{number}"
        copy.outcome, copy.closed_on = "WON" if won else "LOST", today
        copy.completed_stage = 1 if fell else 3
        rows.append(copy)
    made = Opportunity.objects.bulk_create(rows)
    StageChange.objects.bulk_create(
        StageChange(
            opportunity=deal, sequence=1, at=timezone.now(), on=today, cause="x",
            stage_before=0, stage_after=3, state_before="NOT_ENTERED", state_after="TRANSIT",
            completed_before=0, completed_after=3, rate_before=0, rate_after=25, buyer_before=0, buyer_after=0,
        )
        for deal in made[30:]
    )  # fmt: skip
    return made


def api_of(user):
    return ApiClient(create_token(username=user.username, now=timezone.now()))


def stage(answer, number):
    assert answer.status_code == 200, answer.content
    return next(row for row in answer.json()["stages"] if row["stage"] == number)


def test_the_api_counts_what_ever_completed_the_stage(closed, people):
    row = stage(api_of(people[1]).get("/pipeline/calibration"), 3)

    assert (row["won"], row["lost"], row["share"], row["own_rate"]) == (12, 23, 34, 25)
    assert (row["low"], row["high"], row["fits"], row["offered"]) == (20.8, 50.8, True, 34)


def test_period_unit_and_version_narrow_it(closed, people):
    api, elsewhere = api_of(people[1]), make_unit("华北")
    variant(rated(0, 6, 12, 27, 32, 50, 75, 90, 100))
    past = (timezone.localdate() - timedelta(days=30)).isoformat()

    assert stage(api.get(f"/pipeline/calibration?since=2020-01-01&until={past}"), 3)["won"] == 0
    assert stage(api.get(f"/pipeline/calibration?unit={elsewhere.ref}"), 3)["won"] == 0
    assert stage(api.get(f"/pipeline/calibration?unit={people[0].unit.ref}"), 3)["won"] == 12
    assert api.get("/pipeline/calibration").json()["version"] == 1
    other = api.get("/pipeline/calibration?version=2")
    assert (stage(other, 3)["won"], stage(other, 3)["own_rate"]) == (0, 27)
    assert api.get("/pipeline/calibration?version=9").status_code == 404


def test_given_up_and_unproved_deals_are_left_out(closed, people):
    Opportunity.objects.filter(pk=closed[0].pk).update(outcome_unproved=True)
    Opportunity.objects.filter(pk=closed[20].pk).update(outcome="GIVEN_UP")

    row = stage(api_of(people[1]).get("/pipeline/calibration"), 3)

    assert (row["won"], row["lost"]) == (11, 22)


def test_numbers_open_the_deals_behind_them(client, closed, people):
    client.force_login(people[1])
    page = client.get(PAGE).content.decode()
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if "decided-3" in part[:200]]
    counts = [len(set(re.findall(r"已结\d+", client.get(link).content.decode()))) for link in links]

    assert counts == [35, 12, 23]


def test_the_offer_becomes_a_note_for_the_next_version(client, closed, people):
    client.force_login(people[1])
    asked = f"{NOTE}?stage=3"
    form = client.get(asked).content.decode()
    assert "25% → 34%" in form

    answer = client.post(asked, {"title": "完成第 3 阶段后的成功率改为 34%", "text": "按已结项目"})

    note = ImprovementNote.objects.get()
    assert answer.status_code == 303
    assert (note.playbook.version, note.status) == (1, "OPEN")
    values = [row["value"] for row in note.evidence]
    assert {"3", "25%", "34%", "35", "12", "20.8–50.8%"} <= set(values)
    assert PlaybookVersion.objects.get(key="project-sales-8", version=1).document["rates"][3] == 25


def test_too_few_deals_offer_nothing(client, closed, people):
    Opportunity.objects.filter(pk__in=[deal.pk for deal in closed[:16]]).update(outcome="GIVEN_UP")
    client.force_login(people[1])
    api = api_of(people[1])

    assert stage(api.get("/pipeline/calibration"), 3)["offered"] is None
    assert client.get(f"{NOTE}?stage=3").status_code == 302
    refused = api.post("/pipeline/calibration/3/note", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_offer")
    assert api.post("/pipeline/calibration/77/note", {}).status_code == 404
    assert not ImprovementNote.objects.exists()


def test_the_api_notes_the_offer(closed, people):
    answer = api_of(people[1]).post("/pipeline/calibration/3/note", {})

    assert answer.status_code == 201, answer.content
    assert (answer.json()["playbook"], ImprovementNote.objects.count()) == ("project-sales-8/1", 1)


def test_the_page_costs_the_same_queries_for_any_number(client, closed, people):
    client.force_login(people[1])
    client.get(PAGE)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        counts.append(len(captured))
        Opportunity.objects.filter(pk__in=[deal.pk for deal in closed[:20]]).update(outcome="GIVEN_UP")
    assert counts[0] == counts[1]


def test_the_page_stands_empty(client, people):
    client.force_login(people[1])

    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert "赢单或丢单" in answer.content.decode()
