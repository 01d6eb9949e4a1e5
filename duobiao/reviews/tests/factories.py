"""Plain builders of what tests of gate reviews need."""

from datetime import date, datetime

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import NOW, TODAY
from duobiao.reviews.actions.plan_gate_review import plan_gate_review
from duobiao.reviews.actions.submit_gate_review import Minutes, Wanted, submit_gate_review
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.gates import form_of


def plan(deal: Opportunity, actor: User, gate: str = "ATI", *, now: datetime = NOW, **fields: object) -> GateReview:
    """Plan a review through its action."""
    values = {"planned_on": TODAY, "people": [actor], **fields}
    return plan_gate_review(opportunity=deal, gate=gate, **values, actor=actor, now=now)


def replies(gate: str = "ATI", **no: str) -> dict[str, dict[str, str]]:
    """Answer every question with yes, those named with no and a remark."""
    return {
        question.key: {"reply": "NO", "note": no[question.key]} if question.key in no else {"reply": "YES", "note": ""}
        for question in form_of(gate).questions
    }


def minutes(
    gate: str = "ATI", decision: str = "GO", *, people: list[User], on: date = TODAY, **fields: object
) -> Minutes:
    """Make what came of a review."""
    values = {
        "held_on": on,
        "decision": decision,
        "reason": "值得做",
        "minutes": "逐条看过",
        "replies": replies(gate),
        "conditions": [],
        "people": people,
        **fields,
    }
    return Minutes(**values)


def condition(owner: User, text: str = "补财务批复", due_on: date = TODAY) -> Wanted:
    """Make a condition."""
    return Wanted(text, owner, due_on)


def submit(
    review: GateReview, actor: User, decision: str = "GO", *, now: datetime = NOW, version: int = 0, **fields: object
) -> GateReview:
    """Record a review through its action."""
    fields.setdefault("people", [actor])
    held = minutes(review.gate, decision, **fields)
    review.refresh_from_db()
    return submit_gate_review(review=review, version=version or review.version, held=held, actor=actor, now=now)


def request_of(review: GateReview) -> ApprovalRequest:
    """Return the request to approve a decision."""
    return ApprovalRequest.objects.get(matter="gate_review", subject_ref=review.ref, state="OPEN")


def approve(review: GateReview, actor: User, *, approved: bool = True, note: str = "", now: datetime = NOW) -> None:
    """Approve or refuse a decision through its action."""
    decide(request=request_of(review), approved=approved, note=note, actor=actor, now=now)
    review.refresh_from_db()
