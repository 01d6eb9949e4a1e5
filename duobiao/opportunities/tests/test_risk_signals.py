"""Risk signals as they are stored: when a deal is written, and by the daily job."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from duobiao.config.commands import init
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.judge_signals import judge_all, judge_unjudged
from duobiao.opportunities.actions.reopen_opportunity import reopen_opportunity
from duobiao.opportunities.actions.retract_proof import retract_proof
from duobiao.opportunities.models import Conversation, Opportunity, RiskReport, RiskSignal
from duobiao.opportunities.queries.signal_differences import SignalDifference, signal_differences
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    draft,
    make_contact,
    make_deal,
    make_unit,
    make_user,
    prove_stages,
)
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=make_unit_above(unit))


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


def make_unit_above(unit):
    unit.parent = make_unit("above")
    unit.save()
    return unit.parent


def stored(deal) -> dict[str, str]:
    return dict(RiskSignal.objects.filter(opportunity=deal).values_list("rule", "level"))


def colour(deal) -> str:
    return Opportunity.objects.get(pk=deal.pk).risk


def edit(deal, seller, now=NOW, **values):
    deal.refresh_from_db()
    return edit_opportunity(opportunity=deal, version=deal.version, values=values, actor=seller, now=now)


def test_a_new_deal_is_green(seller):
    deal = make_deal(seller)

    assert (colour(deal), stored(deal)) == ("GREEN", {})


def test_time_makes_a_deal_amber_then_red_and_people_are_told_once(seller, manager):
    deal = make_deal(seller, name="Quiet")

    assert judge_all(now=LATER) == 1
    assert (colour(deal), stored(deal)) == ("AMBER", {"silence": "AMBER"})
    assert not Notification.objects.exists()

    judge_all(now=NOW + timedelta(days=60))
    judge_all(now=NOW + timedelta(days=61))

    assert colour(deal) == "RED"
    signal = RiskSignal.objects.get(rule="silence")
    assert (signal.level, signal.since) == ("RED", TODAY + timedelta(days=60))
    assert signal.reasons == [{"code": "quiet", "level": "RED", "day": TODAY.isoformat()}]
    assert sorted(Notification.objects.values_list("user__username", flat=True)) == ["linxiao", "zhou"]
    assert Entry.objects.filter(event="opportunities.risk_arose").count() == 1


def test_deals_without_a_colour_are_judged_after_an_upgrade_and_nobody_is_told(seller, manager):
    old, known = make_deal(seller), make_deal(seller)
    judge_all(now=NOW)
    Opportunity.objects.filter(pk=old.pk).update(risk="")
    RiskSignal.objects.filter(opportunity=old).delete()

    assert judge_unjudged(now=NOW + timedelta(days=60)) == 1

    assert Opportunity.objects.get(pk=old.pk).risk == "RED"
    assert Opportunity.objects.get(pk=known.pk).risk == "GREEN"
    assert RiskSignal.objects.filter(opportunity=old, level="RED").exists()
    assert not Notification.objects.exists()
    assert judge_unjudged(now=NOW + timedelta(days=60)) == 0


def test_bringing_the_database_up_to_date_gives_every_open_deal_its_colour(seller):
    deal = make_deal(seller)
    Opportunity.objects.filter(pk=deal.pk).update(risk="")

    init.migrate()

    assert Opportunity.objects.get(pk=deal.pk).risk


def test_a_judgement_that_changes_nothing_writes_nothing(seller, django_assert_num_queries):
    make_deal(seller)
    judge_all(now=LATER)
    entries = Entry.objects.count()

    with django_assert_num_queries(14) as captured:
        judge_all(now=LATER + timedelta(days=1))

    assert not [query for query in captured if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert Entry.objects.count() == entries


def test_evidence_ends_the_silence_at_once(seller):
    deal = make_deal(seller)
    judge_all(now=LATER)

    wanted = draft("engagement.interest_shown", on=TODAY)
    confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=LATER)

    assert (colour(deal), stored(deal)) == ("GREEN", {})


def test_evidence_ends_only_the_silence_of_a_deal_with_other_risks(seller):
    deal = make_deal(seller, values={"expected_close_on": TODAY})
    judge_all(now=NOW + timedelta(days=60))
    assert stored(deal) == {"silence": "RED", "stale_close_date": "RED", "stage_overdue": "AMBER"}

    wanted = draft("customers.target_criteria_met", on=TODAY)
    confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=NOW + timedelta(days=60))

    assert (colour(deal), stored(deal)) == ("RED", {"stale_close_date": "RED", "stage_overdue": "AMBER"})


def test_evidence_that_moves_nothing_on_a_green_deal_asks_for_no_signal(seller, django_assert_max_num_queries):
    deal = make_deal(seller)

    with django_assert_max_num_queries(60) as captured:
        confirm_evidence(opportunity=deal, draft=draft("customers.target_criteria_met"), actor=seller, now=NOW)

    assert not [query for query in captured if "risk" in query["sql"].split("FROM")[-1].split("WHERE")[0]]


def test_a_comment_ends_the_silence_at_once(seller):
    deal = make_deal(seller)
    judge_all(now=LATER)

    add_comment(subject=Ref.of(deal), body="还在推进", actor=seller, now=LATER)

    assert (colour(deal), stored(deal)) == ("GREEN", {})


def test_moving_the_signature_again_and_again_is_a_delay(seller):
    deal = make_deal(seller, values={"expected_close_on": TODAY + timedelta(days=30)})

    edit(deal, seller, expected_close_on=TODAY + timedelta(days=60))
    edit(deal, seller, expected_close_on=TODAY + timedelta(days=50))
    assert stored(deal) == {}
    edit(deal, seller, expected_close_on=TODAY + timedelta(days=90))

    assert stored(deal) == {"decision_delay": "AMBER"}


def test_a_cut_amount_is_red_and_tells_the_manager_not_the_one_who_cut(seller, manager):
    deal = make_deal(seller)

    edit(deal, seller, amount=Money.of(800_000))

    assert stored(deal) == {"budget_cut": "RED"}
    reasons = RiskSignal.objects.get().reasons
    assert reasons[0] | {"n": 37, "before": 128_000_000, "after": 80_000_000, "currency": "CNY"} == reasons[0]
    assert Notification.objects.get().user == manager


def test_amounts_of_different_currencies_are_not_compared(seller):
    deal = make_deal(seller)

    edit(deal, seller, amount=Money.of(180_000, "USD"))

    assert stored(deal) == {}


def test_a_suspended_budget_is_red_until_it_is_retracted(seller):
    deal = make_deal(seller)
    wanted = draft("procurement.suspended", on=TODAY)
    proof = confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=NOW).proof

    assert stored(deal)["budget_cut"] == "RED"
    signal = RiskSignal.objects.get(rule="budget_cut")
    assert (signal.source_kind, signal.source_ref) == ("proof", proof.ref)

    retract_proof(proof=proof, reason="另一个项目", actor=seller, now=NOW)

    assert "budget_cut" not in stored(deal)


def test_evidence_of_rivals_counts_at_once(seller):
    deal = make_deal(seller)

    for key in ("competition.first_rivals_recorded", "competition.rivals_listed"):
        confirm_evidence(opportunity=deal, draft=draft(key), actor=seller, now=NOW)

    assert stored(deal)["rivals_active"] == "AMBER"


def test_needs_that_are_made_anew_count_from_the_second_time(seller):
    deal = make_deal(seller)

    for day in (20, 10, 0):
        wanted = draft("needs.problem_recorded", on=TODAY - timedelta(days=day))
        confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=NOW)

    assert stored(deal)["needs_changing"] == "AMBER"


def test_one_person_alone_is_a_single_thread_from_stage_three(seller):
    deal = make_deal(seller)
    prove_stages(deal, 1, 2, actor=seller)
    assert stored(deal) == {"single_thread": "AMBER"}
    first, second = make_contact(deal.customer), make_contact(deal.customer, name="周芳")
    Conversation.objects.create(opportunity=deal, contact=first, on=TODAY, source_kind="call", source_ref="Q1")

    judge_all(now=NOW)
    assert RiskSignal.objects.get().reasons[0]["n"] == 1

    wanted = draft("engagement.interest_shown", 3, contact=second, channel="PHONE")
    confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=NOW)
    assert stored(deal) == {}


def test_a_closed_deal_has_no_signals_and_a_reopened_one_is_judged(seller, manager):
    deal = make_deal(seller)
    judge_all(now=LATER)
    close_opportunity(
        opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY + timedelta(days=30), actor=seller, now=LATER
    )
    assert (colour(deal), stored(deal)) == ("", {})
    judge_all(now=LATER)
    assert (colour(deal), stored(deal)) == ("", {})

    reopen_opportunity(opportunity=deal, reason="客户来电", actor=manager, now=LATER)

    assert (colour(deal), stored(deal)) == ("AMBER", {"silence": "AMBER"})


def test_the_doctor_finds_signals_that_do_not_follow(seller):
    deal = make_deal(seller)
    assert list(signal_differences(on=TODAY)) == []

    RiskSignal.objects.create(opportunity=deal, rule="silence", level="RED", since=TODAY)

    assert list(signal_differences(on=TODAY)) == [SignalDifference(deal.ref, {"silence": "RED"}, {})]


def test_the_daily_job_costs_the_same_for_any_number_of_deals(seller, assert_flat_queries):
    make_deal(seller)

    def grow() -> None:
        for _ in range(6):
            make_deal(seller)
        judge_all(now=LATER)

    assert_flat_queries(visit=lambda: judge_all(now=LATER), grow=grow)


@pytest.mark.parametrize(
    "row",
    [
        lambda deal: RiskSignal(opportunity=deal, rule="silence", level="GREEN", since=TODAY),
        lambda deal: RiskSignal(opportunity=deal, rule="", level="RED", since=TODAY),
        lambda deal: RiskReport(opportunity=deal, rule="silence", seen="", happened_on=TODAY, reported_at=NOW),
        lambda deal: RiskReport(
            opportunity=deal, rule="silence", seen="x", happened_on=TODAY, reported_at=NOW, retracted_at=NOW
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(seller, row):
    deal = make_deal(seller)

    with pytest.raises(IntegrityError), transaction.atomic():
        row(deal).save()
