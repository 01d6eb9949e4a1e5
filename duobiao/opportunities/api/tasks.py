"""Tasks of a deal, and those of a person."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.add_task import add_task, edit_task
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.api.common import deal_of, today
from duobiao.opportunities.models import DealTask, Opportunity
from duobiao.opportunities.queries.tasks import tasks_for

router = Router()
Day = date


class TaskIn(StrictSchema):
    """What is to be done, by whom, by when."""

    title: str = Field(max_length=200)
    owner: str = Field(max_length=40, description="Somebody who may see the deal.")
    due_on: Day


class TaskPut(TaskIn):
    """A task changed."""

    version: int = Field(ge=1, le=2**31 - 1)


class FinishIn(StrictSchema):
    """What came of a task."""

    result: str = Field("", max_length=500, description="Needed where it is dropped.")
    dropped: bool = Field(False, description="It is no longer needed.")


class TaskOut(Schema):
    """A task as kept."""

    ref: str
    opportunity: str
    title: str
    owner: str
    due_on: Day
    source_kind: str = Field(description="Kind of the record it came from; empty where it was put by hand.")
    source_ref: str
    added_at: datetime
    done_at: datetime | None
    dropped: bool
    result: str
    version: int

    @classmethod
    def of(cls, task: DealTask) -> "TaskOut":
        """Build from a row with its owner and its deal loaded."""
        same = {name: getattr(task, name) for name in cls.model_fields if name not in ("opportunity", "owner")}
        return cls(**same, opportunity=task.opportunity.ref, owner=task.owner.ref)


class TasksQuery(StrictSchema):
    """Which tasks of the person."""

    days: int = Field(7, ge=0, le=366, description="Due within so many days; overdue ones are always there.")
    team: bool = Field(False, description="Those of everybody on the deals the person may see.")


def _values(request: HttpRequest, deal: Opportunity, payload: TaskIn) -> dict[str, Any]:
    actor = actor_of(request)
    require(actor, "opportunities.task", deal)
    owner = user_by_ref(actor, payload.owner, field="owner")
    return {"title": payload.title, "owner": owner, "due_on": payload.due_on, "actor": actor, "now": timezone.now()}


def _task(deal: Opportunity, ref: str) -> DealTask:
    rows = DealTask.objects.filter(opportunity=deal, ref=ref)
    task = rows.select_related("owner", "opportunity__owner").first()
    if task is None:
        raise NotFound(_("There is no such record."))
    return task


@router.get("/tasks", response=list[TaskOut], operation_id="list_my_tasks", summary="Read the tasks due")
def get_my_tasks(request: HttpRequest, query: Query[TasksQuery]) -> list[TaskOut]:
    """Read the open tasks that are overdue or due soon, the earliest due first; at most 200."""
    on = today(request)
    until = on + timedelta(days=query.days)
    lines = tasks_for(actor_of(request), on=on, until=until, team=query.team, limit=200)
    return [TaskOut.of(line.task) for line in lines]


@router.get("/opportunities/{ref}/tasks", response=list[TaskOut], operation_id="list_tasks", summary="Read the tasks")
def get_tasks(request: HttpRequest, ref: str) -> list[TaskOut]:
    """Read the tasks of a deal, open and closed, the earliest due first."""
    rows = deal_of(request, ref).tasks.select_related("owner", "opportunity")
    return [TaskOut.of(row) for row in rows.order_by("due_on", "added_at", "pk")]


@router.post("/opportunities/{ref}/tasks", response={201: TaskOut}, operation_id="add_task", summary="Add a task")
def post_task(request: HttpRequest, ref: str, payload: TaskIn) -> Status[TaskOut]:
    """Put a task on an open deal; who is to do it is told."""
    deal = deal_of(request, ref)
    return Status(201, TaskOut.of(add_task(opportunity=deal, **_values(request, deal, payload))))


@router.put(
    "/opportunities/{ref}/tasks/{task_ref}", response=TaskOut, operation_id="edit_task", summary="Change a task"
)
def put_task(request: HttpRequest, ref: str, task_ref: str, payload: TaskPut) -> TaskOut:
    """Change an open task."""
    deal = deal_of(request, ref)
    task = _task(deal, task_ref)
    return TaskOut.of(edit_task(task=task, version=payload.version, **_values(request, deal, payload)))


@router.post(
    "/opportunities/{ref}/tasks/{task_ref}/finish",
    response=TaskOut,
    operation_id="finish_task",
    summary="Finish a task",
)
def post_finish(request: HttpRequest, ref: str, task_ref: str, payload: FinishIn) -> TaskOut:
    """Note that a task is done, or no longer needed."""
    task = _task(deal_of(request, ref), task_ref)
    actor, now = actor_of(request), timezone.now()
    return TaskOut.of(finish_task(task=task, result=payload.result, dropped=payload.dropped, actor=actor, now=now))
