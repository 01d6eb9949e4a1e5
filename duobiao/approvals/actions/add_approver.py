"""Add an approver (加签): before the present step, after it, or beside those asked now."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from duobiao.approvals.actions.answer import task_of
from duobiao.approvals.actions.lock import lock_present
from duobiao.approvals.actions.notes import note_of
from duobiao.approvals.actions.people import require_able
from duobiao.approvals.actions.walk import ask, enter_next, leave, told
from duobiao.approvals.domain.chain import Approvers, By, Mode, Step, read_step, write_step
from duobiao.approvals.events import ApproverAdded
from duobiao.approvals.models import Act, ApprovalRequest, EndedAs, Origin, Outcome, StepVisit, Verb
from duobiao.approvals.queries.approvers import barred, with_substitutes
from duobiao.identity import policy
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record

ADDED_NAME = {"zh-Hans": "加签", "en": "Added approver"}


class Place(StrEnum):
    """Where an added approver comes in."""

    BEFORE = "BEFORE"
    PARALLEL = "PARALLEL"
    AFTER = "AFTER"


@transaction.atomic
def add_approver(
    *,
    request: ApprovalRequest,
    person: User,
    place: Place,
    note: str = "",
    step: int | None = None,
    actor: User,
    now: datetime,
) -> ApprovalRequest:
    """Put in one more approver, whose yes is needed; the actor keeps the own task.

    Raises:
        WrongPerson: the person asked, owns the subject, left, or is asked already.
        Refusal: as ``decide``.
    """
    policy.require(actor, "approvals.decide")
    note = note_of(note)
    held, visit = lock_present(request, step=step)
    task = task_of(held, visit, actor, now=now)
    require_able(held, visit, person)
    Act.objects.create(
        request=held, visit=visit, verb=Verb.ADDED, by=actor, behalf_of=task.behalf_of, person=person, at=now,
        note=note, words={"place": place.value},
    )  # fmt: skip
    record(ApproverAdded(subject=Ref.of(held), data=told(held, person=str(person), note=note)), actor=actor, at=now)
    added = write_step(Step("", ADDED_NAME, Approvers(By.PEOPLE, people=(person.ref,)), Mode.ALL))
    if place is Place.PARALLEL:
        today = local_day(now, CompanySettings.load().time_zone)
        ask(
            held, visit, with_substitutes([person], barred(held), on=today), now=now, origin=Origin.ADDED, required=True
        )
        return held
    if place is Place.AFTER:
        held.plan = [added, *held.plan]
        held.save(update_fields=["plan"])
        return held
    held.plan = [added, _once_more(visit), *held.plan]
    leave(visit, Outcome.PUT_OFF, now=now)
    enter_next(held, actor=actor, now=now)
    return held


def _once_more(visit: StepVisit) -> dict[str, Any]:
    """Return the present step with the people it now asks, so that handed-on and added ones are asked again."""
    step = read_step(visit.step)
    tasks = [
        task
        for task in visit.tasks.select_related("user", "behalf_of")
        if task.ended_as not in (EndedAs.HANDED_ON, EndedAs.TAKEN_BACK)
    ]
    people = [task.behalf_of if task.origin == Origin.SUBSTITUTE else task.user for task in tasks]
    mode = Mode.ALL if any(task.required for task in tasks) else step.mode
    refs = tuple(dict.fromkeys(person.ref for person in people if person is not None))
    return write_step(Step(step.key, step.name, Approvers(By.PEOPLE, people=refs), mode, None, step.deadline))
