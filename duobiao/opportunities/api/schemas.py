"""Shapes of the API of deals."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import BeforeValidator

from duobiao.identity.api_support import MoneyIn, MoneyOut, StrictSchema
from duobiao.opportunities.models import (
    REASONS,
    Channel,
    DealRole,
    Grade,
    Opportunity,
    ParticipantRole,
    Proof,
    PurchaseMethod,
    Waiver,
    WaiverDecision,
)
from duobiao.opportunities.queries.give_up import CHOSEN

GRADES = {grade.name: grade for grade in Grade}


def read_grade(value: object) -> object:
    """Read a grade by name or number.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, str) and value.upper() in GRADES:
        return int(GRADES[value.upper()])
    if isinstance(value, int) and not isinstance(value, bool) and value in Grade.values:
        return value
    raise ValueError(_("must be one of %(names)s") % {"names": ", ".join(GRADES)})


def read_code(value: object) -> object:
    """Read a code regardless of case."""
    return value.upper() if isinstance(value, str) else value


def coded(*names: str) -> dict[str, Any]:
    """Document the codes of a field; the action refuses others and lists these."""
    return {"enum": sorted(set(names)), "type": "string"}


GradeIn = Annotated[int, BeforeValidator(read_grade), Field(json_schema_extra=coded(*GRADES))]
Code = Annotated[str, BeforeValidator(read_code), Field(max_length=40)]
MethodCode = Annotated[Code, Field(json_schema_extra=coded(*PurchaseMethod.values))]
ChannelCode = Annotated[Code, Field(json_schema_extra=coded("", *Channel.values))]
OutcomeCode = Annotated[Code, Field(json_schema_extra=coded(*REASONS))]
DealRoleCode = Annotated[Code, Field(json_schema_extra=coded(*DealRole.values))]
PartCode = Annotated[Code, Field(json_schema_extra=coded(*ParticipantRole.values))]
FateCode = Annotated[Code, Field(json_schema_extra=coded(*CHOSEN))]
Day = date
REASONS_TEXT = "; ".join(f"{outcome}: {', '.join(reasons)}" for outcome, reasons in REASONS.items())


class OpportunityIn(StrictSchema):
    """A new deal."""

    name: str = Field(max_length=160, min_length=1)
    customer: str = Field(description="Reference of a customer you may see.", max_length=40)
    amount: MoneyIn | None = None
    playbook: str = Field("project-sales-8", max_length=60)
    purchase_method: MethodCode = "UNKNOWN"
    owner: str | None = Field(None, max_length=40)
    expected_close_on: Day | None = None
    bid_deadline_at: datetime | None = None
    product: str | None = Field(None, max_length=40)
    source: str = Field("", max_length=60)
    description: str = Field("", max_length=4000)


class OpportunityPatch(StrictSchema):
    """Fields to change; what is left out stays."""

    version: int = Field(ge=1, le=2**31 - 1)
    name: str | None = Field(None, max_length=160)
    amount: MoneyIn | None = None
    expected_close_on: Day | None = None
    bid_deadline_at: datetime | None = None
    product: str | None = Field(None, max_length=40)
    source: str | None = Field(None, max_length=60)
    description: str | None = Field(None, max_length=4000)


class OpportunityOut(Schema):
    """A deal and where it stands."""

    ref: str
    name: str
    customer: str
    customer_name: str
    owner: str
    owner_name: str
    amount: MoneyOut | None
    expected_close_on: Day | None
    bid_deadline_at: datetime | None
    product: str | None
    source: str
    description: str
    playbook: str
    playbook_version: int
    purchase_method: str
    outcome: str
    closed_on: Day | None
    close_reason: str
    outcome_unproved: bool
    stage_number: int
    state: str
    completed_stage: int
    rate_percent: int
    buyer_stage_number: int
    lag: int | None
    verdict: str
    risk: str
    gate_mark: str = Field(description="HOLD or STOP where a gate review says so, else empty.")
    settled_through: int
    claimed_stage: int | None
    opened_on: Day
    created_at: datetime
    version: int

    @classmethod
    def of(cls, deal: Opportunity) -> "OpportunityOut":
        """Build from a row with customer, owner, product and playbook loaded."""
        same = {name: getattr(deal, name) for name in cls.model_fields if name not in cls.renamed()}
        return cls(
            **same,
            customer=deal.customer.ref,
            customer_name=deal.customer.name,
            owner=deal.owner.ref,
            owner_name=deal.owner.name,
            amount=MoneyOut.of(deal.amount),
            product=deal.product.ref if deal.product else None,
            playbook=deal.playbook.key,
            playbook_version=deal.playbook.version,
            buyer_stage_number=deal.buyer_stage,
            verdict=deal.lag_verdict,
        )

    @staticmethod
    def renamed() -> set[str]:
        """Return the fields that are not columns of the same name."""
        return {
            "customer",
            "customer_name",
            "owner",
            "owner_name",
            "amount",
            "product",
            "playbook",
            "playbook_version",
            "buyer_stage_number",
            "verdict",
        }


class ProofIn(StrictSchema):
    """A proof; the grade kept is what the support shows."""

    key: str = Field(max_length=60)
    grade: GradeIn
    happened_on: Day
    quote: str = Field("", max_length=4000)
    contact: str | None = Field(None, max_length=40)
    channel: ChannelCode = ""
    documents: list[str] = Field(default_factory=list, max_length=20)
    valid_until: Day | None = None
    method: Code = ""


