"""Catching up on the deal room and by the API: what, in which order, and where it leads."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from duobiao.identity.commands import create_token
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.queries.catch_up import catch_up_plan
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.tests.factories import draft, make_deal, make_user, prove_stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao", language="en")


@pytest.fixture
def today():
    return company_day(timezone.now())


@pytest.fixture
def deal(seller, today):
    deal = make_deal(seller, now=timezone.now() - timedelta(days=1))
    prove_stages(deal, 1, 2, actor=seller, now=timezone.now(), skip=("2.S1",), on=today)
    wanted = draft("procurement.sample_requested", on=today)
    confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=timezone.now())
    return deal


def test_the_list_names_evidence_form_and_effect_of_each_step(deal, today):
    with translation.override("en"):
        plan = catch_up_plan(explain(deal, today))

    first, *_, last = plan.steps
    assert [step.item for step in plan.steps] == ["2.S1", "3.M1", "3.M2", "3.S1", "3.S2", "3.S3"]
    assert (plan.lag, plan.target_stage, plan.rate_before, plan.rate_after) == (2, 4, 5, 25)
    assert first.supplies == "Customer asks us for an initial solution (documented)"
    assert first.effect == "completes stage 2, success rate 5% → 10%"
    assert first.url == f"/visits/record/?opportunity={deal.ref}"
    assert last.effect == "completes stage 3, success rate 10% → 25%, level with the buyer"
    assert plan.sentence == "6 things bring us level with the buyer at stage 4, success rate 5% → 25%"
    assert plan.note == ""


def test_the_deal_room_shows_the_list_while_we_are_behind_and_no_longer(client, seller, deal, today):
    client.force_login(seller)
    page = f"/opportunities/{deal.ref}/"
    assert "6 things bring us level with the buyer at stage 4" in client.get(page).content.decode()

    prove_stages(deal, 2, 3, actor=seller, now=timezone.now(), on=today)

    assert 'id="catch-up"' not in client.get(page).content.decode()


def test_the_api_tells_the_same(api, seller, deal, today):
    client = api(create_token(username=seller.username, now=timezone.now()))

    found = client.get(f"/opportunities/{deal.ref}/catch-up").json()

    assert (found["lag"], found["target_stage"], found["rate_after"], found["certain"]) == (2, 4, 25, True)
    assert found["steps"][0]["evidence"] == "engagement.initial_solution_requested"
    prove_stages(deal, 2, 3, actor=seller, now=timezone.now(), on=today)
    level = client.get(f"/opportunities/{deal.ref}/catch-up").json()
    assert (level["lag"], level["target_stage"], level["steps"]) == (0, None, [])
