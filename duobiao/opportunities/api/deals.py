"""Deals: open, read, change, close, assess."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Status
from pydantic import BeforeValidator

from duobiao.identity.api_support import PageOut, PageQuery, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.create_opportunity import create_opportunity
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.reopen_opportunity import reopen_opportunity
from duobiao.opportunities.api.assessment_schemas import (
    AcceptOut,
    AssessmentOut,
    ConditionOut,
    ItemOut,
    StageChangeOut,
)
from duobiao.opportunities.api.common import RELATED, customer_named, deal_of, product_named, today
from duobiao.opportunities.api.schemas import (
    CloseIn,
    OpportunityIn,
    OpportunityOut,
    OpportunityPatch,
    ReasonIn,
    read_code,
)
from duobiao.opportunities.models import (
    REASONS,
    CloseReason,
    GateMark,
    LagVerdict,
    Opportunity,
    Outcome,
    PurchaseMethod,
    Risk,
    State,
)
from duobiao.opportunities.queries.explain import Explained, ItemLine, explain
from duobiao.playbooks.domain.model import Kind

router = Router()

UPPER = BeforeValidator(read_code)
GROUPS = {"process": Kind.P, "relationship": Kind.R, "information": Kind.INFORMATION}


class OpportunityQuery(PageQuery):
    """Filters of the list."""

    outcome: Annotated[Outcome, UPPER] | None = None
    stage_number: int | None = Field(None, ge=0, le=8)
    state: Annotated[State, UPPER] | None = None
    verdict: Annotated[LagVerdict, UPPER] | None = None
    risk: Annotated[Risk, UPPER] | None = None
    gate_mark: Annotated[GateMark, UPPER] | None = Field(None, description="What a gate review asks for.")
    purchase_method: Annotated[PurchaseMethod, UPPER] | None = None
    playbook: str | None = Field(None, max_length=60, description="Key of a playbook, whatever its version.")
    playbook_version: int | None = Field(None, ge=1, le=2**31 - 1)
    owner: str | None = Field(None, max_length=40)
    customer: str | None = Field(None, max_length=40)
    name: str | None = Field(None, max_length=160, description="Part of the name.")
    sort: str = Field("-created_at", pattern=r"^-?(created_at|opened_on|stage_number|rate_percent|name)$")


def _filtered(rows: QuerySet[Opportunity], filters: OpportunityQuery) -> QuerySet[Opportunity]:
    wanted = {
        "outcome": filters.outcome,
        "stage_number": filters.stage_number,
        "state": filters.state,
        "lag_verdict": filters.verdict,
        "risk": filters.risk,
        "gate_mark": filters.gate_mark,
        "purchase_method": filters.purchase_method,
        "playbook__key": filters.playbook,
        "playbook__version": filters.playbook_version,
        "owner__ref": filters.owner,
        "customer__ref": filters.customer,
        "name__icontains": filters.name,
    }
    return rows.filter(**{lookup: value for lookup, value in wanted.items() if value is not None})


@router.get("/opportunities", response=PageOut[OpportunityOut], operation_id="list_opportunities", summary="List deals")
def list_opportunities(request: HttpRequest, filters: Query[OpportunityQuery]) -> PageOut[OpportunityOut]:
    """List the deals you may see, newest first."""
    rows = _filtered(Opportunity.objects.visible_to(actor_of(request)).select_related(*RELATED), filters)
    page = page_of(rows, page=filters, sort=filters.sort)
    return PageOut(items=[OpportunityOut.of(deal) for deal in page.items], next=page.next)


@router.post("/opportunities", response={201: OpportunityOut}, operation_id="create_opportunity", summary="Open a deal")
def post_opportunity(request: HttpRequest, payload: OpportunityIn) -> Status[OpportunityOut]:
    """Open a deal for a customer."""
    actor = actor_of(request)
    require(actor, "opportunities.create")
    deal = create_opportunity(
        name=payload.name,
        customer=customer_named(request, payload.customer),
        amount=payload.amount.money() if payload.amount else None,
        playbook=payload.playbook,
        purchase_method=payload.purchase_method,
        owner=user_by_ref(actor, payload.owner, field="owner") if payload.owner else None,
        values={
            "expected_close_on": payload.expected_close_on,
            "bid_deadline_at": payload.bid_deadline_at,
            "product": product_named(payload.product),
            "source": payload.source,
            "description": payload.description,
        },
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, OpportunityOut.of(deal_of(request, deal.ref)))


@router.get("/opportunities/{ref}", response=OpportunityOut, operation_id="get_opportunity", summary="Read a deal")
def get_opportunity(request: HttpRequest, ref: str) -> OpportunityOut:
    """Read a deal and where it stands today."""
    return OpportunityOut.of(deal_of(request, ref))


@router.patch("/opportunities/{ref}", response=OpportunityOut, operation_id="edit_opportunity", summary="Change a deal")
def patch_opportunity(request: HttpRequest, ref: str, payload: OpportunityPatch) -> OpportunityOut:
    """Change plain fields; where the deal stands follows from evidence alone."""
    given = payload.model_dump(exclude_unset=True)
    given.pop("version")
    if "amount" in given:
        given["amount"] = payload.amount.money() if payload.amount else None
    if "product" in given:
        given["product"] = product_named(payload.product)
    edit_opportunity(
        opportunity=deal_of(request, ref),
        version=payload.version,
        values=given,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return OpportunityOut.of(deal_of(request, ref))


@router.post(
    "/opportunities/{ref}/close", response=OpportunityOut, operation_id="close_opportunity", summary="Close a deal"
)
def post_close(request: HttpRequest, ref: str, payload: CloseIn) -> OpportunityOut:
    """Close a deal: WON with the contract, LOST with a coded reason, GIVEN_UP where you may decide that alone."""
    reason, note = payload.reason.upper(), payload.note
    if payload.outcome == Outcome.WON and reason not in REASONS[Outcome.WON]:
        note = " · ".join(part for part in (payload.reason, note) if part)
        reason = CloseReason.OTHER
    close_opportunity(
        opportunity=deal_of(request, ref),
        outcome=payload.outcome,
        reason=reason,
        on=payload.on,
        note=note,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return OpportunityOut.of(deal_of(request, ref))


@router.post(
    "/opportunities/{ref}/reopen", response=OpportunityOut, operation_id="reopen_opportunity", summary="Reopen a deal"
)
def post_reopen(request: HttpRequest, ref: str, payload: ReasonIn) -> OpportunityOut:
    """Open a closed deal again; takes a manager."""
    reopen_opportunity(
        opportunity=deal_of(request, ref), reason=payload.reason, actor=actor_of(request), now=timezone.now()
    )
    return OpportunityOut.of(deal_of(request, ref))


@router.get(
    "/opportunities/{ref}/assessment",
    response=AssessmentOut,
    operation_id="assess_opportunity",
    summary="Assess a deal on a day",
)
def get_assessment(request: HttpRequest, ref: str, on: date | None = None) -> AssessmentOut:
    """Judge a deal by what was known by the end of a day; today without one."""
    return assessment_out(explain(deal_of(request, ref), on or today(request)))


@router.get(
    "/opportunities/{ref}/history",
    response=list[StageChangeOut],
    operation_id="list_stage_changes",
    summary="Read the stage history",
)
def get_history(request: HttpRequest, ref: str) -> list[StageChangeOut]:
    """Read every change of place, oldest first, with its cause."""
    changes = deal_of(request, ref).stage_changes.select_related("actor").order_by("sequence")
    return [StageChangeOut.of(change) for change in changes]


def assessment_out(explained: Explained) -> AssessmentOut:
    """Return an explained assessment as the API shows it."""
    found = explained.assessment
    groups = {name: explained.condition(kind) for name, kind in GROUPS.items()}
    return AssessmentOut(
        ref=explained.opportunity.ref,
        on=explained.on,
        stage_number=found.stage_number,
        stage=explained.stage.key if explained.stage else None,
        state=str(found.state),
        completed_stage=found.completed_stage,
        rate_percent=found.rate_percent,
        buyer_stage_number=found.buyer_stage,
        lag=found.lag,
        verdict=str(found.verdict),
        settled_through=found.settled_through,
        purchase_method=str(found.method),
        reassess_on=found.reassess_on,
        items=[_item_out(line) for line in explained.items],
        conditions={
            name: ConditionOut(met=group.met, required=group.required, percent=group.percent)
            for name, group in groups.items()
        },
    )


def _item_out(line: ItemLine) -> ItemOut:
    return ItemOut(
        stage_number=line.stage_number,
        kind=line.kind,
        item=line.item,
        title=line.title,
        gates=line.gates,
        accepts=[AcceptOut(evidence=a.evidence, min_grade=a.min_grade.name) for a in line.accepts],
        verdict=str(line.verdict),
        reason=line.reason,
        grade=line.grade.name if line.grade else None,
        expires_on=line.expires_on,
        proof=line.proof_ref or None,
    )
