"""Move a visit; what was agreed before no longer holds, what is agreed now does."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.actions.lock_visit import follow, lock_visit
from duobiao.engagement.actions.people import check_companies
from duobiao.engagement.actions.plan_visit import Agreement, Planned, check_ahead, invite, set_agreement
from duobiao.engagement.actions.withdraw_call import cleaned_reason
from duobiao.engagement.events.visits import VisitMoved
from duobiao.engagement.models import Visit, VisitMove
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def move_visit(
    *,
    visit: Visit,
    version: int,
    at: datetime,
    reason: str,
    actor: User,
    now: datetime,
    place: str | None = None,
    agreed: Agreement | None = None,
) -> Planned:
    """Give a planned visit another time, and perhaps another place.

    Args:
        place: None leaves it.
        agreed: Who at the customer agreed to the new time; None: nobody has yet, so the appointment proves nothing.

    Raises:
        VisitInThePast: the new time has passed.
        Invalid: no reason, or a value that cannot be accepted.
        NotAllowed, StaleVersion, VisitCancelledBefore, VisitRecordedBefore, DealClosed: see ``lock_visit``.
    """
    reason = cleaned_reason(reason)
    check_ahead(at, now=now)
    held = lock_visit(visit, version=version, actor=actor, planned_only=True)
    before_at, before_place = held.planned_at, held.place
    set_values(
        held, {"planned_at": at, "place": before_place if place is None else place}, allowed=("planned_at", "place")
    )
    people = [agreed.contact] if agreed else []
    check_companies(people, field="agreed_with", customer=held.customer, opportunity=held.opportunity)
    set_agreement(held, agreed, actor=actor, now=now)
    held.reminded_at = None
    held.version += 1
    held.save()
    VisitMove.objects.create(
        visit=held,
        before_at=before_at,
        after_at=held.planned_at,
        before_place=before_place,
        after_place=held.place,
        reason=reason,
        moved_at=now,
        moved_by=actor,
    )
    data = {"before": before_at.isoformat(), "after": held.planned_at.isoformat(), "reason": reason}
    record(VisitMoved(subject=Ref.of(held), chain=chain_of(held), data=data), actor=actor, at=now)
    invite(held, list(held.our_people.exclude(pk=actor.pk)), now=now)
    return Planned(held, follow(held, reason=_("visit moved: %(why)s") % {"why": reason}, actor=actor, now=now))
