"""The strategy page of a deal and its forms, without JavaScript, and the API beside them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.tests.factories import make_deal, make_user
from duobiao.strategy.models import ContingencyPlan, StrategyVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao", language="en")


@pytest.fixture
def deal(seller):
    return make_deal(seller, now=timezone.now() - timedelta(days=1))


@pytest.fixture
def page(client, seller, deal):
    client.force_login(seller)
    return f"/opportunities/{deal.ref}/strategy/"


def written(**changes):
    day = company_day(timezone.now())
    return {"goal": "Sign", "position": "Second", "moves": "Call", "review_on": day.isoformat(), **changes}


def test_an_empty_page_says_what_belongs_here(client, page):
    text = client.get(page).content.decode()

    assert "Write the first version" in text
    assert "Plan B for a risk" in text
    assert "What you see before the records do" in text


def test_strategy_review_next_version(client, page):
    assert client.post(f"{page}new/", written(goal="")).status_code == 422
    assert client.post(f"{page}new/", written()).status_code == 303
    findings = {"worked": "Calls", "failed": "Price", "causes": "Late"}

    answer = client.post(f"{page}review/", findings)

    assert answer.url == f"{page}new/"
    assert "Second</textarea>" in client.get(answer.url).content.decode()
    client.post(answer.url, written(goal="Sign in May"))
    text = client.get(page).content.decode()
    assert "What changed from version 1" in text
    assert "Sign in May" in text
    assert StrategyVersion.objects.count() == 2


def test_a_signal_offers_its_template_and_the_plan_is_carried_out(client, page, deal, seller):
    deal.refresh_from_db()
    values = {"amount": Money.of(900_000)}
    edit_opportunity(opportunity=deal, version=deal.version, values=values, actor=seller, now=timezone.now())
    room = client.get(f"/opportunities/{deal.ref}/").content.decode()
    assert "Budget cut" in room
    assert f"/opportunities/{deal.ref}/contingency-plans/new/?rule=budget_cut" in room

    form = client.get(f"/opportunities/{deal.ref}/contingency-plans/new/?rule=budget_cut").content.decode()
    assert "Begun from the template “Phased solution”" in form
    day = company_day(timezone.now()).isoformat()
    plan = {"rule": "budget_cut", "trigger": "cut", "plan": "phases", "owner": seller.ref, "due_on": day}
    assert client.post(f"/opportunities/{deal.ref}/contingency-plans/new/", {**plan, "owner": ""}).status_code == 422
    assert client.post(f"/opportunities/{deal.ref}/contingency-plans/new/", plan).status_code == 303
    assert "plan prepared" in client.get(f"/opportunities/{deal.ref}/").content.decode()

    held = ContingencyPlan.objects.get()
    assert (
        client.post(f"/contingency-plans/{held.ref}/edit/", {**plan, "plan": "three", "version": 1}).status_code == 303
    )
    for state in ("ACTIVATED", "DONE"):
        assert client.post(f"/contingency-plans/{held.ref}/advance/", {"state": state, "note": "go"}).status_code == 303
    assert client.post(f"/contingency-plans/{held.ref}/advance/", {"state": "DONE"}).status_code == 409
    held.refresh_from_db()
    assert (held.state, held.plan) == ("DONE", "three")


def test_the_page_costs_the_same_for_any_number_of_rows(client, page, deal, seller, assert_flat_queries):
    day = company_day(timezone.now()).isoformat()
    plan = {"rule": "silence", "trigger": "t", "plan": "p", "owner": seller.ref, "due_on": day}
    findings = {"worked": "a", "failed": "b", "causes": "c"}

    def grow() -> None:
        client.post(f"/opportunities/{deal.ref}/contingency-plans/new/", plan)
        client.post(f"{page}new/", written())
        client.post(f"{page}review/", findings)
        report = {"rule": "rivals_active", "seen": "x", "happened_on": day}
        client.post(f"/opportunities/{deal.ref}/risk-reports/new/", report)

    grow()
    assert_flat_queries(visit=lambda: client.get(page), grow=grow)


def test_the_api_does_what_the_page_does(api, deal, seller):
    client = api(create_token(username=seller.username, now=timezone.now()))
    path = f"/opportunities/{deal.ref}"
    day = company_day(timezone.now()).isoformat()

    assert client.post(f"{path}/strategies", written()).status_code == 201
    again = client.post(f"{path}/strategies", written())
    assert (again.status_code, again.json()["code"]) == (409, "review_first")
    findings = {"worked": "a", "failed": "b", "causes": "c"}
    assert client.post(f"{path}/strategies/review", findings).status_code == 201
    assert client.get(f"{path}/strategies").json()[0]["review"]["causes"] == "c"
    plan = {"rule": "silence", "trigger": "t", "plan": "p", "owner": seller.ref, "due_on": day}
    made = client.post(f"{path}/contingency-plans", plan).json()
    advanced = client.post(f"{path}/contingency-plans/{made['ref']}/advance", {"state": "activated"}).json()
    assert [step["state"] for step in advanced["steps"]] == ["PREPARED", "ACTIVATED"]
    assert len(client.get("/contingency-templates").json()) == 12
