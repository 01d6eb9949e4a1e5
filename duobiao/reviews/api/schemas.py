"""Shapes of the API of gate reviews."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.identity.api_support import StrictSchema
from duobiao.opportunities.actions.add_task import LONGEST
from duobiao.opportunities.api.schemas import Code, coded
from duobiao.playbooks.domain.model import Gate
from duobiao.reviews.domain.gates import Reply
from duobiao.reviews.models import Decision, GateReview, ReviewState
from duobiao.reviews.models.review import LONG
from duobiao.reviews.queries.checklist import CheckLine, Checklist, RiskNote
from duobiao.reviews.queries.reviews import ConditionLine, ReplyLine

GateCode = Annotated[Code, Field(json_schema_extra=coded(*Gate))]
DecisionCode = Annotated[Code, Field(json_schema_extra=coded(*Decision.values))]
ReplyCode = Annotated[Code, Field(json_schema_extra=coded(*Reply))]
Person = Annotated[str, Field(max_length=40)]
Day = date


class GateReviewIn(StrictSchema):
    """A review to be held."""

    gate: GateCode
    planned_on: Day
    people: list[Person] = Field(min_length=1, max_length=30, description="References of colleagues who take part.")
    corrects: str = Field("", max_length=40, description="A decided review of the same gate that this one replaces.")


class GateReviewPut(StrictSchema):
    """A plan changed."""

    version: int = Field(ge=1, le=2**31 - 1)
    planned_on: Day
    people: list[Person] = Field(min_length=1, max_length=30)


class CancelReviewIn(StrictSchema):
    """Why a review is called off."""

    reason: str = Field(max_length=500)


class GateReplyIn(StrictSchema):
    """The reply to one question; a no needs a note."""

    question: str = Field(max_length=40)
    reply: ReplyCode
    note: str = Field("", max_length=500)


class ReviewConditionIn(StrictSchema):
    """Something to be done by a day."""

    text: str = Field(min_length=1, max_length=LONGEST)
    owner: Person
    due_on: Day


class GateRecordIn(StrictSchema):
    """What came of a review; its decision goes to those who approve it."""

    version: int = Field(ge=1, le=2**31 - 1)
    held_on: Day
    decision: DecisionCode
    reason: str = Field(max_length=LONG)
    minutes: str = Field("", max_length=LONG)
    replies: list[GateReplyIn] = Field(default_factory=list, max_length=40)
    conditions: list[ReviewConditionIn] = Field(default_factory=list, max_length=20)
    people: list[Person] = Field(default_factory=list, max_length=30, description="Who took part; else as planned.")


class GateItemOut(Schema):
    """One item as it stood."""

    item: str
    stage: int
    group: str = Field(description="gate, owed (an earlier stage lacks it) or condition (does not gate).")
    title: str
    verdict: str
    grade: int
    needed: int
    evidence: str
    on: Day | None
    until: Day | None
    proves: bool

    @classmethod
    def of(cls, line: CheckLine) -> "GateItemOut":
        """Build from what the page shows."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class GateRiskOut(Schema):
    """One risk signal as it stood."""

    level: str
    title: str
    reason: str

    @classmethod
    def of(cls, note: RiskNote) -> "GateRiskOut":
        """Build from what the page shows."""
        return cls(level=note.level, title=note.title, reason=note.reason)


class GateReplyOut(Schema):
    """A question of the control point with its reply, "" while it is open."""

    question: str
    title: str
    reply: str
    note: str

    @classmethod
    def of(cls, line: ReplyLine) -> "GateReplyOut":
        """Build from what the page shows."""
        return cls(question=line.key, title=line.title, reply=line.reply, note=line.note)


class ReviewConditionOut(Schema):
    """A condition as it was decided, and how it stands."""

    ref: str
    text: str
    owner: str
    due_on: Day
    state: str = Field(description="open, overdue, done or dropped as its task is; pending until approved.")
    task: str | None = Field(description="The task of the deal it is since the decision is in force.")

    @classmethod
    def of(cls, line: ConditionLine) -> "ReviewConditionOut":
        """Build from what the page shows."""
        row = line.condition
        same = {name: getattr(row, name) for name in ("ref", "text", "due_on")}
        return cls(**same, owner=row.owner.ref, state=line.state, task=row.task.ref if row.task is not None else None)


class GateReviewOut(Schema):
    """A review in a list."""

    ref: str
    deal: str
    gate: str
    stage: int
    item: str
    state: str
    decision: str
    reason: str
    planned_on: Day
    held_on: Day | None
    settled_on: Day | None
    settled_by: str | None
    corrects: str | None
    late: bool
    version: int

    @classmethod
    def of(cls, review: GateReview, *, on: Day) -> "GateReviewOut":
        """Build from a row with deal and people loaded."""
        return cls(**review_values(review, on=on))


class GateReviewFull(GateReviewOut):
    """A review with all that its page shows."""

    people: list[str]
    minutes: str
    note: str
    approval: str | None = Field(description="Reference of the request for approval.")
    submitted_by: str | None
    submitted_at: datetime | None
    met: int
    required: int
    checklist: list[GateItemOut]
    risks: list[GateRiskOut]
    replies: list[GateReplyOut]
    conditions: list[ReviewConditionOut]


def review_values(review: GateReview, *, on: Day) -> dict[str, Any]:
    """Return what every shape of a review holds."""
    names = ("ref", "gate", "stage", "item", "state", "planned_on", "held_on", "settled_on", "version")
    planned = review.state in (ReviewState.PLANNED, ReviewState.CANCELLED)
    return {
        **{name: getattr(review, name) for name in names},
        "deal": review.opportunity.ref,
        "decision": "" if planned else review.decision,
        "reason": "" if planned else review.reason,
        "settled_by": review.settled_by.ref if review.settled_by is not None else None,
        "corrects": review.corrects.ref if review.corrects is not None else None,
        "late": review.state == ReviewState.PLANNED and review.planned_on < on,
    }


def checklist_values(checklist: Checklist) -> dict[str, Any]:
    """Return the checklist for the full shape."""
    return {
        "met": checklist.met,
        "required": checklist.required,
        "checklist": [GateItemOut.of(line) for line in checklist.lines],
        "risks": [GateRiskOut.of(note) for note in checklist.risks],
    }
