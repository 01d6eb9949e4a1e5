"""Say yes or no at the step where a request stands."""

from datetime import datetime

from django.db import transaction

from duobiao.approvals.actions.answer import task_of
from duobiao.approvals.actions.lock import lock_present
from duobiao.approvals.actions.notes import note_of
from duobiao.approvals.actions.walk import end, enter_next, is_complete, leave, settle, told
from duobiao.approvals.events import ApprovalVoted
from duobiao.approvals.models import Act, ApprovalRequest, EndedAs, Outcome, RequestState, StepVisit, Verb
from duobiao.approvals.queries.approvers import barred
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def decide(
    *,
    request: ApprovalRequest,
    approved: bool,
    note: str = "",
    step: int | None = None,
    actor: User,
    now: datetime,
) -> ApprovalRequest:
    """Approve or refuse; the last yes that is needed settles the request, one no does.

    Args:
        note: Why; needed to refuse.
        step: Number of the step the actor saw; None means the task the actor holds.

    Raises:
        NotAllowed: the role may not decide.
        NotAsked, OwnRequest, DelegationEnded: the actor is not the one to decide.
        AlreadySettled, StepMoved, AlreadyAnswered, WaitsForAsker: too late, or too early.
        Invalid: the note is too long, or a refusal has none.
        Refusal: of a handler, which takes the decision back.
    """
    policy.require(actor, "approvals.decide")
    note = note_of(note)
    held, visit = lock_present(request, step=step)
    task = task_of(held, visit, actor, now=now)
    note_of(note, needed=not approved)
    end(task, EndedAs.DECIDED, now=now, approved=approved)
    Act.objects.create(
        request=held,
        visit=visit,
        verb=Verb.APPROVED if approved else Verb.REFUSED,
        by=actor,
        behalf_of=task.behalf_of,
        at=now,
        note=note,
    )
    held.alone = actor.pk in barred(held)
    if not approved:
        settle(held, RequestState.REFUSED, actor=actor, now=now, note=note)
    elif not is_complete(visit) or _go_on(held, visit, actor=actor, now=now, note=note):
        record(ApprovalVoted(subject=Ref.of(held), data=told(held, note=note)), actor=actor, at=now)
    request.refresh_from_db()
    return held


def _go_on(held: ApprovalRequest, visit: StepVisit, *, actor: User, now: datetime, note: str) -> bool:
    leave(visit, Outcome.APPROVED, now=now)
    return enter_next(held, actor=actor, now=now, note=note)