class ProofOut(Schema):
    """A proof as kept."""

    id: str
    ref: str
    key: str
    grade_claimed: str
    grade_recorded: str
    note: str = Field("", description="Why less than the claimed grade was kept.")
    happened_on: Day
    valid_until: Day | None
    quote: str
    contact: str | None
    channel: str
    method: str
    documents: list[str]
    source: str
    known_at: datetime
    recorded_at: datetime
    recorded_by: str | None
    unverified: bool
    retracted_on: Day | None
    retraction_reason: str | None

    @classmethod
    def of(cls, proof: Proof, *, note: str = "") -> "ProofOut":
        """Build from a row with contact, author, documents and retraction loaded."""
        retraction = getattr(proof, "retraction", None) if proof.retracted_on else None
        return cls(
            id=proof.ref,
            ref=proof.ref,
            key=proof.key,
            grade_claimed=Grade(proof.grade_claimed).name,
            grade_recorded=Grade(proof.grade).name,
            note=note,
            happened_on=proof.happened_on,
            valid_until=proof.valid_until,
            quote=proof.quote,
            contact=proof.contact.ref if proof.contact else None,
            channel=proof.channel,
            method=proof.method,
            documents=[document.ref for document in proof.documents.all()],
            source=f"{proof.source_kind}:{proof.source_ref}" if proof.source_kind else "",
            known_at=proof.known_at,
            recorded_at=proof.recorded_at,
            recorded_by=proof.recorded_by.ref if proof.recorded_by else None,
            unverified=proof.is_unverified,
            retracted_on=proof.retracted_on,
            retraction_reason=retraction.reason if retraction else None,
        )


class ReasonIn(StrictSchema):
    """Why."""

    reason: str = Field(max_length=500)


class MethodIn(StrictSchema):
    """A fact about the purchase method."""

    method: MethodCode
    happened_on: Day
    quote: str = Field("", max_length=4000)
    grade: GradeIn = 2
    contact: str | None = Field(None, max_length=40)
    channel: ChannelCode = ""
    documents: list[str] = Field(default_factory=list, max_length=20)


class WaiverIn(StrictSchema):
    """A request for a waiver."""

    item: str = Field(max_length=20)
    reason: str = Field(max_length=500)
    expires_on: Day


class DecisionIn(StrictSchema):
    """A decision on a pending waiver."""

    approved: bool
    note: str = Field("", max_length=500)


class WaiverOut(Schema):
    """A waiver and its fate."""

    id: str
    ref: str
    item: str
    reason: str
    expires_on: Day
    status: str = Field(description="PENDING, ACTIVE, REFUSED, ENDED or EXPIRED.")
    asked_by: str
    asked_at: datetime
    approved_on: Day | None
    approved_by: str | None
    ended_on: Day | None

    @classmethod
    def of(cls, waiver: Waiver, *, today: Day) -> "WaiverOut":
        """Build from a row; reads its decisions."""
        decisions = list(waiver.decisions.select_related("decided_by").order_by("decided_at", "id"))
        approval = next((d for d in decisions if d.decision == WaiverDecision.Kind.APPROVED), None)
        return cls(
            id=waiver.ref,
            ref=waiver.ref,
            item=waiver.item,
            reason=waiver.reason,
            expires_on=waiver.expires_on,
            status=waiver_status(waiver, today=today, last=decisions[-1].decision if decisions else ""),
            asked_by=waiver.asked_by.ref,
            asked_at=waiver.asked_at,
            approved_on=waiver.approved_on,
            approved_by=approval.decided_by.ref if approval else None,
            ended_on=waiver.ended_on,
        )


def waiver_status(waiver: Waiver, *, today: Day, last: str) -> str:
    """Return what has become of a waiver.

    Args:
        last: The last decision on it.
    """
    if waiver.is_pending:
        return "PENDING"
    if waiver.ended_on is not None:
        return "REFUSED" if last == WaiverDecision.Kind.REFUSED else "ENDED"
    return "ACTIVE" if today <= waiver.expires_on else "EXPIRED"


class CloseIn(StrictSchema):
    """How a deal ended."""

    outcome: OutcomeCode
    reason: str = Field("", max_length=200, description=f"One of the codes; free words for WON. {REASONS_TEXT}")
    on: Day
    note: str = Field("", max_length=1000)


class GiveUpIn(StrictSchema):
    """Why a deal should be given up."""

    reason: str = Field(max_length=24, description="One of the codes of GIVEN_UP.")
    alternatives: str = Field(min_length=1, max_length=1000, description="What was tried instead.")
    note: str = Field("", max_length=1000, description="What we learn from it.")
    change_mind: str = Field("", max_length=1000, description="What would let us take it up again.")
    look_again_on: Day | None = Field(None, description="Day on which the owner is told to look again.")
    fates: dict[str, FateCode] = Field(
        default_factory=dict,
        description="What became of the proposals that the records do not settle, by item; else NOT_TRIED.",
    )


class GiveUpOut(Schema):
    """What became of the request."""

    approval: str = Field(description="Reference of the request for approval.")
    opportunity: OpportunityOut


class HandoverIn(StrictSchema):
    """The new owner."""

    to: str = Field(max_length=40, description="Reference of the new owner.")
    note: str = Field("", max_length=500)


class TeamIn(StrictSchema):
    """A colleague and what they do on the deal."""

    user: str = Field(max_length=40)
    role: DealRoleCode


class TeamOut(Schema):
    """A colleague on the deal."""

    user: str
    name: str
    role: str


class ParticipantIn(StrictSchema):
    """A company and its part in the project."""

    customer: str = Field(max_length=40)
    role: PartCode
    note: str = Field("", max_length=200)


class ParticipantOut(Schema):
    """A company that takes part in the project."""

    customer: str
    name: str
    role: str
    note: str
