"""Jobs for the tests, importable by worker processes."""

import time
from pathlib import Path

from django_tasks import TaskContext, task

from duobiao.jobs.models import ScheduleRun


@task()
def add(first: int, second: int) -> int:
    """Add two numbers."""
    return first + second


@task()
def fail() -> None:
    """Fail."""
    raise ValueError("this job always fails")


@task()
def return_an_object() -> object:
    """Return what JSON cannot hold."""
    return object()


@task(takes_context=True)
def name_attempt(context: TaskContext) -> int:
    """Return which attempt this is."""
    return len(context.task_result.worker_ids)


@task()
def mark(path: str, seconds: float) -> None:
    """Note the beginning in a file, work for a while, then leave an idempotent effect in the database."""
    with Path(path).open("a") as log:
        log.write("begun\n")
    time.sleep(seconds)
    ScheduleRun.objects.get_or_create(name="effect", slot="2999-01-01T00:00:00Z")
    with Path(path).open("a") as log:
        log.write("done\n")
