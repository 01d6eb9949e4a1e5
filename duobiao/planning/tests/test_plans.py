"""Account plans: begun, goals counted, dates reminded, approved, closed; the budget cycle."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.duplicates.actions.undo_merge import undo_merge
from duobiao.duplicates.models import Merge
from duobiao.engagement.actions.log_call import log_call
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    make_contact,
    make_customer,
    make_deal,
    make_unit,
    make_user,
)
from duobiao.planning.actions.draft_plan import PlanExists, choose_deals, draft_plan, edit_plan, set_budget_cycle
from duobiao.planning.actions.keep_goals import CountedByItself, edit_goal, note_reached, remove_goal
from duobiao.planning.actions.settle_plan import submit_plan
from duobiao.planning.models import AccountPlan, BudgetPhase, PlanDate, PlanDeal, PlanGoal, PlanState
from duobiao.planning.queries.plans import budget_of, get_plan, goal_lines, plans_matching, with_counts
from duobiao.planning.queries.years import year_of
from duobiao.planning.tests.factories import everything, fresh, goal, milestone, plan
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 30)


def test_a_year_has_one_running_plan(draft, customer, seller):
    before = everything()

    with pytest.raises(PlanExists):
        plan(customer, seller)
    for year in (2024, 2030):
        with pytest.raises(Invalid) as caught:
            plan(customer, seller, year=year)
        assert set(caught.value.fields) == {"year"}
    with pytest.raises(NotAllowed):
        draft_plan(customer=customer, year=2027, aim="", actor=make_user("x", role=Role.LEGAL), now=NOW)
    with pytest.raises(Invalid):
        draft_plan(customer=customer, year=2027, aim="x" * 2001, actor=seller, now=NOW)
    assert everything() == before
    assert plan(customer, seller, year=2027).state == PlanState.DRAFT


def test_the_aim_of_a_draft_is_changed_by_whoever_saw_it_last(draft, seller):
    edit_plan(plan=draft, version=1, aim="进入前两名", actor=seller, now=NOW)
    before = everything()

    with pytest.raises(StaleVersion):
        edit_plan(plan=draft, version=1, aim="别的", actor=seller, now=NOW)

    assert everything() == before
    assert (fresh(draft).aim, fresh(draft).version) == ("进入前两名", 2)


def test_goals_are_counted_from_the_records(draft, customer, seller):
    won, other, earlier = (make_deal(seller, customer, amount=Money.of(n)) for n in (4_000_000, 3_000_000, 9_000_000))
    Opportunity.objects.filter(pk=won.pk).update(outcome="WON", closed_on=TODAY)
    Opportunity.objects.filter(pk=earlier.pk).update(
        outcome="WON", closed_on=date(2025, 12, 31), opened_on=date(2025, 3, 1)
    )
    make_deal(make_user("elsewhere", unit=make_unit()), customer, amount=Money.of(50_000_000))
    contact = make_contact(customer)
    values = {"started_at": NOW, "result": "SPOKE", "purposes": []}
    log_call(customer=customer, contact=contact, values=values, opportunity=other, actor=seller, now=NOW)
    targets = {
        "WON_AMOUNT": Money.of(10_000_000), "PIPELINE": Money.of(6_000_000), "WON_DEALS": 2, "NEW_DEALS": 4,
        "PEOPLE_REACHED": 3, "COUNT": 5, "WORDS": "总经理公开推荐",
    }  # fmt: skip
    for measure, target in targets.items():
        goal(draft, seller, measure, target)

    lines = {line.goal.measure: line for line in goal_lines(draft, seller)}

    assert (lines["WON_AMOUNT"].reached, lines["WON_AMOUNT"].percent) == (Money.of(4_000_000), 40)
    assert (lines["PIPELINE"].reached, lines["PIPELINE"].percent) == (Money.of(3_000_000), 50)
    assert (lines["WON_DEALS"].reached, lines["NEW_DEALS"].reached) == (1, 2)
    assert (lines["PEOPLE_REACHED"].reached, lines["PEOPLE_REACHED"].percent) == (1, 33)
    assert (lines["COUNT"].reached, lines["WORDS"].reached) == (None, None)
    assert [lines[key].counted for key in ("PIPELINE", "COUNT", "WORDS")] == [True, False, False]


@pytest.mark.parametrize(
    ("measure", "target", "fields"),
    [
        ("WON_AMOUNT", 5, {"target"}),
        ("WON_AMOUNT", Money.of(0), {"target"}),
        ("WON_AMOUNT", Money.of(5, "USD"), {"target"}),
        ("COUNT", 0, {"target"}),
        ("COUNT", True, {"target"}),
        ("COUNT", "3", {"target"}),
        ("WORDS", "", {"target"}),
        ("WEIGHT", 3, {"measure"}),
    ],
)
def test_a_goal_needs_the_target_of_its_measure(draft, seller, measure, target, fields):
    before = everything()

    with pytest.raises(Invalid) as caught:
        goal(draft, seller, measure, target)

    assert set(caught.value.fields) == fields
    assert everything() == before


def test_a_goal_is_changed_noted_and_taken_out(draft, seller):
    held = goal(draft, seller, "COUNT", 5)
    with pytest.raises(Invalid) as caught:
        edit_goal(goal=held, version=1, values={"measure": "COUNT", "title": "", "target": 4}, actor=seller, now=NOW)
    assert set(caught.value.fields) == {"title"}
    note_reached(goal=held, version=1, count=2, words="两次高层互访", actor=seller, now=NOW)
    with pytest.raises(StaleVersion):
        note_reached(goal=held, version=1, count=3, words="", actor=seller, now=NOW)
    edit_goal(
        goal=held, version=2, values={"measure": "COUNT", "title": "高层互访", "target": 4}, actor=seller, now=NOW
    )
    line = goal_lines(draft, seller)[0]
    assert (line.goal.title, line.target, line.reached, line.percent) == ("高层互访", 4, 2, 50)
    counted = goal(draft, seller)
    with pytest.raises(CountedByItself):
        note_reached(goal=counted, version=1, count=3, words="", actor=seller, now=NOW)
    remove_goal(goal=held, actor=seller, now=NOW)
    with pytest.raises(NotFound):
        remove_goal(goal=held, actor=seller, now=NOW)
    assert Entry.objects.filter(chain=draft.customer.ref, event="planning.plan_changed").count() == 5


def test_the_deals_of_a_plan_are_the_customers(draft, seller, customer):
    ours, others = make_deal(seller, customer), make_deal(seller)
    hidden = make_deal(make_user("far", unit=make_unit()), customer)
    PlanDeal.objects.create(plan=draft, opportunity=hidden, added_at=NOW, added_by=seller)
    before = everything()
    with pytest.raises(Invalid) as caught:
        choose_deals(plan=draft, deals=[others], actor=seller, now=NOW)
    assert set(caught.value.fields) == {"deals"}
    assert everything() == before

    choose_deals(plan=draft, deals=[ours], actor=seller, now=NOW)
    assert {row.opportunity_id for row in draft.deals.all()} == {ours.pk, hidden.pk}
    choose_deals(plan=draft, deals=[], actor=seller, now=NOW)
    assert {row.opportunity_id for row in draft.deals.all()} == {hidden.pk}


def test_the_budget_cycle_stands_beside_the_year(draft, customer, seller):
    set_budget_cycle(
        customer=customer, phases={"APPLICATION": (9, 10), "PURCHASE": (11, 2), "NEEDS": (6, 8)}, actor=seller, now=NOW
    )
    set_budget_cycle(customer=customer, phases={"NEEDS": None, "PURCHASE": (11, 2)}, actor=seller, now=NOW)
    before = everything()
    for phases in ({"PARTY": (1, 2)}, {"NEEDS": (0, 13)}):
        with pytest.raises(Invalid) as caught:
            set_budget_cycle(customer=customer, phases=phases, actor=seller, now=NOW)
        assert set(caught.value.fields) == set(phases)
    assert everything() == before

    phases = budget_of(customer)
    found = year_of(2026, phases, [], [], on=TODAY)
    assert [(row.phase, row.first_month, row.last_month) for row in phases] == [
        ("APPLICATION", 9, 10),
        ("PURCHASE", 11, 2),
    ]
    assert [len(row.bars) for row in found.phases] == [1, 2]
    assert len(found.now) == 1
    assert year_of(2025, phases, [], [], on=TODAY).today is None


def test_who_sees_the_customer_sees_the_plan(draft, seller, manager):
    stranger = make_user("stranger", unit=make_unit())

    assert get_plan(ref=draft.ref, user=manager) == draft
    with pytest.raises(NotFound):
        get_plan(ref=draft.ref, user=stranger)
    assert list(plans_matching(seller, year=2026, state="DRAFT", mine=True)) == [draft]
    assert list(plans_matching(manager, mine=True)) == []


def test_plans_follow_customers_that_are_merged(draft, customer, seller, manager):
    other = make_customer(seller)
    theirs, next_year = plan(other, seller), plan(other, seller, year=2027)
    set_budget_cycle(customer=other, phases={"NEEDS": (1, 2)}, actor=seller, now=NOW)

    merge_customers(keeper=customer, other=other, actor=manager, now=NOW)

    assert {row.pk: (row.customer_id, row.state) for row in AccountPlan.objects.all()} == {
        draft.pk: (customer.pk, "DRAFT"), theirs.pk: (customer.pk, "CLOSED"), next_year.pk: (customer.pk, "DRAFT"),
    }  # fmt: skip
    assert [row.phase for row in budget_of(customer)] == ["NEEDS"]


def test_a_plan_that_waits_is_withdrawn_when_a_merge_closes_it_and_a_draft_once_parted(
    draft, customer, seller, manager
):
    other = make_customer(seller)
    theirs = plan(other, seller)
    goal(theirs, seller)
    submit_plan(plan=theirs, version=fresh(theirs).version, actor=seller, now=NOW)

    merge_customers(keeper=customer, other=other, actor=manager, now=NOW)
    merged, request = fresh(theirs), ApprovalRequest.objects.get(subject_ref=theirs.ref)
    undone = undo_merge(merge=Merge.objects.get(), actor=manager, now=NOW)
    parted = fresh(theirs)

    assert (merged.state, request.state) == ("CLOSED", "WITHDRAWN")
    assert undone.kept == 0
    assert (parted.customer, parted.state, parted.result, parted.closed_at) == (other, "DRAFT", "", None)
    submit_plan(plan=parted, version=parted.version, actor=seller, now=NOW)
    assert fresh(theirs).state == "WAITING"


def test_the_database_refuses_what_code_forgot(draft, customer, seller):
    base = {"plan": draft, "title": "x", "created_at": NOW}
    dated = {**base, "owner": seller, "due_on": TODAY}
    wrong = (
        lambda: AccountPlan.objects.create(customer=customer, year=2026, created_at=NOW, created_by=seller),
        lambda: AccountPlan.objects.create(customer=customer, year=1999, created_at=NOW, created_by=seller),
        lambda: AccountPlan.objects.filter(pk=draft.pk).update(state="CLOSED"),
        lambda: AccountPlan.objects.filter(pk=draft.pk).update(state="LOST"),
        lambda: PlanGoal.objects.create(**base, measure="WON_AMOUNT", target_count=3),
        lambda: PlanGoal.objects.create(**base, measure="WON_AMOUNT"),
        lambda: PlanGoal.objects.create(**base, measure="COUNT", target_count=0),
        lambda: PlanGoal.objects.create(**base, measure="WORDS"),
        lambda: PlanDate.objects.create(**{**dated, "title": ""}),
        lambda: PlanDate.objects.create(**dated, what="REVIEW", done_on=TODAY, done_by=seller),
        lambda: PlanDate.objects.create(**dated, done_on=TODAY),
        lambda: BudgetPhase.objects.create(
            customer=customer, phase="NEEDS", first_month=0, last_month=3, set_at=NOW, set_by=seller
        ),
    )
    for make in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_a_plan_costs_the_same_for_any_number_of_parts(draft, customer, seller, assert_flat_queries):
    def grow() -> None:
        for n in range(1, 5):
            goal(draft, seller, "COUNT", n)
            milestone(draft, seller, DUE)

    grow()
    assert_flat_queries(visit=lambda: goal_lines(draft, seller), grow=grow)
    assert_flat_queries(visit=lambda: list(with_counts(plans_matching(seller))), grow=grow)


def test_amounts_stand_in_the_currency_of_the_plan(draft, customer, seller):
    deal = make_deal(seller, customer, amount=Money.of(900, "USD"))
    Opportunity.objects.filter(pk=deal.pk).update(outcome="WON", closed_on=TODAY)
    goal(draft, seller)

    assert goal_lines(draft, seller)[0].reached == Money(0, "CNY")
