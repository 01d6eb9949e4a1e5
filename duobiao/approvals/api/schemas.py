"""Bodies and answers of approvals."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import Field, Schema

from duobiao.approvals.actions.add_approver import Place
from duobiao.approvals.models import ApprovalRequest
from duobiao.approvals.queries.detail import Answer, Detail, StepView, detail_of
from duobiao.approvals.queries.requests import RequestRow
from duobiao.identity.models import User
from duobiao.web.api import StrictSchema

STEP = "Number of the step you saw; another one by now answers 409. Without it your open task is meant."


class NoteIn(StrictSchema):
    """A note."""

    note: str = Field("", max_length=500)


class ActIn(NoteIn):
    """A note, and the step its writer saw."""

    step: int | None = Field(None, ge=1, le=2**31 - 1, description=STEP)


class DecideIn(ActIn):
    """A decision."""

    approved: bool
    note: str = Field("", max_length=500, description="Why; needed to refuse.")


class SendBackIn(ActIn):
    """Where a request goes back to, and why."""

    to: str = Field("", max_length=60, description="Key of a step it has passed; empty: who asked.")
    note: str = Field(min_length=1, max_length=500)


class PersonIn(ActIn):
    """A colleague who takes the task over."""

    to: str = Field(max_length=40, description="Reference of the colleague.")


class AddIn(ActIn):
    """An approver to add."""

    person: str = Field(max_length=40, description="Reference of the colleague.")
    place: Place = Place.PARALLEL


class CopyIn(StrictSchema):
    """Who is kept informed."""

    person: str = Field(max_length=40, description="Reference of the colleague.")


class AmountOut(Schema):
    """An amount of money."""

    amount_minor: int
    currency: str


class RequestLineOut(Schema):
    """A request in a list."""

    id: str
    ref: str
    kind: str
    title: str = Field(description="What is asked for.")
    subject: str = Field(description="Name of what it is about.")
    state: str = Field(description="OPEN, APPROVED, REFUSED or WITHDRAWN.")
    asked_by: str
    asked_at: datetime
    amount: AmountOut | None
    step_name: str = Field(description="Where it stands; empty once it is settled.")
    waits_for: list[str] = Field(description="Names of those asked now.")
    for_whom: str = Field(description="In whose place you are asked; empty for yourself.")
    due_on: date | None

    @classmethod
    def of(cls, row: RequestRow, request: ApprovalRequest) -> "RequestLineOut":
        """Build from a row of the list."""
        return cls(
            id=row.ref,
            ref=row.ref,
            kind=request.matter,
            title=row.headline,
            subject=row.title,
            state=row.state,
            asked_by=request.asked_by.ref,
            asked_at=row.asked_at,
            amount=amount_out(request),
            step_name=row.step,
            waits_for=row.waits_for,
            for_whom=row.for_whom,
            due_on=row.due_on,
        )


class AnswerOut(Schema):
    """One person at a step."""

    who: str
    for_whom: str
    state: str = Field(description="waiting, approved, refused, back or gone.")
    note: str
    at: datetime | None

    @classmethod
    def of(cls, answer: Answer) -> "AnswerOut":
        """Build from a task."""
        return cls(who=answer.who, for_whom=answer.for_whom, state=answer.state, note=answer.note, at=answer.at)


class StepOut(Schema):
    """A step of a request: passed, present, or still to come (number 0)."""

    number: int
    key: str
    name: str
    state: str = Field(description="done, refused, back, skipped, present or coming.")
    rule: str
    due_on: date | None
    answers: list[AnswerOut]

    @classmethod
    def of(cls, step: StepView) -> "StepOut":
        """Build from a drawn step."""
        return cls(
            number=step.number,
            key=step.key,
            name=step.name,
            state=step.state,
            rule=step.rule,
            due_on=step.due_on,
            answers=[AnswerOut.of(answer) for answer in step.answers],
        )


class SubjectOut(Schema):
    """What a request is about."""

    kind: str
    ref: str


class RequestOut(Schema):
    """A request in full."""

    id: str
    ref: str
    kind: str
    title: str
    subject_name: str
    subject: SubjectOut
    state: str = Field(description="OPEN, APPROVED, REFUSED or WITHDRAWN.")
    asked_by: str
    asked_at: datetime
    closed_at: datetime | None
    alone: bool = Field(description="Decided by the only person of the installation.")
    amount: AmountOut | None
    facts: dict[str, Any]
    step: int | None = Field(description="Number of the present step; name it when you decide.")
    steps: list[StepOut]
    copies: list[str]
    may_decide: bool

    @classmethod
    def of(cls, request: ApprovalRequest, reader: User) -> "RequestOut":
        """Build for one reader."""
        detail: Detail = detail_of(request, reader, now=timezone.now())
        present = next((step.number for step in detail.steps if step.state == "present"), None)
        return cls(
            id=request.ref,
            ref=request.ref,
            kind=request.matter,
            title=detail.headline,
            subject_name=request.title,
            subject=SubjectOut(kind=request.subject_kind, ref=request.subject_ref),
            state=request.state,
            asked_by=request.asked_by.ref,
            asked_at=request.asked_at,
            closed_at=request.closed_at,
            alone=request.alone,
            amount=amount_out(request),
            facts=request.facts,
            step=present,
            steps=[StepOut.of(step) for step in detail.steps],
            copies=detail.copies,
            may_decide=detail.may.decide,
        )


def amount_out(request: ApprovalRequest) -> AmountOut | None:
    """Return the amount a request is about."""
    if request.amount_minor is None:
        return None
    return AmountOut(amount_minor=request.amount_minor, currency=request.currency)


class ChainOut(Schema):
    """The chain in force for a kind of request."""

    kind: str
    title: str
    version: int
    shipped: bool
    steps: list[dict[str, Any]]


class ChainIn(StrictSchema):
    """A chain to publish."""

    version: int = Field(ge=1, le=2**31 - 1, description="The version you changed.")
    steps: list[dict[str, Any]] = Field(max_length=12)


class AbsenceIn(StrictSchema):
    """Who decides in my place, and on which days, both inclusive."""

    substitute: str = Field(max_length=40, description="Reference of the colleague.")
    from_on: date
    to_on: date


class AbsenceOut(Schema):
    """A substitution."""

    id: str
    ref: str
    substitute: str
    from_on: date
    to_on: date
    ended_at: datetime | None
