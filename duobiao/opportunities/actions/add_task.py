"""Put a task on a deal, and change it: who does what by when."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, StaleVersion
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import DealTask, Opportunity
from duobiao.opportunities.work_events import TaskAdded, TaskEdited
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST = 200
FARTHEST = timedelta(days=731)


class TaskDone(Conflict):
    """The task is done or dropped and stays as it was."""

    code = "task_done"


@transaction.atomic
def add_task(
    *,
    opportunity: Opportunity,
    title: str,
    owner: User,
    due_on: date,
    actor: User,
    now: datetime,
    source: Ref | None = None,
) -> DealTask:
    """Put a task on an open deal; who is to do it is told.

    Args:
        source: The record it came from: a review meeting, a gate review; None where a person puts it by hand.

    Raises:
        NotAllowed: ``actor`` may not put tasks on this deal.
        DealClosed: it is closed.
        Invalid: a field does not fit; the owner must be somebody who may see the deal.
    """
    policy.require(actor, "opportunities.task", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    title = checked_task(deal, title, owner=owner, due_on=due_on, today=own_day(actor, now))
    return put_task(deal, title=title, owner=owner, due_on=due_on, source=source, by=actor, actor=actor, now=now)


def put_task(
    deal: Opportunity,
    *,
    title: str,
    owner: User,
    due_on: date,
    source: Ref | None,
    by: User,
    actor: User,
    now: datetime,
) -> DealTask:
    """Put a task that was checked before on a locked deal; for those who put what others have decided.

    Args:
        by: Who wanted it and hears of its end; ``actor`` is who brings it into force.
    """
    task = DealTask.objects.create(
        opportunity=deal,
        title=title,
        owner=owner,
        due_on=due_on,
        source_kind=source.kind if source else "",
        source_ref=source.ref if source else "",
        added_at=now,
        added_by=by,
    )
    record(TaskAdded(subject=Ref.of(task), chain=deal.ref, data=task_words(task)), actor=actor, at=now)
    if owner != actor:
        notify([owner], event=TaskAdded.name, url=task_url(task), at=now, data=task_words(task) | {"deal": deal.name})
    return task


@transaction.atomic
def edit_task(
    *, task: DealTask, version: int, title: str, owner: User, due_on: date, actor: User, now: datetime
) -> DealTask:
    """Word an open task anew, give it to somebody else or move its day.

    Raises:
        NotAllowed, DealClosed, Invalid: as ``add_task``.
        StaleVersion: somebody changed it meanwhile.
        TaskDone: it is done or dropped.
    """
    policy.require(actor, "opportunities.task", task.opportunity)
    deal = lock(task.opportunity)
    require_open(deal)
    held = open_task(task)
    if held.version != version:
        raise StaleVersion(_("Somebody else changed this task meanwhile."), details={"version": held.version})
    today = min(own_day(actor, now), held.due_on)
    title = checked_task(deal, title, owner=owner, due_on=due_on, today=today)
    return _rewrite(deal, held, title=title, owner=owner, due_on=due_on, actor=actor, now=now)


def give_tasks_on(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Give the open tasks of a person who left to their successor, or to the owner of the deal."""
    leaver = User.objects.get(ref=event.subject.ref)
    successor = User.objects.get(ref=event.successor.ref) if event.successor is not None else None
    held = DealTask.objects.filter(owner=leaver, done_at=None).select_related("opportunity")
    for task in held.order_by("opportunity_id", "pk"):
        deal = lock(task.opportunity)
        heir = successor if successor is not None and may_get_task(deal, successor) else deal.owner
        _rewrite(deal, open_task(task), title=task.title, owner=heir, due_on=task.due_on, actor=actor, now=at)


def _rewrite(
    deal: Opportunity, held: DealTask, *, title: str, owner: User, due_on: date, actor: User, now: datetime
) -> DealTask:
    before = task_words(held)
    given = held.owner_id != owner.pk
    held.title, held.owner, held.due_on = title, owner, due_on
    after = task_words(held)
    if after == before and not given:
        return held
    held.version += 1
    held.reminded_on = None
    held.save(update_fields=["title", "owner", "due_on", "version", "reminded_on"])
    data = after | {"before": before}
    record(TaskEdited(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    if given and owner != actor:
        notify([owner], event=TaskAdded.name, url=task_url(held), at=now, data=after | {"deal": deal.name})
    return held


def open_task(task: DealTask) -> DealTask:
    """Return a task of a locked deal as it now is.

    Raises:
        TaskDone: it is done or dropped.
    """
    held = DealTask.objects.select_related("owner", "opportunity").get(pk=task.pk)
    if not held.is_open:
        raise TaskDone(_("This task is closed. Put another one where something is left to do."))
    return held


def checked_task(deal: Opportunity, title: str, *, owner: User, due_on: date, today: date) -> str:
    """Return the words of a task as they are kept; for those who put many at once.

    Raises:
        Invalid: every fault is named: ``title``, ``owner``, ``due_on``.
    """
    faults: dict[str, str] = {}
    kept = title.replace("\x00", "").strip()
    if not 1 <= len(kept) <= LONGEST:
        faults["title"] = _("Say what is to be done, in at most %(n)d characters.") % {"n": LONGEST}
    if not today <= due_on <= today + FARTHEST:
        faults["due_on"] = _("Choose a day from today (%(today)s) on, at most two years ahead.") % {
            "today": today.isoformat()
        }
    if not may_get_task(deal, owner):
        faults["owner"] = _("Choose somebody who works here and may see this project; others join its team first.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return kept


def may_get_task(deal: Opportunity, person: User) -> bool:
    """Whether a person works here and may see the deal."""
    return person.is_active and Opportunity.objects.visible_to(person).filter(pk=deal.pk).exists()


def task_words(task: DealTask) -> dict[str, str]:
    """Return what the timeline says about a task."""
    return {"task": task.title, "owner": task.owner.name, "due_on": task.due_on.isoformat()}


def task_url(task: DealTask) -> str:
    """Return where a task is shown: among the tasks of its deal."""
    return f"/opportunities/{task.opportunity.ref}/#tasks"
