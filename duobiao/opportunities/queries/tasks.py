"""Tasks of deals: what is open, whose it is, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import DealTask, Opportunity
from duobiao.timeline.registry import subject_of

DONE_SHOWN = 10
SHOWN = 60


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as pages show it.

    Attributes:
        late: Its day has passed and nobody has finished it.
        mine: The reader is to do it.
        source_url: Page of the record it came from, "" where it was put by hand.
    """

    task: DealTask
    late: bool
    mine: bool
    source_url: str


def tasks_of(deal: Opportunity, reader: User, *, on: date) -> list[TaskLine]:
    """Return the open tasks of a deal, the earliest due first, then the last ones finished; one query."""
    newest_end_first = F("done_at").desc(nulls_first=True)
    rows = deal.tasks.select_related("owner", "done_by").order_by(newest_end_first, "due_on", "added_at", "pk")
    found = list(rows[:SHOWN])
    waiting = [row for row in found if row.is_open]
    return _lines([*waiting, *[row for row in found if not row.is_open][:DONE_SHOWN]], reader, on)


def tasks_for(user: User, *, on: date, until: date, team: bool = False, limit: int = 8) -> list[TaskLine]:
    """Return open tasks due until a day, the latest first; one query.

    Args:
        team: Those of everybody on the deals the person may see, not only their own.
    """
    rows = DealTask.objects.filter(done_at=None, due_on__lte=until)
    rows = rows.filter(opportunity__in=visible_pks(user)) if team else rows.filter(owner=user)
    return _lines(rows.select_related("owner", "opportunity").order_by("due_on", "added_at", "pk")[:limit], user, on)


def tasks_from(source_ref: str, reader: User, *, on: date) -> list[TaskLine]:
    """Return the tasks a record led to, in the order they were put; one query."""
    rows = DealTask.objects.filter(source_ref=source_ref).select_related("owner", "done_by", "opportunity")
    return _lines(rows.order_by("added_at", "pk"), reader, on)


def visible_pks(user: User) -> QuerySet[Opportunity, int]:
    """Return the keys of the deals a person may see, to be used inside another query."""
    return Opportunity.objects.visible_to(user).values_list("pk", flat=True)


def task_people(deal: Opportunity, actor: User) -> QuerySet[User]:
    """Return who is offered for a task: the owner and the team of the deal, and who puts the task."""
    on_deal = Q(pk=deal.owner_id) | Q(deal_memberships__opportunity=deal) | Q(pk=actor.pk)
    return User.objects.active().filter(on_deal).distinct().order_by("name", "pk")


def _lines(rows: Sequence[DealTask] | QuerySet[DealTask], reader: User, on: date) -> list[TaskLine]:
    return [
        TaskLine(row, row.is_open and row.due_on < on, row.owner_id == reader.pk, source_url=_source_url(row))
        for row in rows
    ]


def _source_url(task: DealTask) -> str:
    subject = subject_of(Ref(task.source_kind, task.source_ref)) if task.source_kind else None
    return subject.url(task.source_ref) if subject is not None else ""
