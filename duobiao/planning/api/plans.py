"""Account plans over the API: begin, change, send for approval, close; the budget cycle of a customer."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from duobiao.customers.api.customers import customer_for
from duobiao.identity.api_support import PageOut, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import today
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.draft_plan import choose_deals, draft_plan, edit_plan, set_budget_cycle
from duobiao.planning.actions.settle_plan import close_plan, recall_plan, reopen_plan, submit_plan
from duobiao.planning.api.plan_schemas import (
    AccountPlanDetail,
    AccountPlanIn,
    AccountPlanOut,
    AccountPlanPut,
    BudgetCycleIn,
    BudgetPhaseOut,
    GoalOut,
    PlanCloseIn,
    PlanDateOut,
    PlanDealsIn,
    PlanReasonIn,
    PlansQuery,
    VersionIn,
)
from duobiao.planning.models import AccountPlan
from duobiao.planning.queries.plans import (
    budget_of,
    date_lines,
    deals_of,
    get_plan,
    goal_lines,
    plans_matching,
    request_of,
)

router = Router()


@router.get(
    "/account-plans", response=PageOut[AccountPlanOut], operation_id="list_account_plans", summary="List account plans"
)
def list_plans(request: HttpRequest, query: Query[PlansQuery]) -> dict[str, Any]:
    """List the plans you may see, the latest year first."""
    actor = actor_of(request)
    require(actor, "customers.view")
    rows = plans_matching(actor, year=query.year, state=query.state, mine=query.mine)
    page = page_of(rows, page=query, sort="-year")
    return {"items": [AccountPlanOut.of(row) for row in page.items], "next": page.next}


@router.post(
    "/customers/{ref}/account-plans",
    response={201: AccountPlanDetail},
    operation_id="draft_plan",
    summary="Begin an account plan",
)
def post_plan(request: HttpRequest, ref: str, payload: AccountPlanIn) -> Status[AccountPlanDetail]:
    """Begin the plan of a year; 409 `plan_exists` where the year has one."""
    actor, customer = actor_of(request), customer_for(request, ref)
    made = draft_plan(customer=customer, year=payload.year, aim=payload.aim, actor=actor, now=timezone.now())
    return Status(201, _detail(actor, made.ref, request))


@router.get(
    "/account-plans/{ref}", response=AccountPlanDetail, operation_id="get_account_plan", summary="Read an account plan"
)
def read_plan(request: HttpRequest, ref: str) -> AccountPlanDetail:
    """Read a plan with goals and what was reached, dates, projects, the customer's budget cycle."""
    return _detail(actor_of(request), ref, request)


@router.put(
    "/account-plans/{ref}", response=AccountPlanDetail, operation_id="edit_account_plan", summary="Change the aim"
)
def put_plan(request: HttpRequest, ref: str, payload: AccountPlanPut) -> AccountPlanDetail:
    """Say anew where the account should stand; only of a draft."""
    actor, held = _held(request, ref)
    edit_plan(plan=held, version=payload.version, aim=payload.aim, actor=actor, now=timezone.now())
    return _detail(actor, ref, request)


@router.put(
    "/account-plans/{ref}/opportunities",
    response=AccountPlanDetail,
    operation_id="choose_plan_deals",
    summary="Choose the projects of a plan",
)
def put_deals(request: HttpRequest, ref: str, payload: PlanDealsIn) -> AccountPlanDetail:
    """Let the projects of a plan be exactly these, besides those you may not see."""
    actor, held = _held(request, ref)
    deals = list(Opportunity.objects.visible_to(actor).filter(ref__in=payload.opportunities))
    if len(deals) != len(set(payload.opportunities)):
        message = _("There is no such project.")
        raise Invalid(message, fields={"opportunities": message})
    choose_deals(plan=held, deals=deals, actor=actor, now=timezone.now())
    return _detail(actor, ref, request)


