"""Find the task with which a person may answer at a step, or say why there is none."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.approvals.actions.refusals import AlreadyAnswered, DelegationEnded, NotAsked, OwnRequest, WaitsForAsker
from duobiao.approvals.actions.walk import end
from duobiao.approvals.domain.chain import By, read_step
from duobiao.approvals.models import ApprovalRequest, EndedAs, Origin, StepVisit, Task
from duobiao.approvals.queries.approvers import barred, is_alone
from duobiao.approvals.queries.rights import may_step_in
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day


def task_of(request: ApprovalRequest, visit: StepVisit, actor: User, *, now: datetime) -> Task:
    """Return the actor's open task at the present step of a locked request.

    A person who is back before their substitute answered takes the task back. Who may step in gets a task.

    Raises:
        WaitsForAsker: the request was sent back to its asker.
        OwnRequest: the actor asked, or owns the subject, and does not work here alone.
        DelegationEnded: the actor was a substitute whose time is over.
        AlreadyAnswered: the actor has answered at this step.
        NotAsked: the actor is not asked.
    """
    if read_step(visit.step).approvers.by is By.ASKER:
        raise WaitsForAsker(_("The request was sent back. Its asker has to send it in again."))
    own = actor.pk in barred(request)
    if own and not is_alone(actor):
        raise OwnRequest(_("Somebody else has to decide on your own request or your own deal."))
    task = visit.tasks.filter(ended_at=None, user=actor).select_related("absence", "behalf_of").first()
    if task is not None:
        _require_substitution(task, now=now)
        return task
    held = visit.tasks.filter(ended_at=None, behalf_of=actor, origin=Origin.SUBSTITUTE).first()
    if held is not None:
        return take_back(held, now=now)
    if own or may_step_in(request, read_step(visit.step), actor):
        return _step_in(visit, actor, now=now)
    raise _why_not(visit, actor)


def take_back(held: Task, *, now: datetime) -> Task:
    """Give a substitute's task back to the person it is for."""
    end(held, EndedAs.TAKEN_BACK, now=now)
    person = held.behalf_of
    if person is None:
        raise TypeError("only a substitute's task can be taken back")
    return Task.objects.create(
        visit=held.visit, user=person, origin=Origin.CHAIN, required=held.required, assigned_at=now
    )


def _require_substitution(task: Task, *, now: datetime) -> None:
    today = local_day(now, CompanySettings.load().time_zone)
    if task.absence is not None and not task.absence.runs_on(today):
        raise _ended()


def _step_in(visit: StepVisit, actor: User, *, now: datetime) -> Task:
    """Put the actor in the place of everybody who has not answered."""
    for task in visit.tasks.filter(ended_at=None):
        end(task, EndedAs.HANDED_ON, now=now)
    return Task.objects.create(visit=visit, user=actor, origin=Origin.STEPPED_IN, assigned_at=now)


def _why_not(visit: StepVisit, actor: User) -> Exception:
    last = visit.tasks.filter(user=actor).order_by("-assigned_at", "-pk").first()
    if last is not None and last.ended_as == EndedAs.DECIDED:
        return AlreadyAnswered(_("You have decided at this step already."))
    if last is not None and last.ended_as == EndedAs.TAKEN_BACK:
        return _ended()
    return NotAsked(_("You are not asked at this step."))


def _ended() -> DelegationEnded:
    return DelegationEnded(_("You are no longer the substitute; the task is back with the person it is for."))
