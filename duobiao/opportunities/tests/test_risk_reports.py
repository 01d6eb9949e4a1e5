"""Risks people report, what records of contacts show, the figures of the rules; pages and API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.trash_contact import restore_contact, trash_contact
from duobiao.identity.commands import create_token
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.judge_signals import judge_all
from duobiao.opportunities.actions.report_risk import ReportRetracted, Sight, report_risk, retract_report
from duobiao.opportunities.actions.set_risk_figures import set_risk_figures
from duobiao.opportunities.models import Opportunity, RiskFigures, RiskReport, RiskSignal
from duobiao.opportunities.signal_words import shipped_rules
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_deal, make_unit, make_user
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit(), language="en")


@pytest.fixture
def administrator():
    return make_user("admin", role="administrator", language="en")


@pytest.fixture
def deal(seller):
    return make_deal(seller)


def sight(**changes):
    values = {"rule": "rivals_active", "seen": "对手到访", "on": TODAY, "said_by": "王海涛", **changes}
    return Sight(**values)


def rules_of(deal) -> dict[str, str]:
    return dict(RiskSignal.objects.filter(opportunity=deal).values_list("rule", "level"))


def codes() -> list[tuple[str, str]]:
    return list(RiskReport.objects.filter(retracted_at=None).order_by("pk").values_list("code", "seen"))


def test_reports_count_within_the_window_and_can_be_taken_back(deal, seller):
    first = report_risk(opportunity=deal, sight=sight(), actor=seller, now=NOW)
    report_risk(opportunity=deal, sight=sight(on=TODAY - timedelta(days=29)), actor=seller, now=NOW)
    assert rules_of(deal) == {"rivals_active": "AMBER"}
    assert RiskSignal.objects.get().source_ref == first.ref
    assert Entry.objects.filter(event="opportunities.risk_reported", chain=deal.ref).count() == 2

    retract_report(report=first, reason="听错了", actor=seller, now=NOW)

    assert rules_of(deal) == {}
    first.refresh_from_db()
    assert (first.retract_reason, first.retracted_by) == ("听错了", seller)
    with pytest.raises(ReportRetracted):
        retract_report(report=first, reason="再撤", actor=seller, now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule": "silence"}, "rule"),
        ({"on": TODAY + timedelta(days=1)}, "happened_on"),
        ({"on": TODAY - timedelta(days=4000)}, "happened_on"),
        ({"seen": " "}, "seen"),
        ({"seen": "x" * 1001}, "seen"),
        ({"said_by": "x" * 121}, "said_by"),
    ],
)
def test_what_cannot_be_reported_is_named(deal, seller, change, field):
    with pytest.raises(Invalid) as refusal:
        report_risk(opportunity=deal, sight=sight(**change), actor=seller, now=NOW)

    assert set(refusal.value.fields) == {field}
    assert not RiskReport.objects.exists()


def test_only_people_on_the_deal_report(deal):
    with pytest.raises(NotAllowed):
        report_risk(opportunity=deal, sight=sight(), actor=make_user("stranger"), now=NOW)


def test_a_decider_who_leaves_moves_or_loses_the_role_is_noted(deal, seller):
    customer = deal.customer
    boss = create_contact(
        customer=customer, name="陆正平", values={"buying_role": "DECIDER", "position": "副总"}, actor=seller, now=NOW
    )
    assert codes() == []

    edit_contact(contact=boss, version=1, values={"position": "顾问"}, actor=seller, now=NOW)
    edit_contact(contact=boss, version=2, values={"buying_role": "USER"}, actor=seller, now=NOW)
    edit_contact(contact=boss, version=3, values={"position": "部长"}, actor=seller, now=NOW)

    assert codes() == [("CONTACT_MOVED", "陆正平"), ("ROLE_LOST", "陆正平")]
    assert rules_of(deal) == {"key_contact_changed": "RED"}
    assert RiskSignal.objects.get().source_ref == boss.ref


def test_a_second_decider_is_news_the_first_is_not(deal, seller):
    values = {"buying_role": "DECIDER"}
    create_contact(customer=deal.customer, name="陆正平", values=values, actor=seller, now=NOW)
    second = create_contact(customer=deal.customer, name="丁怡", actor=seller, now=NOW)

    edit_contact(contact=second, version=1, values=values, actor=seller, now=NOW)
    create_contact(customer=deal.customer, name="卞文", values={"is_decision_maker": True}, actor=seller, now=NOW)

    assert codes() == [("NEW_DECIDER", "丁怡"), ("NEW_DECIDER", "卞文")]


def test_a_trashed_decider_is_noted_until_restored(deal, seller):
    boss = make_contact(deal.customer, buying_role="INFLUENCER")
    trash_contact(contact=boss, actor=seller, now=NOW)
    assert rules_of(deal) == {"key_contact_changed": "AMBER"}

    restore_contact(contact=boss, actor=seller, now=NOW)

    assert rules_of(deal) == {}
    assert RiskReport.objects.get().retract_reason


def test_a_duplicate_of_a_decider_merged_into_one_is_no_news(deal, seller, administrator):
    boss = make_contact(deal.customer, name="陆总", buying_role="DECIDER")
    kept = make_contact(deal.customer, name="陆正平")
    other = make_contact(deal.customer, name="丁怡", buying_role="USER")

    merge_contacts(keeper=kept, other=boss, actor=administrator, now=NOW)
    assert codes() == []

    kept.refresh_from_db()
    merge_contacts(keeper=other, other=kept, actor=administrator, now=NOW)
    assert codes() == [("CONTACT_MERGED", "陆正平")]


def test_own_figures_are_kept_judged_by_and_restored(deal, administrator):
    figures = {"quiet": {"amber": 5, "red": 9}}
    set_risk_figures(rule="silence", figures=figures, version=0, actor=administrator, now=NOW)
    judge_all(now=NOW + timedelta(days=6))
    assert rules_of(deal) == {"silence": "AMBER"}
    with pytest.raises(StaleVersion):
        set_risk_figures(rule="silence", figures=figures, version=0, actor=administrator, now=NOW)

    set_risk_figures(rule="silence", figures=None, version=1, actor=administrator, now=NOW)
    judge_all(now=NOW + timedelta(days=6))

    assert not RiskFigures.objects.exists()
    assert rules_of(deal) == {}
    assert Entry.objects.filter(event="opportunities.risk_figures_changed", chain="risk-rules").count() == 2


@pytest.mark.parametrize(
    ("figures", "fields"),
    [
        ({"quiet": {"amber": 0}}, {"quiet.amber"}),
        ({"quiet": {"amber": 9, "red": 3}}, {"quiet.red"}),
        ({"quiet": {"amber": 9999, "loud": 3}}, {"quiet.loud"}),
        ({"noise": {"amber": 3}}, {"noise.amber"}),
        ({"quiet": {"amber": "many", "red": True}}, {"quiet.amber", "quiet.red"}),
    ],
)
def test_figures_that_make_no_sense_are_refused(administrator, figures, fields):
    with pytest.raises(Invalid) as refusal:
        set_risk_figures(rule="silence", figures=figures, version=0, actor=administrator, now=NOW)

    assert set(refusal.value.fields) == fields
    assert not RiskFigures.objects.exists()


def test_the_page_of_rules_sets_and_restores(client, administrator):
    client.force_login(administrator)
    assert "Decision delayed" in client.get("/admin/risk-rules/").content.decode()
    path = "/admin/risk-rules/silence/"

    assert client.post(path, {"version": 0, "quiet.amber": 0, "quiet.red": 9}).status_code == 422
    assert client.post(path, {"version": 0, "quiet.amber": "", "quiet.red": 9}).status_code == 303
    assert RiskFigures.objects.get().figures == {"quiet": {"amber": None, "red": 9}}
    assert "own figures" in client.get("/admin/risk-rules/").content.decode()
    assert client.post(path, {"version": 1, "restore": "1"}).status_code == 303
    assert not RiskFigures.objects.exists()
    assert client.get("/admin/risk-rules/falling_behind/").status_code == 404
    assert client.get("/admin/risk-rules/weather/").status_code == 404


def test_a_report_by_form_shows_in_deal_room_board_list_and_today(client, seller):
    deal = make_deal(seller, now=timezone.now() - timedelta(days=1), name="Watched")
    client.force_login(seller)
    day = timezone.localdate().isoformat()
    values = {"rule": "budget_cut", "seen": "cut by a half", "happened_on": day, "said_by": "Wang"}
    path = f"/opportunities/{deal.ref}/risk-reports/new/"
    assert client.post(path, {**values, "seen": ""}).status_code == 422
    for _ in range(2):
        assert client.post(path, values).status_code == 303

    assert Opportunity.objects.get(pk=deal.pk).risk == "RED"
    room = client.get(f"/opportunities/{deal.ref}/").content.decode()
    assert "reported 2 times in 90 days" in room
    assert "Watched: Budget cut" in client.get("/today/").content.decode()
    for layout in ("board", "list"):
        assert "high risk" in client.get(f"/pipeline/{layout}/").content.decode()
    assert "Watched" in client.get("/pipeline/list/?risk=RED").content.decode()
    assert "Watched" not in client.get("/pipeline/list/?risk=AMBER").content.decode()
    assert client.get("/pipeline/list/?sort=-risk").status_code == 200
    report = RiskReport.objects.first()
    assert client.post(f"/risk-reports/{report.ref}/retract/", {"reason": ""}).status_code == 422
    assert client.post(f"/risk-reports/{report.ref}/retract/", {"reason": "wrong"}).status_code == 303
    assert Opportunity.objects.get(pk=deal.pk).risk == "AMBER"


def test_the_api_reports_reads_and_retracts(api, seller):
    deal = make_deal(seller, now=timezone.now() - timedelta(days=1))
    client = api(create_token(username=seller.username, now=timezone.now()))
    path = f"/opportunities/{deal.ref}"
    day = timezone.localdate().isoformat()

    made = client.post(f"{path}/risk-reports", {"rule": "budget_cut", "happened_on": day, "seen": "cut"})
    assert made.status_code == 201
    (risk,) = client.get(f"{path}/risks").json()
    assert (risk["rule"], risk["level"], risk["reason"], risk["since"], risk["source"], risk["url"]) == (
        "budget_cut", "AMBER", "reported 1 time in 90 days", day, made.json()["ref"], f"/opportunities/{deal.ref}/strategy/",
    )  # fmt: skip
    assert client.get("/opportunities", risk="AMBER").json()["items"][0]["risk"] == "AMBER"
    wrong = client.post(f"{path}/risk-reports", {"rule": "silence", "happened_on": day, "seen": "cut"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["rule"])
    gone = client.delete(f"{path}/risk-reports/{made.json()['ref']}", {"reason": "wrong"})
    assert gone.json()["retract_reason"] == "wrong"
    assert client.get(f"{path}/risks").json() == []


def test_the_api_of_rules_is_for_administrators(api, seller, administrator):
    theirs = api(create_token(username=seller.username, now=timezone.now()))
    assert theirs.get("/risk-rules").status_code == 403
    mine = api(create_token(username=administrator.username, now=timezone.now()))

    assert [row["rule"] for row in mine.get("/risk-rules").json()] == list(shipped_rules())
    answer = mine.put("/risk-rules/silence", {"figures": {"quiet": {"amber": 20}}, "version": 0})
    assert (answer.json()["figures"], answer.json()["version"]) == ({"quiet": {"amber": 20, "red": 60}}, 1)
    assert mine.put("/risk-rules/weather", {"figures": None, "version": 0}).status_code == 404
