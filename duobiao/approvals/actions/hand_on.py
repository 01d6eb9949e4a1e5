"""Hand the own task on to a colleague (转交)."""

from datetime import datetime

from django.db import transaction

from duobiao.approvals.actions.answer import task_of
from duobiao.approvals.actions.lock import lock_present
from duobiao.approvals.actions.notes import note_of
from duobiao.approvals.actions.people import require_able
from duobiao.approvals.actions.walk import ask, end, told
from duobiao.approvals.events import ApprovalDelegated
from duobiao.approvals.models import Act, ApprovalRequest, EndedAs, Origin, Verb
from duobiao.approvals.queries.approvers import Asked
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def hand_on(
    *, request: ApprovalRequest, to: User, note: str = "", step: int | None = None, actor: User, now: datetime
) -> ApprovalRequest:
    """Let a colleague decide in the actor's place.

    Raises:
        WrongPerson: the colleague asked, owns the subject, left, or is asked already.
        Refusal: as ``decide``.
    """
    policy.require(actor, "approvals.decide")
    note = note_of(note)
    held, visit = lock_present(request, step=step)
    task = task_of(held, visit, actor, now=now)
    require_able(held, visit, to)
    end(task, EndedAs.HANDED_ON, now=now)
    behalf_of = task.behalf_of or actor
    ask(held, visit, [Asked(to, Origin.DELEGATED, behalf_of)], now=now, required=task.required)
    Act.objects.create(
        request=held, visit=visit, verb=Verb.DELEGATED, by=actor, behalf_of=task.behalf_of, person=to, at=now, note=note
    )
    record(ApprovalDelegated(subject=Ref.of(held), data=told(held, person=str(to), note=note)), actor=actor, at=now)
    return held
