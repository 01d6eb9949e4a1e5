"""After the decision: conditions as tasks, deals closed or handed over, people who leave, waivers."""

from datetime import timedelta

import pytest

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.refusals import OwnRequest
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.add_task import edit_task
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.finish_task import finish_task, remind_of_tasks
from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.models import DealTask, Opportunity, Proof
from duobiao.opportunities.queries.tasks import tasks_from
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_user
from duobiao.reviews.queries.reviews import conditions_in
from duobiao.reviews.soundness import marks_follow_from_the_reviews
from duobiao.reviews.tests.factories import approve, condition, plan, request_of, submit
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db

CHANGE = "contracts.change_review_passed"


def stands(review, reader, *, on=TODAY):
    return [(line.state, line.days, line.moved) for line in conditions_in(review, reader, on=on)]


def test_a_condition_in_force_is_a_task_and_stands_as_the_task_does(deal, seller, colleague, manager):
    review = submit(plan(deal, seller), seller, conditions=[condition(colleague), condition(seller, "算清费用")])
    assert stands(review, seller) == [("pending", 0, False), ("pending", 0, False)]
    Notification.objects.all().delete()
    approve(review, manager)

    first, second = (row.task for row in review.conditions.order_by("number"))
    assert (first.title, first.owner, first.due_on, first.added_by) == ("补财务批复", colleague, TODAY, seller)
    assert [line.task for line in tasks_from(review.ref, seller, on=TODAY)] == [first, second]
    assert Entry.objects.filter(event="opportunities.task_added", chain=deal.ref, actor=manager).count() == 2
    told = Notification.objects.filter(event="opportunities.task_added").values_list("user__username", flat=True)
    assert sorted(told) == ["linxiao", "xuwenbo"]

    finish_task(task=first, result="批复已到", actor=colleague, now=NOW)
    later = TODAY + timedelta(days=3)
    edit_task(task=second, version=1, title="算清费用", owner=colleague, due_on=later, actor=seller, now=NOW)

    assert stands(review, seller, on=TODAY + timedelta(days=1)) == [("done", -1, False), ("open", 2, True)]
    assert stands(review, seller, on=TODAY + timedelta(days=5))[1] == ("overdue", -2, True)


def test_a_condition_of_who_no_longer_sees_the_deal_falls_to_its_owner(deal, seller, colleague, manager):
    review = submit(plan(deal, seller), seller, conditions=[condition(colleague)])
    deal.team.all().delete()

    approve(review, manager)

    assert review.conditions.get().task.owner == seller


def test_closing_the_deal_calls_everything_open_off(deal, seller, manager):
    waiting, planned = submit(plan(deal, seller), seller), plan(deal, seller, "ATB")
    third = submit(plan(deal, seller, "ATC"), seller, "HOLD", conditions=[condition(seller)])
    for name in ("boss", "chief"):
        approve(third, make_user(name, role=Role.ADMINISTRATOR))

    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    for review in (waiting, planned):
        review.refresh_from_db()
        assert (review.state, bool(review.note)) == ("CANCELLED", True)
    assert ApprovalRequest.objects.filter(state="OPEN").count() == 0
    assert stands(third, seller) == [("dropped", 0, False)]
    assert third.conditions.get().task.result
    with pytest.raises(DealClosed):
        plan(deal, seller)


def test_the_contract_of_a_won_deal_may_still_be_changed(deal, seller, manager):
    confirm_evidence(opportunity=deal, draft=draft("contracts.signed_by_both"), actor=seller, now=NOW)
    close_opportunity(opportunity=deal, outcome="WON", reason="VALUE", on=TODAY, actor=seller, now=NOW)

    with pytest.raises(DealClosed):
        plan(deal, seller, "ATB")
    approve(submit(plan(deal, seller, "ATAC"), seller, conditions=[condition(seller)]), manager)

    assert Proof.objects.filter(key=CHANGE).exists()
    assert remind_of_tasks(on=TODAY, now=NOW) == 1


def test_a_new_owner_does_not_decide_on_the_own_deal(deal, seller, manager, unit):
    other = make_user("wang", role=Role.MANAGER, unit=unit)
    review = submit(plan(deal, seller), seller)

    handover_opportunity(opportunity=deal, to=manager, actor=other, now=NOW)

    with pytest.raises(OwnRequest):
        decide(request=request_of(review), approved=True, actor=manager, now=NOW)
    approve(review, other)
    assert review.state == "DECIDED"


def test_conditions_of_who_leaves_go_to_the_successor(deal, seller, colleague, manager):
    approve(submit(plan(deal, seller, people=[seller, colleague]), seller, conditions=[condition(colleague)]), manager)
    waiting = submit(plan(deal, seller, "ATC"), seller, conditions=[condition(colleague)])
    planned = plan(deal, seller, "ATB", people=[colleague])
    boss, heir = make_user("boss", role=Role.ADMINISTRATOR), make_user("heir", role=Role.PRESALES)

    deactivate_user(user=colleague, successor=heir, version=colleague.version, actor=boss, now=NOW)

    assert DealTask.objects.get().owner == heir
    assert waiting.conditions.get().owner == heir
    assert [row.user for row in planned.attendees.all()] == [heir]


def test_nobody_below_the_approvers_of_a_control_point_waives_its_item(seller, manager):
    executive = make_user("chen", role=Role.EXECUTIVE)
    large = make_deal(seller, amount=Money.of(20_000_000), playbook="key-account-6")
    until = TODAY + timedelta(days=5)

    plain = ask_waiver(opportunity=large, item="2.S2", reason="r", expires_on=until, actor=manager, now=NOW)
    point = ask_waiver(opportunity=large, item="2.S1", reason="r", expires_on=until, actor=manager, now=NOW)

    assert (plain.is_pending, point.is_pending) == (False, True)
    request = ApprovalRequest.objects.get(subject_ref=point.ref)
    assert request.chain.matter == "gate_review"
    boss = make_user("boss", role=Role.ADMINISTRATOR)
    decide(request=request, approved=True, actor=boss, now=NOW)
    point.refresh_from_db()
    assert point.is_pending
    decide(request=request, approved=True, actor=executive, now=NOW)
    point.refresh_from_db()
    assert point.approved_on == TODAY


def test_the_doctor_finds_a_mark_that_no_review_left(deal, seller, manager):
    approve(submit(plan(deal, seller), seller, "HOLD"), manager)
    assert marks_follow_from_the_reviews() == []

    Opportunity.objects.update(gate_mark="")

    (fault,) = marks_follow_from_the_reviews()
    assert fault.msg == f"{deal.ref}: marked not, the reviews say HOLD"
