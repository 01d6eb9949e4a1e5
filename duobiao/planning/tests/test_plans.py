"""Account plans: begun, goals counted, dates reminded, approved, closed; the budget cycle."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.engagement.actions.log_call import log_call
from duobiao.identity.actions.deactivate_user import deactivate_user
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
from duobiao.planning.actions.keep_dates import (
    DateDone,
    edit_date,
    finish_date,
    remind_of_dates,
    remove_date,
)
from duobiao.planning.actions.keep_goals import CountedByItself, edit_goal, note_reached, remove_goal
from duobiao.planning.actions.plans import PlanFixed
from duobiao.planning.actions.settle_plan import close_plan, recall_plan, reopen_plan, submit_plan
from duobiao.planning.models import AccountPlan, BudgetPhase, PlanDate, PlanDeal, PlanGoal, PlanState
from duobiao.planning.queries.plans import budget_of, due_dates, get_plan, goal_lines, plans_matching, with_counts
from duobiao.planning.queries.years import year_of
from duobiao.planning.tests.factories import goal, milestone, plan
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 30)


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit)


@pytest.fixture
def customer(seller):
    return make_customer(seller)


@pytest.fixture
def draft(customer, seller):
    return plan(customer, seller)


def everything():
    models = (AccountPlan, PlanGoal, PlanDate, PlanDeal, BudgetPhase, ApprovalRequest, Entry, Notification)
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


def fresh(held):
    return AccountPlan.objects.select_related("customer__owner").get(pk=held.pk)


def approved(draft, seller, manager):
    goal(draft, seller)
    submit_plan(plan=draft, version=fresh(draft).version, actor=seller, now=NOW)
    request = ApprovalRequest.objects.get(subject_ref=draft.ref)
    decide(request=request, approved=True, actor=manager, now=NOW)
    return fresh(draft)


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


def test_a_milestone_is_for_somebody_who_sees_the_customer(draft, seller, manager):
    before = everything()
    stranger = make_user("stranger", unit=make_unit())
    for values, fields in (
        ({"owner": stranger}, {"owner"}),
        ({"title": ""}, {"title"}),
        ({"what": "PARTY"}, {"what"}),
        ({"due_on": date(2025, 12, 31)}, {"due_on"}),
        ({"due_on": date(2027, 4, 1)}, {"due_on"}),
    ):
        with pytest.raises(Invalid) as caught:
            milestone(draft, seller, **{"due_on": DUE, **values})
        assert set(caught.value.fields) == fields
    assert everything() == before

    milestone(draft, seller, DUE, owner=manager)
    assert Notification.objects.get(event="planning.plan_date_given").user_id == manager.pk


def test_whose_milestone_it_is_may_note_that_it_is_reached(draft, seller, unit):
    presales = make_user("gao", role=Role.LEGAL, unit=unit)
    draft.customer.grants.create(user=presales, source_kind="test", source_ref="T-1")
    row = milestone(draft, seller, TODAY, owner=presales)
    before = everything()
    with pytest.raises(Invalid) as caught:
        finish_date(row=row, done_on=TODAY + timedelta(days=1), outcome="", actor=presales, now=NOW)
    assert set(caught.value.fields) == {"done_on"}
    with pytest.raises(NotAllowed):
        edit_date(row=row, version=1, values={"title": "x"}, actor=presales, now=NOW)
    assert everything() == before

    finish_date(row=row, done_on=TODAY, outcome="已批复", actor=presales, now=NOW)

    assert Notification.objects.get(event="planning.plan_date_done").user_id == seller.pk
    for act in (
        lambda: finish_date(row=row, done_on=TODAY, outcome="", actor=seller, now=NOW),
        lambda: edit_date(row=row, version=2, values={"title": "x"}, actor=seller, now=NOW),
        lambda: remove_date(row=row, actor=seller, now=NOW),
    ):
        with pytest.raises(DateDone):
            act()


def test_a_review_says_what_came_of_it(draft, seller):
    row = milestone(draft, seller, TODAY, what="REVIEW", title="三季度复盘")

    with pytest.raises(Invalid) as caught:
        finish_date(row=row, done_on=TODAY, outcome=" ", actor=seller, now=NOW)

    assert set(caught.value.fields) == {"outcome"}
    assert finish_date(row=row, done_on=TODAY, outcome="进度正常", actor=seller, now=NOW).outcome == "进度正常"


def test_each_is_reminded_of_once(draft, seller):
    milestone(draft, seller, TODAY)
    later = milestone(draft, seller, TODAY + timedelta(days=30))

    assert remind_of_dates(on=TODAY, now=NOW) == 1
    assert remind_of_dates(on=TODAY, now=NOW) == 0
    edit_date(row=later, version=1, values={"due_on": TODAY}, actor=seller, now=NOW)
    assert remind_of_dates(on=TODAY, now=NOW) == 1
    assert Notification.objects.filter(event="planning.plan_date_due", user_id=seller.pk).count() == 2
    lines, total = due_dates(seller, on=TODAY + timedelta(days=1), until=TODAY + timedelta(days=7), team=False)
    assert (total, [line.late for line in lines]) == (2, [True, True])


def test_who_leaves_gives_milestones_to_the_customers_owner(draft, seller, manager, unit):
    leaver = make_user("ma", role=Role.DELIVERY, unit=unit)
    draft.customer.grants.create(user=leaver, source_kind="test", source_ref="T-1")
    row = milestone(draft, seller, DUE, owner=leaver)
    administrator = make_user("root", role=Role.ADMINISTRATOR)

    deactivate_user(user=leaver, version=leaver.version, actor=administrator, now=NOW)

    row.refresh_from_db()
    assert row.owner == seller


def test_a_plan_is_approved_by_the_manager_and_fixed_from_then_on(draft, seller, manager):
    with pytest.raises(Invalid):
        submit_plan(plan=draft, version=1, actor=seller, now=NOW)
    held = approved(draft, seller, manager)

    assert (held.state, held.settled_by) == (PlanState.APPROVED, manager)
    assert ApprovalRequest.objects.get(subject_ref=draft.ref).amount_minor == 1_000_000_000
    before = everything()
    for act in (
        lambda: goal(held, seller),
        lambda: edit_plan(plan=held, version=held.version, aim="x", actor=seller, now=NOW),
        lambda: remove_goal(goal=held.goals.get(), actor=seller, now=NOW),
        lambda: submit_plan(plan=held, version=held.version, actor=seller, now=NOW),
        lambda: recall_plan(plan=held, actor=seller, now=NOW),
    ):
        with pytest.raises(PlanFixed):
            act()
    assert everything() == before
    assert milestone(held, seller, DUE).is_open


def test_while_a_plan_waits_nothing_of_it_changes(draft, seller, manager):
    goal(draft, seller)
    submit_plan(plan=draft, version=2, actor=seller, now=NOW)
    before = everything()
    for act in (
        lambda: goal(draft, seller),
        lambda: milestone(draft, seller, DUE),
        lambda: choose_deals(plan=draft, deals=[], actor=seller, now=NOW),
        lambda: close_plan(plan=draft, version=3, result="x", actor=seller, now=NOW),
    ):
        with pytest.raises(PlanFixed):
            act()
    assert everything() == before

    assert recall_plan(plan=draft, actor=seller, now=NOW).state == PlanState.DRAFT
    assert ApprovalRequest.objects.get().state == "WITHDRAWN"


def test_a_refused_plan_is_a_draft_again_with_the_reason(draft, seller, manager):
    goal(draft, seller)
    submit_plan(plan=draft, version=2, actor=seller, now=NOW)
    request = ApprovalRequest.objects.get()

    decide(request=request, approved=False, note="目标偏低", actor=manager, now=NOW)

    assert (fresh(draft).state, fresh(draft).note) == (PlanState.DRAFT, "目标偏低")
    assert Notification.objects.filter(event="planning.plan_settled", user_id=seller.pk).exists()


def test_a_managers_own_plan_needs_nobody_else_below_the_executive(manager, unit):
    own = plan(make_customer(manager), manager)
    goal(own, manager, "COUNT", 3)

    held = submit_plan(plan=own, version=2, actor=manager, now=NOW)

    assert held.state in (PlanState.APPROVED, PlanState.WAITING)


def test_an_approved_plan_is_taken_up_again_or_closed_with_its_result(draft, seller, manager):
    held = approved(draft, seller, manager)
    before = everything()
    with pytest.raises(Invalid):
        reopen_plan(plan=held, reason="", actor=seller, now=NOW)
    with pytest.raises(Invalid):
        close_plan(plan=held, version=held.version, result="", actor=seller, now=NOW)
    with pytest.raises(StaleVersion):
        close_plan(plan=held, version=held.version - 1, result="x", actor=seller, now=NOW)
    assert everything() == before

    assert reopen_plan(plan=held, reason="预算砍半", actor=seller, now=NOW).state == PlanState.DRAFT
    AccountPlan.objects.filter(pk=held.pk).update(state=PlanState.APPROVED)
    closed = close_plan(plan=held, version=fresh(held).version, result="完成八成", actor=seller, now=NOW)
    assert (closed.state, closed.result, closed.closed_by) == (PlanState.CLOSED, "完成八成", seller)
    with pytest.raises(PlanFixed):
        milestone(fresh(held), seller, DUE)
    assert plan(draft.customer, seller).state == PlanState.DRAFT


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
