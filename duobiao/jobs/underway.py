"""Which calls of a job wait or run, so that nobody asks for the same work twice."""

from typing import Any

from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult


def calls_underway(task: Task[..., Any]) -> list[dict[str, Any]]:
    """Return the keyword arguments of each call of a job that waits or runs."""
    rows = DBTaskResult.objects.filter(
        task_path=task.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    return [row["kwargs"] for row in rows.values_list("args_kwargs", flat=True)]
