"""Goals, milestones and reviews of account plans over the API."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from duobiao.identity.api_support import found_or_404, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.planning.actions.keep_dates import edit_date, finish_date, remove_date, set_date
from duobiao.planning.actions.keep_goals import edit_goal, note_reached, remove_goal, set_goal
from duobiao.planning.api.plan_schemas import (
    GoalIn,
    GoalOut,
    GoalPut,
    PlanDateDoneIn,
    PlanDateIn,
    PlanDateOut,
    PlanDatePut,
    ReachedIn,
)
from duobiao.planning.models import AccountPlan, PlanDate, PlanGoal
from duobiao.planning.queries.plans import get_plan, goal_lines

router = Router()


@router.post("/account-plans/{ref}/goals", response={201: GoalOut}, operation_id="set_goal", summary="Set a goal")
def post_goal(request: HttpRequest, ref: str, payload: GoalIn) -> Status[GoalOut]:
    """Set a goal of a draft."""
    actor = actor_of(request)
    plan = get_plan(ref=ref, user=actor)
    made = set_goal(plan=plan, values=payload.values(), actor=actor, now=timezone.now())
    return Status(201, _goal_out(made, actor))


@router.put("/plan-goals/{ref}", response=GoalOut, operation_id="edit_goal", summary="Change a goal")
def put_goal(request: HttpRequest, ref: str, payload: GoalPut) -> GoalOut:
    """Change a goal of a draft."""
    actor, goal = actor_of(request), _goal(request, ref)
    held = edit_goal(goal=goal, version=payload.version, values=payload.values(), actor=actor, now=timezone.now())
    return _goal_out(held, actor)


@router.post(
    "/plan-goals/{ref}/reached", response=GoalOut, operation_id="note_reached", summary="Note what was reached"
)
def post_reached(request: HttpRequest, ref: str, payload: ReachedIn) -> GoalOut:
    """Note what was reached of a goal that nothing counts."""
    actor, goal = actor_of(request), _goal(request, ref)
    values = payload.model_dump()
    return _goal_out(note_reached(goal=goal, **values, actor=actor, now=timezone.now()), actor)


@router.delete("/plan-goals/{ref}", response={204: None}, operation_id="remove_goal", summary="Take a goal out")
def delete_goal(request: HttpRequest, ref: str) -> Status[None]:
    """Take a goal out of a draft."""
    remove_goal(goal=_goal(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.post(
    "/account-plans/{ref}/dates",
    response={201: PlanDateOut},
    operation_id="set_plan_date",
    summary="Set a milestone or review",
)
def post_date(request: HttpRequest, ref: str, payload: PlanDateIn) -> Status[PlanDateOut]:
    """Set a milestone or a review."""
    actor = actor_of(request)
    plan = get_plan(ref=ref, user=actor)
    made = set_date(plan=plan, values=_date_values(actor, plan, payload), actor=actor, now=timezone.now())
    return Status(201, PlanDateOut.of(made))


@router.put(
    "/plan-dates/{ref}", response=PlanDateOut, operation_id="edit_plan_date", summary="Change a milestone or review"
)
def put_date(request: HttpRequest, ref: str, payload: PlanDatePut) -> PlanDateOut:
    """Change a milestone or review that is still to come."""
    actor, row = actor_of(request), _date(request, ref)
    values = _date_values(actor, row.plan, payload)
    held = edit_date(row=row, version=payload.version, values=values, actor=actor, now=timezone.now())
    return PlanDateOut.of(held)


@router.post(
    "/plan-dates/{ref}/finish",
    response=PlanDateOut,
    operation_id="finish_plan_date",
    summary="Milestone reached, review held",
)
def post_finish(request: HttpRequest, ref: str, payload: PlanDateDoneIn) -> PlanDateOut:
    """Note that a milestone was reached, or what came of a review."""
    actor, row = actor_of(request), _date(request, ref)
    values = payload.model_dump()
    return PlanDateOut.of(finish_date(row=row, **values, actor=actor, now=timezone.now()))


@router.delete(
    "/plan-dates/{ref}", response={204: None}, operation_id="remove_plan_date", summary="Take a milestone or review out"
)
def delete_date(request: HttpRequest, ref: str) -> Status[None]:
    """Take out a milestone or review that is still to come."""
    remove_date(row=_date(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


def _plans(request: HttpRequest) -> QuerySet[AccountPlan, Any]:
    return AccountPlan.objects.visible_to(actor_of(request)).values("pk")


def _goal(request: HttpRequest, ref: str) -> PlanGoal:
    rows = PlanGoal.objects.filter(ref=ref, plan__in=_plans(request)).select_related("plan__customer__owner")
    return found_or_404(rows.first())


def _date(request: HttpRequest, ref: str) -> PlanDate:
    rows = PlanDate.objects.filter(ref=ref, plan__in=_plans(request)).select_related("owner", "plan__customer__owner")
    return found_or_404(rows.first())


def _date_values(actor: User, plan: AccountPlan, payload: PlanDateIn) -> dict[str, Any]:
    require(actor, "customers.edit", plan.customer)
    owner = user_by_ref(actor, payload.owner, field="owner") if payload.owner else None
    return {"what": payload.what, "title": payload.title, "owner": owner, "due_on": payload.due_on}


def _goal_out(goal: PlanGoal, actor: User) -> GoalOut:
    return GoalOut.of(next(line for line in goal_lines(goal.plan, actor) if line.goal.pk == goal.pk))
