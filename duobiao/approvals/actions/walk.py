"""Walk a locked request through its steps: ask at the next one, leave one, settle it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from duobiao.approvals.domain.chain import By, Mode, read_step
from duobiao.approvals.events import ApprovalDecided, TaskAssigned
from duobiao.approvals.models import (
    Act,
    ApprovalRequest,
    EndedAs,
    Outcome,
    RequestState,
    StepVisit,
    Task,
    Verb,
)
from duobiao.approvals.queries.approvers import Asked, asked_at
from duobiao.approvals.queries.rights import needed
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

OUTCOMES = {RequestState.REFUSED: Outcome.REFUSED, RequestState.WITHDRAWN: Outcome.STOPPED}


def page_of(request: ApprovalRequest) -> str:
    """Return the address of a request."""
    return f"/approvals/{request.ref}/"


def told(request: ApprovalRequest, **more: str) -> dict[str, Any]:
    """Return what events and bells keep of a request."""
    return {"matter": request.matter, "facts": request.facts, "subject": request.title, **more}


def enter_next(request: ApprovalRequest, *, actor: User | None, now: datetime, note: str = "") -> bool:
    """Go on to the next step that somebody has to decide; say whether there is one, else the request is approved."""
    company = CompanySettings.load()
    today = local_day(now, company.time_zone)
    while request.plan:
        document, request.plan = request.plan[0], request.plan[1:]
        request.save(update_fields=["plan"])
        step = read_step(document)
        visit = StepVisit.objects.create(
            request=request,
            sequence=request.visits.count() + 1,
            step=document,
            entered_at=now,
            due_on=step.deadline.due_on(today) if step.deadline is not None else None,
        )
        if not needed(step, request, company.currency):
            leave(visit, Outcome.SKIPPED, now=now)
            continue
        ask(request, visit, asked_at(step.approvers, request, on=today), now=now)
        if not is_complete(visit):
            return True
        leave(visit, Outcome.APPROVED, now=now)
    settle(request, RequestState.APPROVED, actor=actor, now=now, note=note)
    return False


def ask(request: ApprovalRequest, visit: StepVisit, people: Iterable[Asked], *, now: datetime, **more: Any) -> None:
    """Give people their task at a step; who agreed at an earlier step of this round is not asked again."""
    agreed = agreed_this_round(request) if read_step(visit.step).approvers.by is not By.ASKER else set()
    asked = []
    for person in people:
        done = person.user.pk in agreed
        Task.objects.create(
            visit=visit,
            user=person.user,
            behalf_of=person.behalf_of,
            absence=person.absence,
            assigned_at=now,
            ended_at=now if done else None,
            ended_as=EndedAs.DECIDED if done else "",
            approved=True if done else None,
            **{"origin": person.origin, **more},
        )
        if not done:
            asked.append(person)
    for person in asked:
        for_whom = str(person.behalf_of) if person.behalf_of is not None else ""
        notify(
            [person.user],
            event=TaskAssigned.name,
            url=page_of(request),
            at=now,
            data=told(request, behalf_of=for_whom, who=str(request.asked_by)),
        )


def agreed_this_round(request: ApprovalRequest) -> set[int]:
    """Return the keys of those who said yes since the request was last sent back."""
    acts = list(Act.objects.filter(request=request).order_by("at", "pk").values_list("verb", "by_id"))
    last = max((n for n, (verb, _by) in enumerate(acts) if verb == Verb.RETURNED), default=-1)
    return {by for verb, by in acts[last + 1 :] if verb == Verb.APPROVED and by is not None}


def is_complete(visit: StepVisit) -> bool:
    """Whether a step has all the yes it needs."""
    tasks = [t for t in visit.tasks.all() if t.ended_as not in (EndedAs.HANDED_ON, EndedAs.TAKEN_BACK)]
    if not tasks or any(task.required and not task.approved for task in tasks):
        return False
    answers = [bool(task.approved) for task in tasks if not task.required]
    if not answers:
        return True
    return all(answers) if read_step(visit.step).mode is Mode.ALL else any(answers)


def end(task: Task, ended_as: str, *, now: datetime, approved: bool | None = None) -> None:
    """End a task."""
    task.ended_at, task.ended_as, task.approved = now, ended_as, approved
    task.save(update_fields=["ended_at", "ended_as", "approved"])


def leave(visit: StepVisit, outcome: str, *, now: datetime) -> None:
    """Leave a step; whoever has not answered need not any more."""
    visit.tasks.filter(ended_at=None).update(ended_at=now, ended_as=EndedAs.CLOSED)
    visit.left_at, visit.outcome = now, outcome
    visit.save(update_fields=["left_at", "outcome"])


def settle(
    request: ApprovalRequest,
    state: RequestState,
    *,
    actor: User | None,
    now: datetime,
    note: str = "",
    alone: bool = False,
) -> None:
    """Settle a request; handlers of the capability that asked run at once and may still refuse.

    Raises:
        Refusal: of a handler; nothing of the decision stays.
    """
    actor = actor or _last_to_agree(request)
    visit = request.visits.filter(left_at=None).first()
    asked = list(User.objects.filter(pk__in=visit.tasks.filter(ended_at=None).values("user_id"))) if visit else []
    if visit is not None:
        leave(visit, OUTCOMES.get(state, Outcome.APPROVED), now=now)
    request.state, request.closed_at, request.alone = state, now, request.alone or alone
    request.plan = []
    request.save(update_fields=["state", "closed_at", "alone", "plan"])
    event = ApprovalDecided(
        subject=Ref.of(request),
        matter=request.matter,
        about=request.subject,
        outcome=state.value,
        facts=request.facts,
        asked_by=Ref.of(request.asked_by),
        note=note,
        alone=request.alone,
        data=told(request, outcome=state.value, note=note),
    )
    record(event, actor=actor, at=now)
    people = [request.asked_by, *(copy.user for copy in request.copies.select_related("user"))]
    people += asked if state == RequestState.WITHDRAWN else []
    told_people = [user for user in people if actor is None or user.pk != actor.pk]
    notify(told_people, event=ApprovalDecided.name, url=page_of(request), at=now, data=event.data)


def _last_to_agree(request: ApprovalRequest) -> User | None:
    """Return whose yes it was that is found enough only now, because others left or the deal changed hands."""
    last = request.acts.filter(verb=Verb.APPROVED).select_related("by").order_by("-at", "-pk").first()
    return last.by if last is not None else None
