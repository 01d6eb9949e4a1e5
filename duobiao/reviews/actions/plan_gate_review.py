"""Plan a gate review, move it, call it off."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.model import Gate
from duobiao.reviews.actions.checks import (
    check_people,
    check_planned,
    refuse,
    require_plan,
    require_reviewable,
    text_in,
)
from duobiao.reviews.events import GateReviewCancelled, GateReviewChanged, GateReviewPlanned
from duobiao.reviews.models import Attendee, GateReview, ReviewState
from duobiao.reviews.models.review import OPEN_STATES
from duobiao.reviews.queries.gates import point_of
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_REASON = 500


class ReviewExists(Conflict):
    """A review of this control point is planned or waits for approval."""

    code = "review_exists"


@transaction.atomic
def plan_gate_review(
    *,
    opportunity: Opportunity,
    gate: str,
    planned_on: date,
    people: Sequence[User],
    corrects: GateReview | None = None,
    actor: User,
    now: datetime,
) -> GateReview:
    """Plan a review; those who take part are told.

    Args:
        gate: ``ATI``, ``ATB``, ``ATC`` or ``ATAC``.
        corrects: An earlier review of the same control point that this one replaces once decided.

    Raises:
        NotAllowed: ``actor`` may not plan reviews on this deal.
        DealClosed: it is over.
        Invalid: a field does not fit.
        ReviewExists: one of this control point is open already.
    """
    policy.require(actor, "reviews.plan", opportunity)
    deal = lock(opportunity)
    faults: dict[str, str] = {}
    if gate not in list(Gate):
        faults["gate"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Gate)}
    elif corrects is not None:
        _check_correction(deal, corrects, gate, faults)
    check_planned(planned_on, today=own_day(actor, now), faults=faults)
    check_people(people, faults)
    refuse(faults)
    require_reviewable(deal, gate)
    review = _create(deal, gate=gate, planned_on=planned_on, corrects=corrects, actor=actor, now=now)
    Attendee.objects.bulk_create(Attendee(review=review, user=person) for person in _once(people))
    data = {"gate": gate, "planned_on": planned_on.isoformat(), "people": [person.ref for person in _once(people)]}
    record(GateReviewPlanned(subject=Ref.of(review), chain=deal.ref, data=data), actor=actor, at=now)
    _tell(review, GateReviewPlanned.name, people, {**data, "deal": deal.name}, actor=actor, now=now)
    return review


@transaction.atomic
def change_gate_review(
    *, review: GateReview, version: int, planned_on: date, people: Sequence[User], actor: User, now: datetime
) -> GateReview:
    """Move a planned review, or change who takes part.

    Raises:
        NotAllowed, DealClosed, Invalid: as ``plan_gate_review``.
        StaleVersion: somebody changed it meanwhile.
        ReviewHeld: it was held already.
    """
    deal, held = locked_plan(review, version=version, actor=actor)
    faults: dict[str, str] = {}
    if planned_on != held.planned_on:
        check_planned(planned_on, today=own_day(actor, now), faults=faults)
    check_people(people, faults)
    refuse(faults)
    held.planned_on = planned_on
    held.version += 1
    held.save(update_fields=["planned_on", "version"])
    set_people(held, people)
    data = {"gate": held.gate, "planned_on": planned_on.isoformat(), "people": [p.ref for p in _once(people)]}
    record(GateReviewChanged(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    _tell(held, GateReviewChanged.name, people, {**data, "deal": deal.name}, actor=actor, now=now)
    return held


@transaction.atomic
def cancel_gate_review(*, review: GateReview, reason: str, actor: User, now: datetime) -> GateReview:
    """Call a planned review off.

    Raises:
        NotAllowed: ``actor`` may not plan reviews on this deal.
        Invalid: no reason is given.
        ReviewHeld: it was held already.
    """
    deal, held = locked_plan(review, version=None, actor=actor)
    faults: dict[str, str] = {}
    reason = text_in({"reason": reason}, "reason", longest=LONGEST_REASON, faults=faults)
    refuse(faults)
    end_plan(deal, held, reason=reason, actor=actor, now=now)
    return held


def end_plan(deal: Opportunity, review: GateReview, *, reason: str, actor: User | None, now: datetime) -> None:
    """Call a planned review of a locked deal off; those who take part are told."""
    review.state = ReviewState.CANCELLED
    review.note = reason
    review.version += 1
    review.save(update_fields=["state", "note", "version"])
    data = {"gate": review.gate, "reason": reason}
    record(GateReviewCancelled(subject=Ref.of(review), chain=deal.ref, data=data), actor=actor, at=now)
    people = [row.user for row in review.attendees.select_related("user")]
    _tell(review, GateReviewCancelled.name, people, {**data, "deal": deal.name}, actor=actor, now=now)


def locked_plan(review: GateReview, *, version: int | None, actor: User) -> tuple[Opportunity, GateReview]:
    """Return deal and review, locked; only what is still a plan can be changed.

    Raises:
        NotAllowed, DealClosed, StaleVersion, ReviewHeld: see ``change_gate_review``.
    """
    policy.require(actor, "reviews.plan", review.opportunity)
    deal = lock(review.opportunity)
    held = GateReview.objects.get(pk=review.pk)
    held.opportunity = deal
    require_plan(held)
    if version is not None and held.version != version:
        raise StaleVersion(_("Somebody else changed this review meanwhile."), details={"version": held.version})
    return deal, held


def set_people(review: GateReview, people: Sequence[User]) -> None:
    """Let exactly these people take part."""
    wanted = {person.pk for person in people}
    review.attendees.exclude(user_id__in=wanted).delete()
    present = set(review.attendees.values_list("user_id", flat=True))
    Attendee.objects.bulk_create(Attendee(review=review, user=p) for p in _once(people) if p.pk not in present)


def _create(
    deal: Opportunity, *, gate: str, planned_on: date, corrects: GateReview | None, actor: User, now: datetime
) -> GateReview:
    if GateReview.objects.filter(opportunity=deal, gate=gate, state__in=OPEN_STATES).exists():
        raise _exists()
    point = point_of(deal, gate)
    try:
        with transaction.atomic():
            return GateReview.objects.create(
                opportunity=deal,
                gate=gate,
                stage=point.stage,
                item=point.item,
                corrects=corrects,
                planned_on=planned_on,
                planned_by=actor,
                planned_at=now,
            )
    except IntegrityError as error:
        raise _exists() from error


def _exists() -> ReviewExists:
    return ReviewExists(_("A review of this control point is planned or waits for approval. Change that one."))


def _check_correction(deal: Opportunity, corrects: GateReview, gate: str, faults: dict[str, str]) -> None:
    settled = corrects.state in (ReviewState.DECIDED, ReviewState.REFUSED)
    if corrects.opportunity_id != deal.pk or corrects.gate != gate or not settled:
        faults["corrects"] = _("Name a decided review of the same control point of this deal.")


def _once(people: Sequence[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())


def _tell(
    review: GateReview, event: str, people: Sequence[User], data: dict[str, Any], *, actor: User | None, now: datetime
) -> None:
    told = [person for person in _once(people) if actor is None or person.pk != actor.pk]
    notify(told, event=event, url=f"/gate-reviews/{review.ref}/", at=now, data=data)
