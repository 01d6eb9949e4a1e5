"""Contingency plans of a deal."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.api.common import deal_of
from duobiao.opportunities.api.schemas import Code, coded
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.signal_words import shipped_rules
from duobiao.strategy.actions.advance_plan import advance_plan
from duobiao.strategy.actions.prepare_plan import edit_plan, prepare_plan
from duobiao.strategy.models import ContingencyPlan, PlanState
from duobiao.strategy.queries.templates import template_for, template_keys

router = Router()
Day = date


class PlanTexts(StrictSchema):
    """What a plan says."""

    trigger: str = Field(max_length=500)
    plan: str = Field(max_length=2000)
    owner: str = Field(max_length=40, description="Who does it: the owner of the deal or somebody on its team.")
    due_on: Day


class PlanIn(PlanTexts):
    """A plan for a risk."""

    rule: str = Field(max_length=40, json_schema_extra=coded(*shipped_rules()))


class PlanPut(PlanTexts):
    """A plan changed."""

    version: int = Field(ge=1, le=2**31 - 1)


class AdvanceIn(StrictSchema):
    """The next step of a plan."""

    state: Code = Field(json_schema_extra=coded(PlanState.ACTIVATED, PlanState.DONE))
    note: str = Field("", max_length=500)


class PlanStepOut(Schema):
    """A step a plan took."""

    state: str
    note: str
    at: datetime
    by: str | None


class PlanOut(Schema):
    """A plan as kept, with its steps."""

    ref: str
    rule: str
    trigger: str
    plan: str
    owner: str
    due_on: Day
    state: str
    version: int
    steps: list[PlanStepOut]


class TemplateOut(Schema):
    """A plan to start from."""

    rule: str
    title: str
    trigger: str
    plan: str
    origin: str


def plan_out(plan: ContingencyPlan) -> PlanOut:
    """Return a plan as the API shows it."""
    names = ("ref", "rule", "trigger", "plan", "due_on", "state", "version")
    steps = [
        PlanStepOut(state=step.state, note=step.note, at=step.at, by=step.by.ref if step.by else None)
        for step in sorted(plan.steps.all(), key=lambda step: (step.at, step.pk))
    ]
    return PlanOut(**{name: getattr(plan, name) for name in names}, owner=plan.owner.ref, steps=steps)


def _plan(deal: Opportunity, ref: str) -> ContingencyPlan:
    rows = ContingencyPlan.objects.filter(opportunity=deal, ref=ref)
    plan = rows.select_related("owner", "opportunity__owner").first()
    if plan is None:
        raise NotFound(_("There is no such record."))
    return plan


def _values(request: HttpRequest, payload: PlanTexts) -> dict[str, Any]:
    actor = actor_of(request)
    owner = user_by_ref(actor, payload.owner, field="owner")
    return {"texts": {"trigger": payload.trigger, "plan": payload.plan}, "owner": owner, "due_on": payload.due_on}


@router.get(
    "/contingency-templates",
    response=list[TemplateOut],
    operation_id="list_contingency_templates",
    summary="Read the templates of plans",
)
def get_templates(request: HttpRequest) -> list[TemplateOut]:
    """Read the templates of contingency plans, by the risk signal they answer."""
    actor_of(request)
    found = [template_for(key) for key in template_keys()]
    names = ("rule", "title", "trigger", "plan", "origin")
    return [TemplateOut(**{name: getattr(row, name) for name in names}) for row in found if row is not None]


@router.get(
    "/opportunities/{ref}/contingency-plans",
    response=list[PlanOut],
    operation_id="list_contingency_plans",
    summary="Read the contingency plans",
)
def get_plans(request: HttpRequest, ref: str) -> list[PlanOut]:
    """Read the plans of a deal, the earliest due first."""
    rows = deal_of(request, ref).contingency_plans.select_related("owner").prefetch_related("steps__by")
    return [plan_out(row) for row in rows.order_by("due_on", "pk")]


@router.post(
    "/opportunities/{ref}/contingency-plans",
    response={201: PlanOut},
    operation_id="prepare_plan",
    summary="Prepare a contingency plan",
)
def post_plan(request: HttpRequest, ref: str, payload: PlanIn) -> Status[PlanOut]:
    """Prepare a plan for a risk."""
    deal, actor = deal_of(request, ref), actor_of(request)
    require(actor, "strategy.plan", deal)
    values = _values(request, payload)
    plan = prepare_plan(opportunity=deal, rule=payload.rule, **values, actor=actor, now=timezone.now())
    return Status(201, plan_out(plan))


@router.put(
    "/opportunities/{ref}/contingency-plans/{plan_ref}",
    response=PlanOut,
    operation_id="edit_plan",
    summary="Change a contingency plan",
)
def put_plan(request: HttpRequest, ref: str, plan_ref: str, payload: PlanPut) -> PlanOut:
    """Change a plan that is not done."""
    deal, actor = deal_of(request, ref), actor_of(request)
    plan = _plan(deal, plan_ref)
    require(actor, "strategy.plan", deal)
    values = _values(request, payload)
    return plan_out(edit_plan(plan=plan, version=payload.version, **values, actor=actor, now=timezone.now()))


@router.post(
    "/opportunities/{ref}/contingency-plans/{plan_ref}/advance",
    response=PlanOut,
    operation_id="advance_plan",
    summary="Take a contingency plan one step on",
)
def post_advance(request: HttpRequest, ref: str, plan_ref: str, payload: AdvanceIn) -> PlanOut:
    """Activate a plan, or note that it is done."""
    plan = _plan(deal_of(request, ref), plan_ref)
    actor = actor_of(request)
    return plan_out(advance_plan(plan=plan, state=payload.state, note=payload.note, actor=actor, now=timezone.now()))
