"""Gate reviews by the API: plan, record, read."""

from collections.abc import Sequence
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Status

from duobiao.identity import policy
from duobiao.identity.api_support import found_or_404
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import deal_of, today
from duobiao.reviews.actions.plan_gate_review import cancel_gate_review, change_gate_review, plan_gate_review
from duobiao.reviews.actions.submit_gate_review import Minutes, Wanted, submit_gate_review
from duobiao.reviews.api.schemas import (
    CancelReviewIn,
    GateRecordIn,
    GateReplyOut,
    GateReviewFull,
    GateReviewIn,
    GateReviewOut,
    GateReviewPut,
    ReviewConditionOut,
    checklist_values,
    review_values,
)
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.approval_requests import request_of
from duobiao.reviews.queries.reviews import (
    MINE,
    checklist_of,
    conditions_in,
    find_review,
    my_reviews,
    replies_of,
    reviews_of,
)

router = Router(tags=["reviews"])
Mine = Annotated[str, Field(max_length=20)]


def _people(request: HttpRequest, refs: Sequence[str], field: str = "people") -> list[User]:
    rows = {user.ref: user for user in User.objects.visible_to(actor_of(request)).filter(ref__in=refs)}
    if len(rows) != len(set(refs)):
        raise Invalid(_("There is no such person."), fields={field: _("unknown")})
    return [rows[ref] for ref in dict.fromkeys(refs)]


def _review(request: HttpRequest, ref: str) -> GateReview:
    return found_or_404(find_review(actor_of(request), ref))


def _full(request: HttpRequest, ref: str) -> GateReviewFull:
    review, on = _review(request, ref), today(request)
    approval = request_of(review)
    return GateReviewFull(
        **review_values(review, on=on),
        **checklist_values(checklist_of(review, on=on)),
        people=[row.user.ref for row in review.attendees.all()],
        minutes=review.minutes,
        note=review.note,
        approval=approval.ref if approval is not None else None,
        submitted_by=review.submitted_by.ref if review.submitted_by is not None else None,
        submitted_at=review.submitted_at,
        replies=[GateReplyOut.of(line) for line in replies_of(review)],
        conditions=[ReviewConditionOut.of(line) for line in conditions_in(review, actor_of(request), on=on)],
    )


@router.get(
    "/opportunities/{ref}/gate-reviews",
    response=list[GateReviewOut],
    operation_id="list_deal_gate_reviews",
    summary="Read the gate reviews of a deal",
)
def get_deal_reviews(request: HttpRequest, ref: str) -> list[GateReviewOut]:
    """Read the reviews of a deal, open ones first, then the newest."""
    on = today(request)
    return [GateReviewOut.of(line.review, on=on) for line in reviews_of(deal_of(request, ref), on=on)]


@router.post(
    "/opportunities/{ref}/gate-reviews",
    response={201: GateReviewFull},
    operation_id="plan_gate_review",
    summary="Plan a gate review",
)
def post_review(request: HttpRequest, ref: str, payload: GateReviewIn) -> Status[GateReviewFull]:
    """Plan a review at a control point."""
    deal, actor = deal_of(request, ref), actor_of(request)
    policy.require(actor, "reviews.plan", deal)
    corrects = GateReview.objects.filter(opportunity=deal, ref=payload.corrects).first() if payload.corrects else None
    if payload.corrects and corrects is None:
        raise Invalid(_("There is no such record."), fields={"corrects": _("unknown")})
    review = plan_gate_review(
        opportunity=deal,
        gate=payload.gate,
        planned_on=payload.planned_on,
        people=_people(request, payload.people),
        corrects=corrects,
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, _full(request, review.ref))


@router.get(
    "/gate-reviews", response=list[GateReviewOut], operation_id="list_gate_reviews", summary="Read gate reviews"
)
def get_reviews(request: HttpRequest, mine: Mine = "upcoming") -> list[GateReviewOut]:
    """Read at most 50 reviews: ``mine`` is ``upcoming``, ``waiting`` (for approval) or ``all``."""
    actor, on = actor_of(request), today(request)
    policy.require(actor, "reviews.view")
    if mine not in MINE:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(MINE)}
        raise Invalid(message, fields={"mine": message})
    return [GateReviewOut.of(line.review, on=on) for line in my_reviews(actor, mine, on=on)]


@router.get(
    "/gate-reviews/{ref}", response=GateReviewFull, operation_id="get_gate_review", summary="Read a gate review"
)
def get_review(request: HttpRequest, ref: str) -> GateReviewFull:
    """Read a review with checklist, replies, conditions and minutes; the checklist is frozen once it was recorded."""
    return _full(request, ref)


@router.put(
    "/gate-reviews/{ref}", response=GateReviewFull, operation_id="change_gate_review", summary="Move a gate review"
)
def put_review(request: HttpRequest, ref: str, payload: GateReviewPut) -> GateReviewFull:
    """Move a planned review, or change who takes part."""
    review, actor = _review(request, ref), actor_of(request)
    policy.require(actor, "reviews.plan", review.opportunity)
    change_gate_review(
        review=review,
        version=payload.version,
        planned_on=payload.planned_on,
        people=_people(request, payload.people),
        actor=actor,
        now=timezone.now(),
    )
    return _full(request, ref)


@router.post(
    "/gate-reviews/{ref}/cancel",
    response=GateReviewFull,
    operation_id="cancel_gate_review",
    summary="Call a gate review off",
)
def post_cancel(request: HttpRequest, ref: str, payload: CancelReviewIn) -> GateReviewFull:
    """Call a planned review off."""
    review = _review(request, ref)
    cancel_gate_review(review=review, reason=payload.reason, actor=actor_of(request), now=timezone.now())
    return _full(request, ref)


@router.post(
    "/gate-reviews/{ref}/record",
    response={200: GateReviewFull, 202: GateReviewFull},
    operation_id="submit_gate_review",
    summary="Record a gate review",
)
def post_record(request: HttpRequest, ref: str, payload: GateRecordIn) -> Status[GateReviewFull]:
    """Record what was decided: 200 when it is in force, 202 while it waits for approval."""
    review, actor = _review(request, ref), actor_of(request)
    policy.require(actor, "reviews.plan", review.opportunity)
    owners = {user.ref: user for user in _people(request, [row.owner for row in payload.conditions], "conditions")}
    planned = [row.user for row in review.attendees.all()]
    held = Minutes(
        held_on=payload.held_on,
        decision=payload.decision,
        reason=payload.reason,
        minutes=payload.minutes,
        replies={row.question: {"reply": row.reply, "note": row.note} for row in payload.replies},
        conditions=[Wanted(row.text, owners[row.owner], row.due_on) for row in payload.conditions],
        people=_people(request, payload.people) if payload.people else planned,
    )
    submit_gate_review(review=review, version=payload.version, held=held, actor=actor, now=timezone.now())
    found = _full(request, ref)
    return Status(202 if found.state == "SUBMITTED" else 200, found)
