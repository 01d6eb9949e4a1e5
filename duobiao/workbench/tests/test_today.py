"""Today: what it picks for whom, at a cost that does not grow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.identity.models import CompanySettings
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.judge_signals import judge_all
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import draft, make_contact, make_deal, make_unit, make_user, prove_stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=unit, language="en")


def opened(seller, **fields):
    return make_deal(seller, now=timezone.now() - timedelta(days=10), **fields)


def text_of(client, user, path="/today/") -> str:
    client.force_login(user)
    return client.get(path).content.decode()


def test_the_root_leads_to_today(client, seller):
    client.force_login(seller)

    assert client.get("/").url == "/today/"


def test_an_empty_desk_says_what_to_do(client, seller):
    text = text_of(client, seller)

    assert "linxiao, nothing is pressing today" in text
    assert "No project in hand. Open one" in text


def test_my_deals_are_ranked_by_what_moves_first(client, seller):
    opened(seller, name="A new one")
    close = opened(seller, name="One item away")
    prove_stages(close, 1, actor=seller, now=timezone.now(), on=timezone.localdate(), skip=("1.P1",))

    text = text_of(client, seller)

    assert "do 3 things first today" in text
    assert "2 projects in hand ¥2.56M" in text
    assert text.index("One item away") < text.index("A new one")
    assert "success rate 0% → 5%" in text


def test_deals_of_others_are_not_mine_but_the_teams(client, seller, manager):
    opened(seller, name="The sellers deal")

    assert "The sellers deal" not in text_of(client, manager)
    assert "The sellers deal" in text_of(client, manager, "/today/?scope=team")
    assert "Whose deals" not in text_of(client, seller)


def test_a_waiver_waits_for_the_manager_only(client, seller, manager):
    deal = opened(seller)
    last = timezone.localdate() + timedelta(days=9)
    ask_waiver(opportunity=deal, item="1.P1", reason="r", expires_on=last, actor=seller, now=timezone.now())

    assert "Waiver: Invited customer meets" in text_of(client, manager)
    assert "Nothing waits for your decision" in text_of(client, seller)


def test_claims_wait_for_a_second_person_where_the_company_wants_one(client, seller, manager):
    deal = opened(seller)
    wanted = draft(
        "procurement.shortlisted", 3, timezone.localdate(), contact=make_contact(deal.customer), channel="EMAIL"
    )
    confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=timezone.now())
    assert "Verify:" not in text_of(client, manager)

    company = CompanySettings.load()
    company.second_person_verifies = True
    company.save()

    assert "Verify: " in text_of(client, manager)
    assert "Verify:" not in text_of(client, seller)


def test_late_silent_and_overdue_deals_are_risks(client, seller):
    late = opened(seller, name="Late one")
    notice = draft("contracts.buyer_draft_received", on=timezone.localdate())
    confirm_evidence(opportunity=late, draft=notice, actor=seller, now=timezone.now())
    silent = opened(seller, name="Silent one")
    Opportunity.objects.filter(pk=silent.pk).update(opened_on=timezone.localdate() - timedelta(days=76))
    overdue = opened(seller, name="Overdue one")
    Opportunity.objects.filter(pk=overdue.pk).update(expected_close_on=timezone.localdate() - timedelta(days=3))

    judge_all(now=timezone.now())

    text = text_of(client, seller)

    assert "Late one: Behind the buyer" in text
    assert "6 stages behind, the buyer is at stage 7" in text
    assert "Silent one: Silence" in text
    assert "no record for 76 days" in text
    assert "Overdue one: Signature overdue" in text


def test_what_runs_out_is_named_with_its_cost(client, seller):
    deal = opened(seller, name="Running out")
    prove_stages(deal, 1, actor=seller, now=timezone.now(), on=timezone.localdate() - timedelta(days=80))

    text = text_of(client, seller)

    assert "Evidence running out" in text
    assert "otherwise back before stage 1, success rate 5% → 0%" in text


def test_this_month_counts_evidence_and_stages(client, seller):
    deal = opened(seller)
    prove_stages(deal, 1, actor=seller, now=timezone.now(), on=timezone.localdate())

    text = text_of(client, seller)

    assert "New evidence: 9, last month 0" in text
    assert "Stages gained: 1, last month 0" in text


def test_today_costs_the_same_for_any_number_of_deals(client, seller, assert_flat_queries):
    client.force_login(seller)
    deal = opened(seller)
    prove_stages(deal, 1, actor=seller, now=timezone.now(), on=timezone.localdate())

    def grow() -> None:
        for _ in range(6):
            more = opened(seller)
            prove_stages(more, 1, actor=seller, now=timezone.now(), on=timezone.localdate())

    count = assert_flat_queries(visit=lambda: client.get("/today/"), grow=grow)

    assert count <= 32