@router.post(
    "/account-plans/{ref}/submit",
    response=AccountPlanDetail,
    operation_id="submit_plan",
    summary="Send a plan for approval",
)
def post_submit(request: HttpRequest, ref: str, payload: VersionIn) -> AccountPlanDetail:
    """Ask for approval; who could decide alone has it approved at once."""
    actor, held = _held(request, ref)
    submit_plan(plan=held, version=payload.version, actor=actor, now=timezone.now())
    return _detail(actor, ref, request)


@router.post(
    "/account-plans/{ref}/recall",
    response=AccountPlanDetail,
    operation_id="recall_plan",
    summary="Withdraw the request for approval",
)
def post_recall(request: HttpRequest, ref: str) -> AccountPlanDetail:
    """Withdraw the request; the plan is a draft again."""
    actor, held = _held(request, ref)
    recall_plan(plan=held, actor=actor, now=timezone.now())
    return _detail(actor, ref, request)


@router.post(
    "/account-plans/{ref}/reopen",
    response=AccountPlanDetail,
    operation_id="reopen_plan",
    summary="Take an approved plan up again",
)
def post_reopen(request: HttpRequest, ref: str, payload: PlanReasonIn) -> AccountPlanDetail:
    """Take an approved plan up again to change its goals."""
    actor, held = _held(request, ref)
    reopen_plan(plan=held, reason=payload.reason, actor=actor, now=timezone.now())
    return _detail(actor, ref, request)


@router.post(
    "/account-plans/{ref}/close", response=AccountPlanDetail, operation_id="close_plan", summary="Close a year"
)
def post_close(request: HttpRequest, ref: str, payload: PlanCloseIn) -> AccountPlanDetail:
    """Close a plan with what came of it."""
    actor, held = _held(request, ref)
    close_plan(plan=held, version=payload.version, result=payload.result, actor=actor, now=timezone.now())
    return _detail(actor, ref, request)


@router.get(
    "/customers/{ref}/budget-cycle",
    response=list[BudgetPhaseOut],
    operation_id="get_budget_cycle",
    summary="Read the budget cycle of a customer",
)
def read_budget(request: HttpRequest, ref: str) -> list[BudgetPhaseOut]:
    """Read in which months a customer does what with its budget."""
    return [BudgetPhaseOut.of(row) for row in budget_of(customer_for(request, ref))]


@router.put(
    "/customers/{ref}/budget-cycle",
    response=list[BudgetPhaseOut],
    operation_id="set_budget_cycle",
    summary="Set the budget cycle of a customer",
)
def put_budget(request: HttpRequest, ref: str, payload: BudgetCycleIn) -> list[BudgetPhaseOut]:
    """Note in which months a customer does what with its budget."""
    customer = customer_for(request, ref)
    phases = {key: (row.first_month, row.last_month) if row else None for key, row in payload.phases.items()}
    set_budget_cycle(customer=customer, phases=phases, actor=actor_of(request), now=timezone.now())
    return [BudgetPhaseOut.of(row) for row in budget_of(customer)]


def _held(request: HttpRequest, ref: str) -> tuple[User, AccountPlan]:
    actor = actor_of(request)
    return actor, get_plan(ref=ref, user=actor)


def _detail(actor: User, ref: str, request: HttpRequest) -> AccountPlanDetail:
    held = get_plan(ref=ref, user=actor)
    request_held = request_of(held)
    rows = held.customer.resources.filter(removed_at__isnull=True).order_by("side", "name", "pk")
    return AccountPlanDetail(
        **AccountPlanOut.of(held).model_dump(),
        goals=[GoalOut.of(line) for line in goal_lines(held, actor)],
        dates=[PlanDateOut.of(line.row) for line in date_lines(held, on=today(request))],
        opportunities=[deal.ref for deal in deals_of(held, actor)],
        budget_cycle=[BudgetPhaseOut.of(row) for row in budget_of(held.customer)],
        resources=[row.ref for row in rows],
        approval=request_held.ref if request_held is not None else None,
    )
