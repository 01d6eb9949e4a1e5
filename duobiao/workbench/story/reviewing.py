"""Do the steps of the story that concern gate reviews: planned, recorded, approved, conditions kept."""

from collections.abc import Callable

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest, RequestState
from duobiao.identity.models import User
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.models import DealTask
from duobiao.reviews.actions.plan_gate_review import plan_gate_review
from duobiao.reviews.actions.submit_gate_review import Minutes, Wanted, submit_gate_review
from duobiao.reviews.domain.gates import Reply
from duobiao.reviews.models import GateReview, ReviewState
from duobiao.reviews.queries.gates import form_of
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Step


def plan(cast: Cast, step: Step) -> None:
    """Plan a review."""
    values = step.values
    plan_gate_review(
        opportunity=cast.deal(step.deal),
        gate=values["gate"],
        planned_on=cast.calendar.day(values["held"]),
        people=[cast.users[name] for name in values["people"]],
        actor=_person(cast, step),
        now=step.at,
    )


def record(cast: Cast, step: Step) -> None:
    """Record what came of the planned review; questions are answered yes but for those under ``lacking``."""
    values = step.values
    planned = GateReview.objects.filter(opportunity=cast.deals[step.deal], state=ReviewState.PLANNED)
    review = planned.get(gate=values["gate"])
    lacking = values.get("lacking", {})
    held = Minutes(
        held_on=step.at.date(),
        decision=values["decision"],
        reason=values["reason"],
        minutes=values.get("minutes", ""),
        replies={
            question.key: {
                "reply": Reply.NO if question.key in lacking else Reply.YES,
                "note": lacking.get(question.key, ""),
            }
            for question in form_of(review.gate).questions
        },
        conditions=[
            Wanted(text, cast.users[owner], cast.calendar.day(due)) for text, owner, due in values.get("conditions", [])
        ],
        people=[row.user for row in review.attendees.select_related("user")],
    )
    submit_gate_review(review=review, version=review.version, held=held, actor=_person(cast, step), now=step.at)


def approve(cast: Cast, step: Step) -> None:
    """Approve the decision of the review that waits."""
    refs = GateReview.objects.filter(opportunity=cast.deals[step.deal]).values("ref")
    rows = ApprovalRequest.objects.filter(matter="gate_review", subject_ref__in=refs, state=RequestState.OPEN)
    decide(request=rows.get(), approved=True, note=step.values.get("note", ""), actor=_person(cast, step), now=step.at)


def keep(cast: Cast, step: Step) -> None:
    """Finish the task that a condition became; it is found by its first words."""
    values = step.values
    rows = DealTask.objects.filter(opportunity=cast.deals[step.deal], source_kind=GateReview.kind)
    task = rows.select_related("owner", "opportunity").get(title__startswith=values["text"])
    finish_task(task=task, result=values["note"], actor=task.owner, now=step.at)


REVIEWING: dict[str, Callable[[Cast, Step], None]] = {
    "plan_gate_review": plan,
    "record_gate_review": record,
    "approve_gate_review": approve,
    "keep_condition": keep,
}


def _person(cast: Cast, step: Step) -> User:
    return cast.users[step.values.get("by") or cast.specs[step.deal]["owner"]]
