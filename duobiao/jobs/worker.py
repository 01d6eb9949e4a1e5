"""The worker: claims jobs one after another, keeps its lease alive, and starts what the schedule asks for."""

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType

from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks.base import TaskContext
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult

from duobiao.jobs import leases, schedule

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
CARE_SECONDS = 10
"""How often a worker looks for silent colleagues and due slots."""


def worker_name() -> str:
    """Return a name unique among all workers of all machines, at most 64 characters."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


class Worker:
    """One worker process.

    Attributes:
        name: Held in the lease of the job it runs.
    """

    def __init__(self, *, name: str = "") -> None:
        self.name = name or worker_name()
        self._stop = threading.Event()
        self._seen: dict[str, datetime] = {}
        self._care_at = timezone.now()

    def run(self) -> None:
        """Work until told to stop; a job that has begun is finished first."""
        logger.info("worker %s started", self.name)
        while not self._stop.is_set():
            close_old_connections()
            try:
                worked = self.step(now=timezone.now())
            except DatabaseTrouble:
                logger.exception("worker %s: the database did not answer; trying again", self.name)
                connection.close()
                worked = False
                self._stop.wait(POLL_SECONDS * 4)
            if not worked:
                self._stop.wait(POLL_SECONDS)
        connection.close()
        logger.info("worker %s stopped", self.name)

    def step(self, *, now: datetime) -> bool:
        """Care for the queue when that is due, then run at most one job; tell whether one was run."""
        if now >= self._care_at:
            leases.requeue_stale(now=now)
            schedule.enqueue_due(now=now, seen=self._seen)
            self._care_at = now + timedelta(seconds=CARE_SECONDS)
        job = leases.claim(worker=self.name, now=timezone.now()) if leases.has_ready_job() else None
        if job is None:
            return False
        self._perform(job)
        return True

    def stop(self, signum: int, _frame: FrameType | None) -> None:
        """Finish the job at hand and end; asked a second time, end at once and let the lease run out."""
        if self._stop.is_set():
            logger.warning("worker %s ends at once", self.name)
            os._exit(128 + signum)
        self._stop.set()

    def obey_signals(self) -> None:
        """Stop gracefully on SIGTERM and SIGINT."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def _perform(self, job: DBTaskResult) -> None:
        value, error = None, None
        with heartbeat(job, worker=self.name):
            try:
                value = normalize_json(_call(job))
            except Exception as caught:  # a job may raise anything; the worker lives on
                error = caught
                logger.exception("job %s (%s) failed", job.id, job.task_path)
        if not leases.finish(job, worker=self.name, value=value, error=error):
            logger.warning("worker %s: the lease of job %s was lost; its result is dropped", self.name, job.id)


def _call(job: DBTaskResult) -> object:
    task, result = job.task, job.task_result
    if task.takes_context:
        return task.call(TaskContext(task_result=result), *result.args, **result.kwargs)
    return task.call(*result.args, **result.kwargs)


@contextmanager
def heartbeat(job: DBTaskResult, *, worker: str) -> Iterator[None]:
    """Renew the lease from a thread of its own while the block runs."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(leases.HEARTBEAT_SECONDS):
            try:
                leases.renew(job, worker=worker, now=timezone.now())
            except DatabaseTrouble:
                logger.warning("worker %s could not renew its lease; trying again", worker)
                connection.close()
        connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=leases.LEASE_SECONDS)
