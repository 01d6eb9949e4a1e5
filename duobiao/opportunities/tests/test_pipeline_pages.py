"""Board, list and funnel as pages: who sees what, how the filters hold, what they cost."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.opportunities.models import Opportunity, Outcome, SavedView, TeamMember
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    make_customer,
    make_deal,
    make_unit,
    make_user,
    prove_stages,
)

pytestmark = pytest.mark.django_db

LAYOUTS = ["board", "list", "funnel"]
HOSTILE = "<script>alert(1)</script>\"'{{7*7}}"


@pytest.fixture
def seller():
    return make_user("lin", unit=make_unit("华东一部"))


@pytest.fixture
def seller_client(seller):
    return signed_in(seller)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(client, layout, **params):
    response = client.get(reverse(f"opportunities:{layout}"), params)
    assert response.status_code == 200
    return response.content.decode()


def derive(deal, **columns):
    Opportunity.objects.filter(pk=deal.pk).update(**columns)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nobody_sees_the_pipeline_before_signing_in(layout):
    response = Client().get(reverse(f"opportunities:{layout}"))

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("role", [Role.SELLER, Role.PRESALES, Role.MANAGER, Role.LEGAL, Role.COACH])
def test_a_stranger_sees_no_deal_of_another_unit(layout, role, seller):
    make_deal(seller, name="恒睿二期 MES")
    stranger = make_user(role=role, unit=make_unit("华南"))

    html = page(signed_in(stranger), layout, outcome="ANY")

    assert "恒睿" not in html


@pytest.mark.parametrize("layout", ["board", "list"])
def test_owner_manager_team_and_executive_see_a_deal(layout, seller):
    deal = make_deal(seller, name="恒睿二期 MES")
    member = make_user(role=Role.PRESALES)
    TeamMember.objects.create(opportunity=deal, user=member, role="PRESALES", added_at=NOW)

    for person in (seller, member, make_user(role=Role.MANAGER, unit=seller.unit), make_user(role=Role.EXECUTIVE)):
        assert "恒睿二期 MES" in page(signed_in(person), layout)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_costs_the_same_for_any_number_of_deals(layout, seller, seller_client, assert_flat_queries):
    customer = make_customer(seller, industry="智能制造")
    make_deal(seller, customer)

    cost = assert_flat_queries(
        visit=lambda: seller_client.get(reverse(f"opportunities:{layout}")),
        grow=lambda: [make_deal(seller, customer) for _ in range(10)],
    )

    assert cost <= 22


def test_the_pipeline_leads_to_the_layout_used_last(seller_client):
    assert seller_client.get("/pipeline/")["Location"] == "/pipeline/board/"

    page(seller_client, "funnel")

    assert seller_client.get("/pipeline/?stage=3")["Location"] == "/pipeline/funnel/?stage=3"


def test_the_pipeline_begins_with_the_default_view(seller, seller_client):
    view = SavedView.objects.create(user=seller, name="华东", layout="list", is_default=True, created_at=NOW)

    assert seller_client.get("/pipeline/")["Location"] == f"/pipeline/list/?view={view.ref}"


def test_a_lane_shows_fifteen_cards_and_a_link_to_all(seller, seller_client):
    customer = make_customer(seller)
    for number in range(17):
        make_deal(seller, customer, name=f"Deal #{number:02d}", amount=Money.of(1_000_000 + number))

    html = page(seller_client, "board")

    assert len(re.findall(r'class="deal"', html)) == 15
    assert "Deal #16" in html
    assert "Deal #01" not in html
    assert "/pipeline/list/?stage=0" in html


def test_a_deal_in_transit_stands_below_the_divider_of_the_stage_it_completed(seller, seller_client):
    deal = make_deal(seller, name="恒睿二期")
    prove_stages(deal, 1, actor=seller)
    deal.refresh_from_db()
    assert (deal.stage_number, deal.state) == (1, "TRANSIT")

    html = page(seller_client, "board")

    lane = html[html.index('id="lane-1"') : html.index('id="lane-2"')]
    assert lane.index('class="mid"') < lane.index("恒睿二期")


def test_the_lane_before_stage_one_shows_only_when_something_stands_there(seller, seller_client):
    deal = make_deal(seller)
    assert 'id="lane-0"' in page(seller_client, "board")

    derive(deal, stage_number=2, state="IN_STAGE", completed_stage=1)

    assert 'id="lane-0"' not in page(seller_client, "board")


def test_a_card_shows_every_mark_in_words(seller, seller_client):
    deal = make_deal(seller, name="临港")
    derive(
        deal,
        stage_number=5,
        state="IN_STAGE",
        completed_stage=4,
        settled_through=4,
        waived_count=1,
        expired_count=2,
        lag=1,
        lag_verdict="CATCH_UP",
        claimed_stage=7,
        claimed_label="Engaging",
        gate_met=2,
        gate_required=3,
    )

    seller_client.cookies["duobiao_language"] = "en"
    html = page(seller_client, "board")

    for words in ("behind 1", "settled 1–4", "waived 1", "2 items expired", "claimed: 7", "2/3"):
        assert words in html
    assert 'draggable="false"' in html


@pytest.mark.parametrize("layout", ["board", "list"])
def test_a_hostile_name_stays_text(layout, seller, seller_client):
    make_deal(seller, make_customer(seller, name=HOSTILE, industry=HOSTILE[:60]), name=HOSTILE)

    html = page(seller_client, layout, q="<script>alert(1)")

    assert "<script>alert" not in html
    assert "{{7*7}}" in html


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, "AB"),
        ({"outcome": "WON"}, "C"),
        ({"outcome": "ANY"}, "ABC"),
        ({"q": "恒睿"}, "A"),
        ({"industry": "数据中心"}, "B"),
        ({"method": "DIRECT"}, "A"),
        ({"stage": "3"}, "A"),
        ({"lag": "CATCH_UP"}, "B"),
        ({"expiring": "1"}, "A"),
        ({"waived": "1"}, "B"),
        ({"expired": "1"}, "A"),
        ({"claimed": "1"}, "B"),
        ({"claimed": "1", "outcome": "ANY"}, "BC"),
        ({"amount_min_wan": "500"}, "B"),
        ({"amount_max": "5000000"}, "A"),
        ({"close_from": "2026-12-01"}, "B"),
        ({"close_to": "2026-11-30"}, "A"),
        ({"owner": "me"}, "AB"),
        ({"owner": "E-NOBODY"}, ""),
        ({"stage": "x", "lag": "'; drop table", "close_from": "2026-99-99", "amount_min": "1e999"}, "AB"),
    ],
)
def test_each_filter_keeps_what_it_names(params, found, seller, seller_client):
    first = make_deal(seller, make_customer(seller, industry="智能制造"), name="A 恒睿", amount=Money.of(3_000_000))
    second = make_deal(seller, make_customer(seller, industry="数据中心"), name="B 云港", amount=Money.of(8_000_000))
    third = make_deal(seller, name="C 华锐")
    derive(
        first,
        stage_number=3,
        purchase_method="DIRECT",
        reassess_on=timezone.localdate() + timedelta(days=5),
        expired_count=1,
        expected_close_on="2026-11-30",
    )
    derive(second, lag=1, lag_verdict="CATCH_UP", waived_count=1, claimed_stage=4, expected_close_on="2026-12-01")
    derive(third, outcome=Outcome.WON, closed_on=TODAY, outcome_unproved=True)

    html = page(seller_client, "list", **params)

    assert "".join(name for name in "ABC" if re.search(rf"/\">{name} ", html)) == found


def test_the_chips_count_what_they_would_leave(seller, seller_client):
    for lag, verdict in ((1, "CATCH_UP"), (2, "CATCH_UP"), (0, "IN_SYNC")):
        derive(make_deal(seller), lag=lag, lag_verdict=verdict, waived_count=1 if lag == 2 else 0)
    seller_client.cookies["duobiao_language"] = "en"

    html = page(seller_client, "board", waived="1")

    chips = re.sub(r"<[^>]+>", "", html[html.index('class="chips"') :])
    assert "behind 2" in chips
    assert "waived 1" in chips


def test_a_chip_leads_to_the_list_with_its_filter_and_back(seller, seller_client):
    make_deal(seller)

    assert 'href="/pipeline/list/?waived=1"' in page(seller_client, "list")
    assert 'class="chip on" href="/pipeline/list/" aria-current="true"' in page(seller_client, "list", waived="1")


def test_htmx_gets_the_fragment_and_its_plain_address(seller, seller_client):
    make_deal(seller)

    response = seller_client.get("/pipeline/list/?q=&stage=&lag=&industry=", headers={"HX-Request": "true"})

    assert response["HX-Push-Url"] == "/pipeline/list/"
    assert response.content.decode().lstrip().startswith('<div id="pipeline"')


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_empty_pipeline_says_what_to_do(layout, seller_client):
    html = page(seller_client, layout)

    assert 'class="empty"' in html
    assert reverse("opportunities:create_opportunity") in html


def test_the_filter_page_holds_the_filters_in_force(seller, seller_client):
    make_deal(seller)

    html = seller_client.get("/pipeline/filters/?layout=board&stage=3&waived=1&amount_min=5000000").content.decode()

    assert 'action="/pipeline/board/"' in html
    assert re.search(r'<option value="3" selected', html)
    assert re.search(r'name="waived"[^>]*checked', html)
    assert re.search(r'name="amount_min_wan"[^>]*value="500"', html)
