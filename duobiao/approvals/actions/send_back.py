"""Send a request back (退回): to an earlier step, or to the one who asked; and send it in again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.answer import task_of
from duobiao.approvals.actions.lock import lock_present
from duobiao.approvals.actions.notes import note_of
from duobiao.approvals.actions.walk import end, enter_next, leave, page_of, told
from duobiao.approvals.domain.chain import By, read_step
from duobiao.approvals.events import ApprovalResubmitted, ApprovalReturned
from duobiao.approvals.models import Act, ApprovalRequest, EndedAs, Outcome, StepVisit, Verb
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

ASKER_STEP: dict[str, Any] = {
    "key": "",
    "name": {"zh-Hans": "申请人补充", "en": "Asker completes it"},
    "approvers": {"by": "ASKER"},
}


class NotSentBack(Conflict):
    """The request was not sent back to its asker."""

    code = "not_sent_back"


@transaction.atomic
def send_back(
    *,
    request: ApprovalRequest,
    to: str = "",
    note: str,
    step: int | None = None,
    actor: User,
    now: datetime,
) -> ApprovalRequest:
    """Send a request back; whoever agreed since is asked again.

    Args:
        to: Key of an earlier step; "" is the asker.
        note: Why; needed.

    Raises:
        Invalid: no reason, or no such earlier step.
        Refusal: as ``decide``.
    """
    policy.require(actor, "approvals.decide")
    note = note_of(note, needed=True)
    held, visit = lock_present(request, step=step)
    task = task_of(held, visit, actor, now=now)
    plan = [ASKER_STEP, *held.chain.steps] if not to else _again_from(held, visit, to)
    end(task, EndedAs.DECIDED, now=now)
    name = read_step(plan[0]).name
    Act.objects.create(
        request=held, visit=visit, verb=Verb.RETURNED, by=actor, behalf_of=task.behalf_of, at=now, note=note,
        words={"step": dict(name)},
    )  # fmt: skip
    leave(visit, Outcome.RETURNED, now=now)
    held.plan = plan
    data = told(held, note=note)
    record(ApprovalReturned(subject=Ref.of(held), data=data), actor=actor, at=now)
    if held.asked_by_id != actor.pk:
        notify([held.asked_by], event=ApprovalReturned.name, url=page_of(held), at=now, data=data)
    enter_next(held, actor=actor, now=now)
    return held


@transaction.atomic
def resubmit(*, request: ApprovalRequest, note: str = "", actor: User, now: datetime) -> ApprovalRequest:
    """Send a request in again that came back to its asker; it goes through its chain from the first step.

    Raises:
        NotAllowed: the actor is not its asker.
        NotSentBack: it was not sent back.
        AlreadySettled: it is settled.
    """
    policy.require(actor, "approvals.ask", request)
    note = note_of(note)
    held, visit = lock_present(request, step=None)
    if read_step(visit.step).approvers.by is not By.ASKER:
        raise NotSentBack(_("This request was not sent back to you."))
    for task in visit.tasks.filter(ended_at=None):
        end(task, EndedAs.DECIDED, now=now)
    leave(visit, Outcome.APPROVED, now=now)
    Act.objects.create(request=held, visit=visit, verb=Verb.RESUBMITTED, by=actor, at=now, note=note)
    record(ApprovalResubmitted(subject=Ref.of(held), data=told(held, note=note)), actor=actor, at=now)
    enter_next(held, actor=actor, now=now)
    return held


def _again_from(held: ApprovalRequest, visit: StepVisit, to: str) -> list[dict[str, Any]]:
    """Return the plan from an earlier step to the present one, then what was still to come."""
    steps: list[dict[str, Any]] = held.chain.steps
    keys = [str(step["key"]) for step in steps]
    done = [str(key) for key in held.visits.exclude(pk=visit.pk).values_list("step__key", flat=True)]
    present = visit.step["key"] or next((key for key in reversed(done) if key), "")
    last = keys.index(present) if present in keys else len(keys) - 1
    if to not in keys or to not in done or keys.index(to) > last or to == visit.step["key"]:
        message = _("Choose a step that the request has passed.")
        raise Invalid(message, fields={"to": message})
    return [*steps[keys.index(to) : last + 1], *held.plan]
