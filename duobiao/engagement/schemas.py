"""Shapes of the API of calls and visits."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AwareDatetime, BeforeValidator

from duobiao.engagement.models import Call, Visit
from duobiao.identity.api_support import MoneyIn, StrictSchema
from duobiao.kernel.money import Money


def read_code(value: object) -> object:
    """Read a code regardless of case."""
    return value.upper() if isinstance(value, str) else value


Code = Annotated[str, BeforeValidator(read_code), Field(max_length=20)]
Named = Annotated[str, Field(max_length=40)]
Short = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=2000)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ContactPlanIn(StrictSchema):
    """How often a person is spoken to."""

    every_days: int = Field(ge=1, le=366, strict=True)
    aim: str = Field("", max_length=200)
    version: Version | None = Field(None, description="Of the running plan you saw; leave out where there was none.")


class ContactPlanOut(Schema):
    """A running contact plan."""

    contact: str
    customer: str
    every_days: int
    aim: str
    last_on: date | None
    due_on: date
    late_days: int = Field(description="Days since it was due; negative while that lies ahead.")
    version: int


class NewDealIn(StrictSchema):
    """A deal to open from the call."""

    name: str = Field(min_length=1, max_length=160)
    amount: MoneyIn | None = None

    def money(self) -> Money | None:
        """Return the amount."""
        return self.amount.money() if self.amount else None


class NewContactIn(StrictSchema):
    """A person spoken to for the first time."""

    name: str = Field(min_length=1, max_length=60)
    position: str = Field("", max_length=60)
    mobile: str = Field("", max_length=40)


class CallFields(StrictSchema):
    """What a call says; what is left out keeps its default, or on a correction its value."""

    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    result: Code | None = Field(None, description="SPOKE, CALL_BACK, NO_ANSWER or WRONG.")
    purposes: list[Code] | None = Field(None, max_length=4)
    was_handler: bool | None = Field(None, description="Left out: as known of the contact.")
    introduced_us: bool | None = None
    opened_with_consent: bool | None = None
    problem: Long | None = None
    problem_since: Short | None = None
    tried: Short | None = None
    tried_result: Short | None = None
    need_kind: Code | None = Field(None, description="EXPLICIT or HIDDEN.")
    interest: int | None = Field(None, ge=1, le=5)
    attitude: Code | None = Field(None, description="POSITIVE, NEUTRAL or PASSIVE.")
    reason_given: bool | None = None
    pitched: bool | None = None
    let_customer_find: bool | None = None
    benefit_shown: bool | None = None
    meeting_at: AwareDatetime | None = None
    meeting_place: str | None = Field(None, max_length=200)
    meeting_topic: str | None = Field(None, max_length=200)
    meeting_people: Short | None = None
    meeting_preparation: Long | None = None
    meeting_contacts: list[Named] | None = Field(None, max_length=40)
    next_step: Short | None = None
    is_a_class: bool | None = None
    notes: str | None = Field(None, max_length=4000)


class CallIn(CallFields):
    """A call to log: give ``contact``, or ``customer`` with ``new_contact``."""

    contact: Named | None = None
    customer: Named | None = None
    new_contact: NewContactIn | None = None
    opportunity: Named | None = None
    deal: NewDealIn | None = Field(None, description="Opens a deal from this call.")


class CallPatch(CallFields):
    """Fields to correct; what is left out stays."""

    version: Version
    contact: Named | None = None
    opportunity: Named | None = None


class WithdrawIn(StrictSchema):
    """Why a call is withdrawn."""

    reason: str = Field(min_length=1, max_length=240)
    version: Version | None = None


class AgreementIn(StrictSchema):
    """Who at the customer agreed, and how."""

    contact: Named
    channel: Code = "PHONE"
    handler: bool | None = Field(None, description="Left out: as known of the contact.")


class PlanFields(StrictSchema):
    """The plan of a visit."""

    place: str | None = Field(None, max_length=200)
    topic: str | None = Field(None, max_length=200)
    purposes: list[Code] | None = Field(None, max_length=6)
    other_people: Short | None = None
    preparation: Long | None = None
    contacts: list[Named] | None = Field(None, max_length=40)
    our_people: list[Named] | None = Field(None, max_length=40)


class VisitIn(PlanFields):
    """A visit to plan."""

    planned_at: AwareDatetime
    opportunity: Named | None = None
    customer: Named | None = None
    agreed: AgreementIn | None = None


class RecordFields(StrictSchema):
    """What the record of a visit says."""

    held_on: date | None = None
    face_to_face: bool | None = None
    met: list[Named] | None = Field(None, max_length=40)
    met_others: Short | None = None
    purposes_met: list[Code] | None = Field(None, max_length=6)
    strengths: list[Code] | None = Field(None, max_length=4, description="BRAND, TECHNOLOGY, REFERENCES, DIRECTION.")
    reaction: Long | None = None
    cases: Short | None = None
    trends: Short | None = None
    draft_title: str | None = Field(None, max_length=200)
    draft_version: str | None = Field(None, max_length=40)
    found_handler: Named | None = None
    handler_facts: Long | None = None
    problem: Long | None = None
    impact: Long | None = None
    wanted_by: str | None = Field(None, max_length=120)
    budget_range: str | None = Field(None, max_length=120)
    budget_source: str | None = Field(None, max_length=120)
    purchase_process: Long | None = None
    roles: Long | None = None
    project_lead: str | None = Field(None, max_length=120)
    decision_maker: str | None = Field(None, max_length=120)
    rivals: Long | None = None
    confirmed_by: Named | None = None
    confirmed_channel: Code | None = None
    confirmed_quote: Long | None = None
    requested_by: Named | None = None
    requested_on: date | None = None
    request_channel: Code | None = None
    request_quote: Long | None = None
    solution_scope: Long | None = None
    solution_due_on: date | None = None
    our_promises: Long | None = None
    next_step: Short | None = None
    summary: str | None = Field(None, max_length=4000)


class RecordIn(RecordFields):
    """A visit that took place."""

    version: Version
    held_on: date


class VisitPatch(PlanFields, RecordFields):
    """Fields to correct; with another ``planned_at`` the visit is moved, which asks for a ``reason``."""

    version: Version
    planned_at: AwareDatetime | None = None
    reason: str = Field("", max_length=240)
    agreed: AgreementIn | None = Field(None, description="Who agreed to the new time.")


class CancelIn(StrictSchema):
    """Why a visit is cancelled."""

    reason: str = Field(min_length=1, max_length=240)
    version: Version


class ProvedOut(Schema):
    """A fact that the record proves, and the item it counts for."""

    evidence: str
    item: str | None = Field(description="Null where it counts for no item of this playbook.")
    grade: str
    created: bool = Field(description="False where the same proof was there already.")


class NotProvedOut(Schema):
    """A fact that the record does not prove, and why."""

    evidence: str
    code: str
    why: str


class CallOut(Schema):
    """A call and what it proves."""

    ref: str
    opportunity: str | None
    customer: str
    contact: str
    contact_name: str
    caller: str
    started_at: datetime
    ended_at: datetime | None
    called_on: date
    result: str
    purposes: list[str]
    was_handler: bool | None
    introduced_us: bool
    opened_with_consent: bool | None
    problem: str
    problem_since: str
    tried: str
    tried_result: str
    need_kind: str
    interest: int | None
    attitude: str
    reason_given: bool
    pitched: bool
    let_customer_find: bool
    benefit_shown: bool
    meeting_at: datetime | None
    meeting_place: str
    meeting_topic: str
    meeting_people: str
    meeting_preparation: str
    next_step: str
    is_a_class: bool | None
    notes: str
    visit: str | None
    version: int
    proved: list[ProvedOut] = Field(default_factory=list)
    not_proved: list[NotProvedOut] = Field(default_factory=list)

    @classmethod
    def of(cls, call: Call, *, visit: Visit | None, **judged: Any) -> "CallOut":
        """Build from a row with deal, customer, contact and caller loaded."""
        other = {"opportunity", "customer", "contact", "contact_name", "caller", "visit", "proved", "not_proved"}
        same = {name: getattr(call, name) for name in cls.model_fields if name not in other}
        return cls(
            **same,
            opportunity=call.opportunity.ref if call.opportunity else None,
            customer=call.customer.ref,
            contact=call.contact.ref,
            contact_name=call.contact.name,
            caller=call.caller.ref,
            visit=visit.ref if visit else None,
            **judged,
        )


class VisitOut(Schema):
    """A visit and what it proves."""

    ref: str
    status: str
    opportunity: str | None
    customer: str
    call: str | None
    host: str
    planned_at: datetime
    place: str
    topic: str
    purposes: list[str]
    contacts: list[str]
    our_people: list[str]
    other_people: str
    preparation: str
    agreed_with: str | None
    agreed_with_handler: bool | None
    agreed_on: date | None
    agreed_channel: str
    held_on: date | None
    face_to_face: bool
    met: list[str]
    handler_met: str | None
    met_others: str
    purposes_met: list[str]
    strengths: list[str]
    reaction: str
    cases: str
    trends: str
    draft_title: str
    draft_version: str
    found_handler: str | None
    handler_facts: str
    problem: str
    impact: str
    wanted_by: str
    budget_range: str
    budget_source: str
    purchase_process: str
    roles: str
    project_lead: str
    decision_maker: str
    rivals: str
    confirmed_by: str | None
    confirmed_channel: str
    confirmed_quote: str
    requested_by: str | None
    requested_on: date | None
    request_channel: str
    request_quote: str
    solution_scope: str
    solution_due_on: date | None
    our_promises: str
    next_step: str
    summary: str
    cancel_reason: str
    version: int
    proved: list[ProvedOut] = Field(default_factory=list)
    not_proved: list[NotProvedOut] = Field(default_factory=list)

    @classmethod
    def of(cls, visit: Visit, **judged: Any) -> "VisitOut":
        """Build from a row with its people loaded."""
        links = ("opportunity", "customer", "call", "host", "agreed_with", "handler_met", "found_handler")
        single = (*links, "confirmed_by", "requested_by")
        many = ("contacts", "our_people", "met")
        other = {*single, *many, "status", "proved", "not_proved"}
        same: dict[str, Any] = {name: getattr(visit, name) for name in cls.model_fields if name not in other}
        people: dict[str, Any] = {name: getattr(getattr(visit, name), "ref", None) for name in single}
        groups: dict[str, Any] = {name: sorted(row.ref for row in getattr(visit, name).all()) for name in many}
        return cls(**same, **people, **groups, status=str(visit.status), **judged)
