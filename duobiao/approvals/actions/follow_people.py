"""Follow people: somebody left, a deal got another owner."""

from datetime import datetime

from duobiao.approvals.actions.lock import lock
from duobiao.approvals.actions.walk import ask, end, enter_next, is_complete, leave
from duobiao.approvals.domain.chain import read_step
from duobiao.approvals.models import Absence, ApprovalRequest, EndedAs, Outcome, RequestState, StepVisit, Task
from duobiao.approvals.queries.approvers import asked_at
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref


def person_left(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Ask others in the place of somebody who left, and end what they stood in for."""
    del actor
    leaver = User.objects.get(ref=event.subject.ref)
    Absence.objects.filter(substitute=leaver, ended_at=None).update(ended_at=at)
    Absence.objects.filter(user=leaver, ended_at=None).update(ended_at=at)
    open_tasks = Task.objects.filter(user=leaver, ended_at=None, visit__request__state=RequestState.OPEN)
    for request in ApprovalRequest.objects.filter(pk__in=open_tasks.values("visit__request_id")):
        _without(request, leaver, at)


def owner_changed(*, matter: str, subject: Ref, owner: User, now: datetime) -> None:
    """Let open requests know who owns their subject now; a new owner who was asked no longer is."""
    rows = ApprovalRequest.objects.filter(
        matter=matter, subject_kind=subject.kind, subject_ref=subject.ref, state=RequestState.OPEN
    )
    for request in rows:
        held = lock(request)
        held.owner = owner
        held.save(update_fields=["owner"])
        _without(held, owner, now)


def _without(request: ApprovalRequest, person: User, now: datetime) -> None:
    held = lock(request)
    visit = held.visits.filter(left_at=None).first()
    if visit is None:
        return
    for task in visit.tasks.filter(user=person, ended_at=None):
        end(task, EndedAs.HANDED_ON, now=now)
    if not visit.tasks.filter(ended_at=None).exists() and not is_complete(visit):
        _ask_others(held, visit, now)
    if is_complete(visit):
        leave(visit, Outcome.APPROVED, now=now)
        enter_next(held, actor=None, now=now)


def _ask_others(held: ApprovalRequest, visit: StepVisit, now: datetime) -> None:
    today = local_day(now, CompanySettings.load().time_zone)
    ask(held, visit, asked_at(read_step(visit.step).approvers, held, on=today), now=now)
