"""Campaigns: planned, followed up, counted; seminars begin with problems; referrals need grounds."""

from datetime import timedelta

import pytest
from django.utils import translation

from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.models import DealTask, Opportunity
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_unit, make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.prospecting.actions.ask_referral import AskSettled, ask_referral, settle_ask
from duobiao.prospecting.actions.convert_lead import Into, convert_lead
from duobiao.prospecting.actions.follow_up import (
    FollowUpClosed,
    add_follow_up,
    finish_follow_up,
    follow_campaign,
    remind_of_follow_ups,
)
from duobiao.prospecting.actions.save_campaign import Point, edit_campaign, plan_campaign, set_agenda
from duobiao.prospecting.models import FollowUp, Lead, ReferralAsk
from duobiao.prospecting.queries.campaigns import source_rows, with_yields, won_deals
from duobiao.prospecting.tests.factories import make_campaign, make_lead
from duobiao.timeline.models import Notification

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=unit, language="en")


def test_a_campaign_names_its_way_and_days_and_its_cost_is_not_negative(seller, manager):
    values = {"name": "工博会", "way": "EXHIBITION", "starts_on": TODAY, "ends_on": LATER}

    with pytest.raises(NotAllowed):
        plan_campaign(values=values, cost=None, actor=seller, now=NOW)
    with pytest.raises(Invalid) as refusal:
        plan_campaign(values={"name": "x", "way": "TV"}, cost=Money.of(-1), actor=manager, now=NOW)
    assert set(refusal.value.fields) == {"way", "starts_on", "ends_on", "cost"}
    with pytest.raises(Invalid, match="marked"):
        plan_campaign(values={**values, "ends_on": TODAY - timedelta(days=1)}, cost=None, actor=manager, now=NOW)
    held = plan_campaign(values=values, cost=Money.of(80_000), actor=manager, now=NOW)
    changed = edit_campaign(
        campaign=held, version=1, values={"late_cases": "恒睿二期"}, cost=Money.of(90_000), actor=manager, now=NOW
    )

    assert (changed.cost, changed.late_cases, changed.version) == (Money.of(90_000), "恒睿二期", 2)
    with pytest.raises(StaleVersion):
        edit_campaign(campaign=held, version=1, values={"place": "上海"}, cost=None, actor=manager, now=NOW)


def test_only_a_seminar_has_an_agenda_and_the_page_marks_points_without_a_problem(client, manager):
    points = [Point("换型从 4 小时到 1 小时", "停线等料每月 40 小时"), Point("我们的产品")]
    with pytest.raises(Invalid):
        set_agenda(campaign=make_campaign(manager), version=1, points=points, actor=manager, now=NOW)
    seminar = make_campaign(manager, way="SEMINAR")
    with pytest.raises(Invalid) as refusal:
        set_agenda(campaign=seminar, version=1, points=[Point("", "停线")], actor=manager, now=NOW)
    assert set(refusal.value.fields) == {"topic_1"}
    set_agenda(campaign=seminar, version=1, points=points, actor=manager, now=NOW)

    client.force_login(manager)
    assert "1 point names no problem" in client.get(f"/campaigns/{seminar.ref}/").text


def test_what_guests_asked_for_becomes_a_next_step_and_then_a_task_of_the_deal(seller, manager, unit):
    ship_playbooks(now=NOW)
    seminar = make_campaign(manager, way="SEMINAR")
    lead = make_lead(seller, campaign=seminar)
    make_lead(make_user("far", unit=make_unit()), campaign=seminar)
    given = {"title": "寄换型案例", "due_on": LATER}

    assert follow_campaign(campaign=seminar, **given, actor=manager, now=NOW) == 1
    assert follow_campaign(campaign=seminar, **given, actor=manager, now=NOW) == 0
    assert Notification.objects.get(event="prospecting.follow_up_added").user_id == seller.pk
    done = convert_lead(lead=lead, into=Into(), version=None, actor=seller, now=NOW)

    task, step = DealTask.objects.get(), FollowUp.objects.get()
    assert (task.opportunity, task.title, task.owner, task.due_on) == (done.opportunity, "寄换型案例", seller, LATER)
    assert step.task == task
    assert done.opportunity.source == seminar.name
    with pytest.raises(FollowUpClosed):
        finish_follow_up(follow_up=step, result="", actor=seller, now=NOW)


def test_a_next_step_is_reminded_of_once_and_done_with_its_result(seller):
    lead = make_lead(seller)
    with pytest.raises(Invalid):
        add_follow_up(lead=lead, title=" ", due_on=TODAY - timedelta(days=1), actor=seller, now=NOW)
    step = add_follow_up(lead=lead, title="回电", due_on=TODAY, actor=seller, now=NOW)

    assert remind_of_follow_ups(on=TODAY, now=NOW) == 1
    assert remind_of_follow_ups(on=LATER, now=NOW) == 0
    done = finish_follow_up(follow_up=step, result="约了周五", actor=seller, now=NOW)

    assert (done.result, done.done_by) == ("约了周五", seller)


