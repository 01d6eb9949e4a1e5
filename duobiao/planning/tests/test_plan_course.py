"""The course of a plan: milestones and reviews, approval, taking up again, closing."""

from datetime import date, timedelta

import pytest

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    make_customer,
    make_unit,
    make_user,
)
from duobiao.planning.actions.draft_plan import choose_deals, edit_plan
from duobiao.planning.actions.keep_dates import (
    DateDone,
    edit_date,
    finish_date,
    remind_of_dates,
    remove_date,
)
from duobiao.planning.actions.keep_goals import remove_goal
from duobiao.planning.actions.plans import PlanFixed
from duobiao.planning.actions.settle_plan import close_plan, recall_plan, reopen_plan, submit_plan
from duobiao.planning.models import AccountPlan, PlanState
from duobiao.planning.queries.plans import describe_plan, due_dates
from duobiao.planning.tests.factories import approved, everything, fresh, goal, milestone, plan
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 30)


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
    assert (row.owner, row.version) == (seller, 2)
    entry = Entry.objects.filter(event="planning.plan_changed", actor=administrator).get()
    assert (entry.detail.data["before"]["owner"], entry.detail.data["date"]["owner"]) == (leaver.ref, seller.ref)
    assert Notification.objects.filter(event="planning.plan_date_given", user=seller).exists()


def test_a_plan_is_approved_by_the_manager_and_fixed_from_then_on(draft, seller, manager):
    with pytest.raises(Invalid):
        submit_plan(plan=draft, version=1, actor=seller, now=NOW)
    held = approved(draft, seller, manager)

    assert (held.state, held.settled_by) == (PlanState.APPROVED, manager)
    request = ApprovalRequest.objects.get(subject_ref=draft.ref)
    assert request.amount_minor == 1_000_000_000
    assert describe_plan(request.facts)[-1] == ("目标", "赢单金额 ¥1,000 万")
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
