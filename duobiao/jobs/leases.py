"""Leases: a worker claims a job, renews its claim, and loses it when it falls silent."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from duobiao.jobs.models import JobLease

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5
LEASE_SECONDS = 30
MAX_ATTEMPTS = 5
"""A job whose worker died this often is taken for the killer and set aside as failed."""

PATIENCE = timedelta(seconds=1)


def has_ready_job() -> bool:
    """Tell, without a write transaction, whether a job waits."""
    return bool(DBTaskResult.objects.ready().exists())


@transaction.atomic
def claim(*, worker: str, now: datetime) -> DBTaskResult | None:
    """Claim the next waiting job for ``worker``; None when there is none.

    Urgent jobs come first, then those due longest. Two workers never claim the same job.
    """
    job = DBTaskResult.objects.ready().get_locked()
    if job is None:
        return None
    job.claim(worker)
    lease, _ = JobLease.objects.get_or_create(result=job)
    lease.worker, lease.heartbeat_at, lease.attempts = worker, now, lease.attempts + 1
    lease.save(update_fields=["worker", "heartbeat_at", "attempts"])
    return job


def renew(job: DBTaskResult, *, worker: str, now: datetime) -> bool:
    """Renew the lease; False when it is no longer this worker's."""
    return JobLease.objects.filter(result=job, worker=worker).update(heartbeat_at=now) == 1


@transaction.atomic
def finish(job: DBTaskResult, *, worker: str, value: Any = None, error: BaseException | None = None) -> bool:
    """Store how the job ended and free its lease; False, storing nothing, when the lease was lost meanwhile."""
    lease = JobLease.objects.select_for_update().filter(result=job, worker=worker).first()
    if lease is None:
        return False
    lease.worker, lease.heartbeat_at = "", None
    lease.save(update_fields=["worker", "heartbeat_at"])
    if error is None:
        job.set_successful(value)
    else:
        job.set_failed(error)
    return True


def requeue_stale(*, now: datetime) -> int:
    """Queue jobs again whose worker fell silent; return how many.

    On SQLite a job may hold the only write lock for longer than a lease lasts, and then nobody can renew. So a
    round that itself had to wait for the lock judges nobody; the next one, seconds later, will.
    """
    stale = JobLease.objects.filter(
        heartbeat_at__lt=now - timedelta(seconds=LEASE_SECONDS), result__status=TaskResultStatus.RUNNING
    )
    if not stale.exists():
        return 0
    asked_at = timezone.now()
    with transaction.atomic():
        if timezone.now() - asked_at > PATIENCE:
            return 0
        leases = list(stale.select_for_update(of=("self",), skip_locked=True).select_related("result"))
        for lease in leases:
            _give_back(lease)
    return len(leases)


def _give_back(lease: JobLease) -> None:
    job = lease.result
    logger.warning("worker %s fell silent; job %s is free again (attempt %d)", lease.worker, job.id, lease.attempts)
    lease.worker, lease.heartbeat_at = "", None
    lease.save(update_fields=["worker", "heartbeat_at"])
    if lease.attempts >= MAX_ATTEMPTS:
        job.set_failed(RuntimeError(f"set aside: its worker died {lease.attempts} times"))
        return
    job.status = TaskResultStatus.READY
    job.save(update_fields=["status"])
