"""What time brings: reminders, escalation, substitutes coming and going, steps that nobody was asked at."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from duobiao.approvals.actions.answer import take_back
from duobiao.approvals.actions.lock import lock
from duobiao.approvals.actions.walk import ask, end, enter_next, page_of, told
from duobiao.approvals.domain.chain import By, read_step
from duobiao.approvals.events import ApprovalEscalated, ApprovalReminded
from duobiao.approvals.models import (
    Absence,
    Act,
    ApprovalRequest,
    EndedAs,
    Origin,
    RequestState,
    StepVisit,
    Task,
    Verb,
)
from duobiao.approvals.queries.approvers import Asked, asked_at, barred, superiors_of, with_substitutes
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

Mover = Callable[[ApprovalRequest, StepVisit, datetime, date], bool]


def keep_moving(*, now: datetime) -> int:
    """Do what is due on all open requests; returns how many moved. Safe to repeat and to interrupt."""
    moved = settle_absences(now=now)
    today = local_day(now, CompanySettings.load().time_zone)
    present = StepVisit.objects.filter(left_at=None)
    unbegun = ApprovalRequest.objects.filter(state=RequestState.OPEN).exclude(pk__in=present.values("request_id"))
    for pk in list(unbegun.values_list("pk", flat=True)):
        moved += _begin(pk, now=now)
    nobody = present.exclude(pk__in=Task.objects.filter(ended_at=None).values("visit_id"))
    due = present.filter(due_on__lte=today).exclude(reminded_on__isnull=False, reminded_on=today)
    for rows, mover in ((nobody, _ask_somebody), (due, _press)):
        for pk in list(rows.values_list("request_id", flat=True)):
            moved += _on_one(pk, mover, now=now, today=today)
    return moved


def settle_absences(*, now: datetime) -> int:
    """Give waiting tasks to substitutes whose days have come, and back from those whose days are over."""
    today = local_day(now, CompanySettings.load().time_zone)
    away = Absence.objects.on(today).values("user_id")
    gone = ~Q(absence__in=Absence.objects.on(today)) & Q(absence__isnull=False)
    rows = Task.objects.filter(ended_at=None, visit__left_at=None).filter(Q(user__in=away) | gone)
    moved = 0
    for pk in list(rows.values_list("visit__request_id", flat=True).distinct()):
        moved += _on_one(pk, _swap, now=now, today=today)
    return moved


@transaction.atomic
def _begin(pk: int, *, now: datetime) -> int:
    """Ask at the first step of a request that has no step yet: one that was brought over from before chains."""
    held = lock(ApprovalRequest.objects.get(pk=pk))
    if not held.is_open or held.visits.filter(left_at=None).exists():
        return 0
    enter_next(held, actor=None, now=now)
    return 1


@transaction.atomic
def _on_one(pk: int, mover: Mover, *, now: datetime, today: date) -> int:
    held = lock(ApprovalRequest.objects.get(pk=pk))
    visit = held.visits.filter(left_at=None).first()
    return int(held.is_open and visit is not None and mover(held, visit, now, today))


def _ask_somebody(held: ApprovalRequest, visit: StepVisit, now: datetime, today: date) -> bool:
    """Ask again where nobody could be asked, or everybody asked has left."""
    people = asked_at(read_step(visit.step).approvers, held, on=today)
    here = set(visit.tasks.filter(ended_at=None).values_list("user_id", flat=True))
    new = [person for person in people if person.user.pk not in here]
    if here or not new:
        return False
    ask(held, visit, new, now=now)
    return True


def _swap(held: ApprovalRequest, visit: StepVisit, now: datetime, today: date) -> bool:
    moved = False
    for task in visit.tasks.filter(ended_at=None).select_related("user", "behalf_of", "absence"):
        if task.absence is not None and not task.absence.runs_on(today):
            take_back(task, now=now)
            moved = True
    for task in visit.tasks.filter(ended_at=None).select_related("user", "behalf_of"):
        asked = with_substitutes([task.user], barred(held), on=today)[0]
        if asked.user.pk == task.user_id or visit.tasks.filter(ended_at=None, user=asked.user).exists():
            continue
        end(task, EndedAs.HANDED_ON, now=now)
        ask(held, visit, [asked], now=now, required=task.required)
        moved = True
    return moved


def _press(held: ApprovalRequest, visit: StepVisit, now: datetime, today: date) -> bool:
    """On the last day remind; after it pass on to the superiors, who get as many days."""
    if visit.due_on is None or visit.reminded_on == today:
        return False
    if (
        visit.due_on < today
        and read_step(visit.step).approvers.by is not By.ASKER
        and _escalate(held, visit, now, today)
    ):
        return True
    visit.reminded_on = today
    visit.save(update_fields=["reminded_on"])
    people = [task.user for task in visit.tasks.filter(ended_at=None).select_related("user")]
    Act.objects.create(request=held, visit=visit, verb=Verb.REMINDED, at=now)
    record(ApprovalReminded(subject=Ref.of(held), data=told(held)), actor=None, at=now)
    notify(people, event=ApprovalReminded.name, url=page_of(held), at=now, data=told(held))
    return True


def _escalate(held: ApprovalRequest, visit: StepVisit, now: datetime, today: date) -> bool:
    moved = False
    for task in visit.tasks.filter(ended_at=None).select_related("user", "behalf_of"):
        asked = [person for person in _above(held, visit, task.user, today) if person.user.pk != task.user_id]
        if not asked:
            continue
        end(task, EndedAs.HANDED_ON, now=now)
        ask(held, visit, asked, now=now, origin=Origin.ESCALATED, required=task.required)
        for person in asked:
            Act.objects.create(request=held, visit=visit, verb=Verb.ESCALATED, person=person.user, at=now)
        moved = True
    if moved:
        deadline = read_step(visit.step).deadline
        visit.due_on = deadline.due_on(today) if deadline is not None else None
        visit.save(update_fields=["due_on"])
        people = ", ".join(str(task.user) for task in visit.tasks.filter(ended_at=None).select_related("user"))
        data = told(held, person=people)
        record(ApprovalEscalated(subject=Ref.of(held), data=data), actor=None, at=now)
        notify([held.asked_by], event=ApprovalEscalated.name, url=page_of(held), at=now, data=data)
    return moved


def _above(held: ApprovalRequest, visit: StepVisit, person: User, today: date) -> list[Asked]:
    """Return the superiors of somebody who did not answer, without those who are or were asked here."""
    here = set(visit.tasks.values_list("user_id", flat=True))
    return with_substitutes(superiors_of(person, barred(held) | here), barred(held) | here, on=today)
