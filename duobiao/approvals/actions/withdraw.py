"""Take a request back: its asker does, or what it was about came to an end."""

from datetime import datetime

from django.db import transaction

from duobiao.approvals.actions.lock import lock
from duobiao.approvals.actions.notes import note_of
from duobiao.approvals.actions.refusals import AlreadySettled
from duobiao.approvals.actions.walk import settle
from duobiao.approvals.models import Act, ApprovalRequest, RequestState, Verb
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref


@transaction.atomic
def withdraw(*, request: ApprovalRequest, note: str = "", actor: User, now: datetime) -> ApprovalRequest:
    """Take the own request back.

    Raises:
        NotAllowed: the actor is not its asker.
        AlreadySettled: it is settled.
    """
    policy.require(actor, "approvals.ask", request)
    note = note_of(note)
    held = lock(request)
    if not held.is_open:
        raise AlreadySettled.of(held)
    _withdraw(held, note=note, actor=actor, now=now)
    request.refresh_from_db()
    return held


@transaction.atomic
def drop_requests(*, matter: str, subject: Ref, note: str = "", actor: User | None, now: datetime) -> int:
    """Withdraw what waits about a record that came to an end; the caller checked the right and holds the record.

    Returns how many there were.
    """
    rows = ApprovalRequest.objects.filter(
        matter=matter, subject_kind=subject.kind, subject_ref=subject.ref, state=RequestState.OPEN
    )
    waiting = list(rows)
    for request in waiting:
        _withdraw(lock(request), note=note, actor=actor, now=now)
    return len(waiting)


def _withdraw(held: ApprovalRequest, *, note: str, actor: User | None, now: datetime) -> None:
    visit = held.visits.filter(left_at=None).first()
    Act.objects.create(request=held, visit=visit, verb=Verb.WITHDRAWN, by=actor, at=now, note=note)
    settle(held, RequestState.WITHDRAWN, actor=actor, now=now, note=note)
