"""Send a plan for approval, take the decision over, take an approved plan up again, close the year."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from duobiao.approvals.actions.open_request import draft_request, open_request
from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.approvals.events import ApprovalDecided
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.planning.actions.plans import hold_plan, plan_url, require_version, take_plan, words_of
from duobiao.planning.actions.texts import Faults, checked_text, refuse
from duobiao.planning.events import PlanClosed, PlanReopened, PlanSettled, PlanSubmitted
from duobiao.planning.models import AccountPlan, Measure, PlanState
from duobiao.planning.models.plan import ACCOUNT_PLAN
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_NOTE, LONGEST_RESULT = 500, 2000


@transaction.atomic
def submit_plan(*, plan: AccountPlan, version: int, actor: User, now: datetime) -> AccountPlan:
    """Ask for approval; who could decide alone has it approved at once.

    Raises:
        NotAllowed: the actor may not edit the customer, or not ask for approval.
        PlanFixed: it is not a draft.
        StaleVersion: somebody changed it since.
        Invalid: it has no goal yet.
    """
    held = take_plan(plan, actor, states=(PlanState.DRAFT,))
    require_version(held, version)
    if not held.goals.exists():
        message = _("Set a goal first: without one there is nothing to approve.")
        raise Invalid(message, fields={"goals": message})
    held.state, held.note = PlanState.WAITING, ""
    held.version += 1
    held.save(update_fields=["state", "note", "version"])
    event = PlanSubmitted(subject=Ref.of(held), chain=held.customer.ref, data=words_of(held))
    record(event, actor=actor, at=now)
    open_request(draft=plan_draft(held, actor=actor), now=now)
    held.refresh_from_db(fields=["state", "note", "version", "settled_at", "settled_by"])
    return held


def plan_draft(plan: AccountPlan, *, actor: User) -> ApprovalRequest:
    """Return the request for approval of a plan."""
    total = plan.goals.filter(measure=Measure.WON_AMOUNT).aggregate(total=Sum("target_minor"))["total"]
    facts = {
        "customer": plan.customer.name,
        "year": plan.year,
        "aim": plan.aim,
        "goals": _asked(plan),
    }
    return draft_request(
        matter=ACCOUNT_PLAN,
        subject=Ref.of(plan),
        owner=plan.customer.owner,
        title=f"{plan.customer.label} {plan.year}"[:160],
        facts=facts,
        amount=Money(total, plan.currency) if total else None,
        actor=actor,
    )


def _asked(plan: AccountPlan) -> list[dict[str, Any]]:
    """Return the goals as the approver reads them: name or code of the measure, and target."""
    return [
        {
            "name": goal.title or goal.measure,
            "minor": goal.target_minor,
            "currency": plan.currency,
            "target": goal.target_words if goal.target_count is None else goal.target_count,
        }
        for goal in plan.goals.order_by("created_at", "pk")
    ]


def plan_settled(event: ApprovalDecided, actor: User, at: datetime) -> None:
    """Take over what was decided about a plan; refused or withdrawn, it is a draft again."""
    if event.matter != ACCOUNT_PLAN:
        return
    held = hold_plan(event.about.ref)
    if held.state != PlanState.WAITING:
        return
    held.state = PlanState.APPROVED if event.outcome == "APPROVED" else PlanState.DRAFT
    held.note = event.note[:LONGEST_NOTE]
    held.settled_at, held.settled_by = at, actor
    held.version += 1
    held.save(update_fields=["state", "note", "settled_at", "settled_by", "version"])
    data = words_of(held, outcome=event.outcome, note=held.note)
    record(PlanSettled(subject=Ref.of(held), chain=held.customer.ref, data=data), actor=actor, at=at)
    told = [held.customer.owner] if held.customer.owner != actor else []
    notify(told, event=PlanSettled.name, url=plan_url(held.ref), at=at, data=data)


@transaction.atomic
def recall_plan(*, plan: AccountPlan, actor: User, now: datetime) -> AccountPlan:
    """Withdraw the request for approval; the plan is a draft again.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: it does not wait for approval.
    """
    held = take_plan(plan, actor, states=(PlanState.WAITING,))
    drop_requests(matter=ACCOUNT_PLAN, subject=Ref.of(held), actor=actor, now=now)
    held.refresh_from_db(fields=["state", "note", "version"])
    return held


@transaction.atomic
def reopen_plan(*, plan: AccountPlan, reason: str, actor: User, now: datetime) -> AccountPlan:
    """Take an approved plan up again to change its goals; it has to be approved anew.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: it is not approved.
        Invalid: the reason is missing or too long.
    """
    held = take_plan(plan, actor, states=(PlanState.APPROVED,))
    faults: Faults = {}
    text = checked_text("reason", reason, longest=LONGEST_NOTE, faults=faults, required=True)
    refuse(faults)
    held.state, held.note = PlanState.DRAFT, text
    held.version += 1
    held.save(update_fields=["state", "note", "version"])
    event = PlanReopened(subject=Ref.of(held), chain=held.customer.ref, data=words_of(held, note=text))
    record(event, actor=actor, at=now)
    return held


@transaction.atomic
def close_plan(*, plan: AccountPlan, version: int, result: str, actor: User, now: datetime) -> AccountPlan:
    """Close a year: say what came of the plan; from now on nothing of it changes.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: it is not approved.
        StaleVersion: somebody changed it since.
        Invalid: the result is missing or too long.
    """
    held = take_plan(plan, actor, states=(PlanState.APPROVED,))
    require_version(held, version)
    faults: Faults = {}
    text = checked_text("result", result, longest=LONGEST_RESULT, faults=faults, required=True, lines=True)
    refuse(faults)
    end(held, text, actor=actor, now=now)
    return held


def end(plan: AccountPlan, result: str, *, actor: User, now: datetime) -> None:
    """Close a locked plan with what came of it."""
    plan.state, plan.result = PlanState.CLOSED, result
    plan.closed_at, plan.closed_by = now, actor
    plan.version += 1
    plan.save(update_fields=["state", "result", "closed_at", "closed_by", "version"])
    data = words_of(plan, note=result[:200])
    record(PlanClosed(subject=Ref.of(plan), chain=plan.customer.ref, data=data), actor=actor, at=now)
