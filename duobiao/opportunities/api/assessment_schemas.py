"""Shapes of the API of assessments and stage history."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from duobiao.opportunities.models import StageChange

Day = date


class AcceptOut(Schema):
    """One kind of evidence that suffices for this deal."""

    evidence: str
    min_grade: str


class ItemOut(Schema):
    """An item and how it stands."""

    stage_number: int
    kind: str
    item: str
    title: str
    gates: bool
    accepts: list[AcceptOut]
    verdict: str
    reason: str
    grade: str | None
    expires_on: Day | None
    proof: str | None


class ConditionOut(Schema):
    """Progress of a group of conditions."""

    met: int
    required: int
    percent: int


class AssessmentOut(Schema):
    """Where a deal stands on a day."""

    ref: str
    on: Day
    stage_number: int
    stage: str | None
    state: str
    completed_stage: int
    rate_percent: int
    buyer_stage_number: int
    lag: int | None
    verdict: str
    settled_through: int
    purchase_method: str
    reassess_on: Day | None
    items: list[ItemOut]
    conditions: dict[str, ConditionOut]


class StageChangeOut(Schema):
    """A change of place and its cause."""

    sequence: int
    at: datetime
    on: Day
    before: dict[str, Any]
    after: dict[str, Any]
    backward: bool
    cause: str
    cause_ref: str
    actor: str | None

    @classmethod
    def of(cls, change: StageChange) -> "StageChangeOut":
        """Build from a row with its actor loaded."""
        names = {
            "stage_number": "stage",
            "state": "state",
            "completed_stage": "completed",
            "rate_percent": "rate",
            "buyer_stage_number": "buyer",
        }
        return cls(
            sequence=change.sequence,
            at=change.at,
            on=change.on,
            before={out: getattr(change, f"{name}_before") for out, name in names.items()},
            after={out: getattr(change, f"{name}_after") for out, name in names.items()},
            backward=change.is_backward,
            cause=change.cause,
            cause_ref=change.cause_ref,
            actor=change.actor.ref if change.actor else None,
        )
