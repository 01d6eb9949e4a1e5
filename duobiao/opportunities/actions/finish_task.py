"""Finish a task, drop one that is no longer needed, and remind of those that are due."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.add_task import open_task, task_url
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.models import DealTask, Opportunity, Outcome
from duobiao.opportunities.work_events import TaskDue, TaskFinished
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_RESULT = 500
BATCH = 500


@transaction.atomic
def finish_task(*, task: DealTask, actor: User, now: datetime, result: str = "", dropped: bool = False) -> DealTask:
    """Note that a task is done, or no longer needed; who put it is told.

    Whose task it is may always finish it, on a closed deal too.

    Args:
        result: What came of it; why, where it is dropped.

    Raises:
        NotAllowed: it is not ``actor``'s, and they may not put tasks on this deal.
        TaskDone: it is done or dropped already.
        Invalid: the result is too long, or missing where the task is dropped.
    """
    if task.owner_id != actor.pk:
        policy.require(actor, "opportunities.task", task.opportunity)
    deal = lock(task.opportunity)
    held = open_task(task)
    result = result.replace("\x00", "").strip()
    if len(result) > LONGEST_RESULT or (dropped and not result):
        words = _("Say why it is no longer needed, in at most %(n)d characters.")
        message = (words if dropped else _("At most %(n)d characters.")) % {"n": LONGEST_RESULT}
        raise Invalid(message, fields={"result": message})
    return _close(deal, held, result=result, dropped=dropped, actor=actor, now=now)


def drop_tasks(
    deal: Opportunity, source_ref: str, *, reason: str, actor: User, now: datetime, keep: Collection[str] = ()
) -> None:
    """Drop the open tasks of a locked deal that a record led to, because the record no longer holds.

    Args:
        keep: Titles of those that still hold.
    """
    rows = deal.tasks.select_related("owner", "added_by", "opportunity").filter(source_ref=source_ref, done_at=None)
    for task in rows.exclude(title__in=keep).order_by("pk"):
        _close(deal, task, result=reason, dropped=True, actor=actor, now=now)


def _close(deal: Opportunity, held: DealTask, *, result: str, dropped: bool, actor: User, now: datetime) -> DealTask:
    held.done_at, held.done_by, held.result, held.dropped = now, actor, result, dropped
    held.version += 1
    held.save(update_fields=["done_at", "done_by", "result", "dropped", "version"])
    data = {"task": held.title, "result": result, "dropped": dropped}
    record(TaskFinished(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    told = [user for user in (held.added_by, held.owner) if user is not None and user != actor]
    notify(told, event=TaskFinished.name, url=task_url(held), at=now, data=data | {"deal": deal.name})
    return held


def remind_of_tasks(*, on: date, now: datetime) -> int:
    """Tell whose tasks are due, each once for its day; return how many."""
    going_on = (Outcome.OPEN, Outcome.WON)
    rows = DealTask.objects.filter(done_at=None, due_on__lte=on, opportunity__outcome__in=going_on)
    due = rows.filter(reminded_on=None, owner__is_active=True).select_related("owner", "opportunity")
    count = 0
    for task in due.order_by("due_on", "pk")[:BATCH]:
        with transaction.atomic():
            if not DealTask.objects.filter(pk=task.pk, done_at=None, reminded_on=None).update(reminded_on=on):
                continue
            data = {"task": task.title, "deal": task.opportunity.name}
            notify([task.owner], event=TaskDue.name, url=task_url(task), at=now, data=data)
            count += 1
    return count
