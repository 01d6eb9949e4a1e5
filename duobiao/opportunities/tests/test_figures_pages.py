"""Figures, process map and portfolio: exact values, every number leads to its deals, what they cost, who sees what."""

import io
import itertools
import re
from datetime import timedelta
from html import unescape

import pytest
import python_calamine
from django.test import Client
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.kernel.days import local_day
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.models import LagVerdict, Opportunity, Outcome, StageChange
from duobiao.opportunities.queries.filters import Filters, narrowed
from duobiao.opportunities.queries.matrix import matrix_of
from duobiao.opportunities.tests.factories import make_customer, make_deal, make_unit, make_user, prove_stages
from duobiao.playbooks.models import ImprovementNote

pytestmark = pytest.mark.django_db

PAGES = {
    "figures": "/pipeline/figures/",
    "process": "/pipeline/figures/process/",
    "portfolio": "/pipeline/figures/portfolio/",
}
LINK = re.compile(r'<a href="(/pipeline/list/\?[^"]*)"[^>]*>([\d,]+)</a>')
COUNT = re.compile(r"<h1>[^<]*</h1><span[^>]*>(\d+) projects?")


@pytest.fixture
def today():
    return local_day(timezone.now())


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    return make_user("lin", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit)


def signed_in(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def derive(deal, **columns):
    Opportunity.objects.filter(pk=deal.pk).update(**columns)


def change(deal, before, after, on, **fields):
    plain = {"rate_before": 0, "rate_after": 0, "buyer_before": 0, "buyer_after": 0, "cause": "test"}
    plain |= {"state_before": "IN_STAGE", "state_after": "IN_STAGE"}
    plain |= {"completed_before": max(0, before - 1), "completed_after": max(0, after - 1)}
    sequence = deal.stage_changes.count() + 1
    StageChange.objects.create(
        opportunity=deal, sequence=sequence, at=timezone.now(), on=on, stage_before=before, stage_after=after,
        **{**plain, **fields},
    )  # fmt: skip


@pytest.fixture
def world(seller, manager, today):
    """Twelve open deals with histories, twelve closed ones, a waiver, an expiry, an import nobody proved."""
    now = timezone.now()
    customer = make_customer(seller)
    for number in range(12):
        deal = make_deal(seller, customer, now=now, amount=Money.of(1_000_000))
        if number == 3:
            ask_waiver(opportunity=deal, item="2.S2", reason="在途", expires_on=today, actor=manager, now=now)
        derive(deal, opened_on=today - timedelta(days=40 * number + 1))
        change(deal, 0, 1, today - timedelta(days=30))
        change(deal, 1, 2, today - timedelta(days=20 - number))
        if number == 0:
            lost = {"cause": "day_passed", "cause_text": {"lost": ["1.M1", "1.S2"]}}
            change(deal, 2, 1, today - timedelta(days=1), **lost)
        derive(deal, stage_number=2, state="IN_STAGE", completed_stage=1, rate_percent=5, stage_since=today)
    for number in range(12):
        deal = make_deal(seller, customer, now=now, amount=Money.of(500_000))
        outcome = "WON" if number < 9 else "LOST"
        derive(deal, outcome=outcome, closed_on=today, opened_on=today - timedelta(days=100), stage_number=8)
    claimed = make_deal(seller, customer, now=now)
    change(claimed, 0, 3, today)
    derive(claimed, claimed_stage=3, outcome="WON", closed_on=today)
    return claimed


def test_every_number_leads_to_a_list_of_exactly_that_many_deals(world, manager):
    client = signed_in(manager)
    seen = set()
    for address in PAGES.values():
        html = client.get(address).content.decode()
        for link, shown in LINK.findall(html):
            if link in seen:
                continue
            seen.add(link)
            found = COUNT.search(client.get(unescape(link)).content.decode())
            assert found, unescape(link)
            assert int(found[1]) == int(shown.replace(",", "")), unescape(link)
    for kind in ("entered-1", "completed-1", "left-1", "moved-2-1", "expired-1.M1", "waived-2.S2", "lacks="):
        assert any(kind in link for link in seen), kind


@pytest.mark.parametrize("address", PAGES.values())
def test_a_page_of_figures_costs_the_same_for_any_number_of_deals(address, world, seller, assert_flat_queries, today):
    client = signed_in(seller)

    def grow():
        for _ in range(10):
            deal = make_deal(seller, world.customer, now=timezone.now())
            change(deal, 0, 1, today)

    assert assert_flat_queries(visit=lambda: client.get(address), grow=grow) <= 35


def test_a_stranger_counts_nothing(world):
    client = signed_in(make_user("far", role=Role.MANAGER, unit=make_unit("华南")))

    for address in PAGES.values():
        assert not LINK.findall(client.get(address).content.decode()), address


def test_what_cannot_be_read_is_left_out(world, seller):
    client = signed_in(seller)
    unreadable = "days=x&since=2026-13-40&until=", "happened=moved-1-2-3&lacks=%27", "playbook=nothing", "lag_min=9999"

    for address, query in itertools.product(PAGES.values(), unreadable):
        assert client.get(f"{address}?{query}").status_code == 200, query


def test_few_deals_give_no_percentage(seller, today):
    for outcome in ("WON", "LOST"):
        derive(make_deal(seller, now=timezone.now()), outcome=outcome, closed_on=today)

    html = signed_in(seller).get(PAGES["figures"]).content.decode()

    assert "Sample too small" in html
    assert "only 2 projects" in html
    assert "50%" not in html


def test_the_workbook_holds_the_tables(world, seller):
    response = signed_in(seller).get("/pipeline/figures/export/")

    book = python_calamine.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    stages = book.get_sheet_by_index(1).to_python()
    assert book.sheet_names == ["Key figures", "Stages", "Ages", "Months"]
    assert stages[1][5:10] == [12, 12, 12, 100, 12]
    assert book.get_sheet_by_index(0).to_python()[7][1:] == [75, 12]


@pytest.fixture
def client_of(api):
    return lambda user: api(create_token(username=user.username, now=timezone.now()))


def test_the_api_gives_the_same_figures_exactly(world, seller, client_of):
    found = client_of(seller).get("/pipeline/figures").json()

    assert found["weighted_minor"] == 12 * 1_000_000_00 * 5 // 100
    assert found["win_rate"] == 0.75
    assert found["cycle_days"] == 100
    assert found["velocity_minor_per_day"] == 12 * 500_000_00 * 0.75 / 100
    assert found["counts"] == {"open": 12, "won": 9, "lost": 3, "given_up": 0, "left_out": 1}
    assert found["conversion"][0] == {"stage": 1, "entered": 12, "passed": 12, "ratio": 1.0}
    assert found["funnel"][1]["open"] == 12
    assert found["funnel"][1]["entered"] == 12
    assert found["dwell_days"][0]["count"] == 12
    assert sum(age["open"] for age in found["ageing"]) == 12


def test_the_api_gives_map_and_portfolio(world, seller, client_of):
    client = client_of(seller)

    process = client.get("/pipeline/process").json()
    portfolio = client.get("/pipeline/portfolio").json()

    moved = {(edge["before"], edge["after"]): edge for edge in process["edges"]}
    assert moved[2, 1]["backward"] is True
    assert moved[2, 1]["deals"] == 1
    assert moved[0, 1]["deals"] == moved[1, 2]["deals"] == 12
    blockers = {row["item"]: row for row in process["blockers"]}
    assert blockers["1.M1"]["expired"] == 1
    assert blockers["2.S2"]["waived"] == 1
    assert sum(cell["deals"] for cell in portfolio["cells"]) == 12


def test_the_api_refuses_filters_that_name_nothing(world, seller, client_of):
    client = client_of(seller)
    refused = {
        "unit=E-NONE": "unit",
        "owner=U-NONE": "owner",
        "industry=none": "industry",
        "method=BARTER": "method",
        "playbook=none": "playbook",
        "since=2026-09-02&until=2026-09-01": "since",
        "since=soon": "since",
        "days=7": "days",
    }

    for query, field in refused.items():
        answer = client.get(f"/pipeline/figures?{query}")
        assert answer.status_code == 422, query
        assert field in str(answer.json()["fields"]), query


@pytest.mark.parametrize("page", PAGES.values())
@pytest.mark.parametrize(
    "days", ["since=0001-01-01&until=9999-12-31", "until=9999-12-31", "since=9999-12-31", "until=0001-01-01"]
)
def test_days_at_the_ends_of_the_calendar_are_no_period(page, days, seller, client_of):
    """Months of such a period could neither be counted nor shown."""
    assert signed_in(seller).get(f"{page}?{days}").status_code == 200

    refused = client_of(seller).get(f"/pipeline/figures?{days}")

    assert refused.status_code == 422
    assert {"since", "until"} & refused.json()["fields"].keys()


def test_the_cells_of_the_portfolio_hold_every_open_deal_once(seller, today):
    customer = make_customer(seller)
    lags = [None, -5, -2, -1, 0, 1, 2, 3, 4, 6]
    amounts = [None, Money.of(0), Money.of("499999.99"), Money.of(500_000), Money.of(10_000_000), Money.of(10**9)]
    for lag in lags:
        for amount in amounts:
            deal = make_deal(seller, customer, now=timezone.now(), amount=amount)
            derive(deal, lag=lag, lag_verdict=LagVerdict.UNKNOWN if lag is None else LagVerdict.CATCH_UP)
    rows = Opportunity.objects.all()

    cells = [cell for line in matrix_of(rows, currency="CNY") for cell in line]

    assert sum(cell.count for cell in cells) == len(lags) * len(amounts)
    for cell in cells:
        filters = Filters(outcome=Outcome.OPEN, currency="CNY", **cell.filters)
        assert narrowed(rows, filters, user=seller, today=today).count() == cell.count


def test_an_item_that_the_gate_lacks_is_found_by_the_filter_and_by_the_map_alike(seller, client_of, today):
    now = timezone.now()
    make_deal(seller, now=now)
    for skip in ((), ("1.S3",), ("1.S3", "1.S4")):
        prove_stages(make_deal(seller, now=now), 1, actor=seller, now=now, skip=skip, on=today)
    rows = Opportunity.objects.all()

    blockers = {row["item"]: row["lacking"] for row in client_of(seller).get("/pipeline/process").json()["blockers"]}

    assert (blockers["1.S3"], blockers["1.M1"], blockers["1.S4"]) == (2, 1, 1)
    for item, lacking in blockers.items():
        filters = Filters(lacks=item, playbook="project-sales-8")
        assert narrowed(rows, filters, user=seller, today=today).count() == lacking, item


def test_a_finding_becomes_a_note_with_its_figures(world, manager):
    client = signed_in(manager)
    address = "/pipeline/figures/process/note/?finding=moved-2-1"
    assert "Fewer projects back" in client.get(address).content.decode()

    answer = client.post(address, {"title": "Keep stage 2", "text": "renew interest earlier"})

    assert answer.status_code == 303
    note = ImprovementNote.objects.get()
    assert (note.title, note.status, note.playbook.ref) == ("Keep stage 2", "OPEN", "project-sales-8/1")
    assert note.evidence[1]["value"] == "1"
    assert "happened=moved-2-1" in note.evidence[1]["url"]


def test_a_finding_that_is_no_more_leads_back_to_the_map(world, manager):
    answer = signed_in(manager).get("/pipeline/figures/process/note/?finding=moved-7-1")

    assert answer.status_code == 302
    assert answer.url == PAGES["process"]