def test_results_count_all_leads_but_amounts_only_of_deals_the_reader_sees(seller, manager, unit):
    fair = make_campaign(manager, cost_minor=10_000_00)
    won, hidden = make_deal(seller, amount=Money.of(50_000)), make_deal(make_user("far"), amount=Money.of(70_000))
    Opportunity.objects.update(outcome="WON", closed_on=TODAY)
    for deal in (won, won, hidden):
        lead = make_lead(deal.owner, campaign=fair, source="EXHIBITION")
        Lead.objects.filter(pk=lead.pk).update(
            state="CONVERTED", customer=deal.customer, opportunity=deal, ended_at=NOW
        )
    make_lead(seller, campaign=fair, source="EXHIBITION")

    brought = with_yields([fair], seller)[0].brought

    assert (brought.leads, brought.converted, brought.deals, brought.conversion_percent) == (4, 3, 2, 50)
    assert brought.won_amounts == [Money.of(50_000)]
    assert brought.return_ratio == 5.0
    assert with_yields([fair], make_user("nobody"))[0].brought.return_ratio is None
    assert won_deals(fair, seller) == [won]
    row = next(row for row in source_rows(seller) if row.source == "EXHIBITION")
    assert (row.brought.leads, row.brought.deals, row.campaigns) == (3, 1, 1)
    assert row.brought.won_amounts == [Money.of(50_000)]


def test_a_satisfied_customer_is_asked_without_a_clash_and_a_referral_becomes_a_lead(seller):
    customer = make_customer(seller)
    ask = {
        "customer": customer,
        "contact": None,
        "satisfied_with": "交付提前两周",
        "whom": "同园区的两家厂",
        "asked_on": TODAY,
        "actor": seller,
        "now": NOW,
    }
    with pytest.raises(Invalid) as refusal:
        ask_referral(**{**ask, "satisfied_with": " ", "asked_on": LATER}, no_conflict=False)
    assert set(refusal.value.fields) == {"satisfied_with", "asked_on", "no_conflict"}
    held = ask_referral(**ask, no_conflict=True)
    answer = {"ask": held, "result": "", "contact_name": "李工", "actor": seller, "now": NOW}
    with pytest.raises(Invalid):
        settle_ask(**answer, state="REFERRED", company="")
    assert ReferralAsk.objects.get().state == "ASKED"
    done = settle_ask(**answer, state="REFERRED", company="苏州远大")

    assert (done.lead.company, done.lead.source, done.lead.owner) == ("苏州远大", "REFERRAL", seller)
    with pytest.raises(AskSettled):
        settle_ask(**answer, state="DECLINED", company="")


def test_lists_of_campaigns_and_asks_cost_the_same_for_any_number_of_rows(client, seller, manager, assert_flat_queries):
    client.force_login(manager)
    fair = make_campaign(manager)

    def grow():
        for _ in range(3):
            campaign = make_campaign(manager)
            make_lead(seller, campaign=campaign)
            make_lead(seller, campaign=fair)
            ReferralAsk.objects.create(
                customer=make_customer(seller), satisfied_with="x", whom="y", asked_on=TODAY, asked_by=seller
            )

    for path in ("/campaigns/", "/campaigns/sources/", f"/campaigns/{fair.ref}/", "/referral-asks/"):
        assert_flat_queries(visit=lambda path=path: client.get(path), grow=grow)


def test_the_forms_of_a_campaign_work_without_a_script(client, manager):
    client.force_login(manager)
    sent = {"name": "工博会", "way": "EXHIBITION", "starts_on": "2026-09-16", "ends_on": "2026-09-18", "cost": "80,000"}

    assert client.post("/campaigns/new/", {**sent, "ends_on": "2026-09-01", "version": 1}).status_code == 422
    page = client.post("/campaigns/new/", {**sent, "version": 1}).headers["Location"]
    assert client.get(page).status_code == 200
    assert client.get(f"{page}edit/").status_code == 200
    lead = client.post(f"/leads/new/?campaign={page.split('/')[2]}", {"company": "恒力", "source": "EXHIBITION"})

    held = Lead.objects.get()
    only = client.get(f"/leads/?place=team&campaign={held.campaign.ref}").text
    assert ("恒力" in only, "工博会" in only) == (True, True)
    assert (lead.headers["Location"], held.campaign.cost) == (f"/leads/{held.ref}/", Money.of(80_000))
