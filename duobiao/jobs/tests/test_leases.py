from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from duobiao.jobs import leases
from duobiao.jobs.models import JobLease
from duobiao.jobs.tests import sample_jobs

pytestmark = pytest.mark.django_db


def claimed(now, worker="w1"):
    sample_jobs.add.enqueue(1, 2)
    return leases.claim(worker=worker, now=now)


def test_a_claimed_job_has_a_lease_and_nobody_else_gets_it(now):
    job = claimed(now)

    lease = JobLease.objects.get()
    assert (lease.result_id, lease.worker, lease.heartbeat_at, lease.attempts) == (job.id, "w1", now, 1)
    assert job.status == TaskResultStatus.RUNNING
    assert leases.claim(worker="w2", now=now) is None


def test_urgent_jobs_are_claimed_first(now):
    sample_jobs.add.enqueue(1, 1)
    urgent = sample_jobs.add.using(priority=50).enqueue(2, 2)

    assert str(leases.claim(worker="w1", now=now).id) == urgent.id


def test_a_renewed_lease_does_not_run_out(now):
    job = claimed(now)
    later = now + timedelta(seconds=leases.LEASE_SECONDS)

    assert leases.renew(job, worker="w1", now=later)
    assert leases.requeue_stale(now=later + timedelta(seconds=1)) == 0
    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING


def test_a_job_whose_worker_fell_silent_is_queued_again_and_counts_its_attempts(now):
    job = claimed(now)
    later = now + timedelta(seconds=leases.LEASE_SECONDS + 1)

    assert leases.requeue_stale(now=later) == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY
    again = leases.claim(worker="w2", now=later)
    assert again.id == job.id
    assert JobLease.objects.get().attempts == 2
    assert leases.requeue_stale(now=later) == 0


def test_a_worker_that_lost_its_lease_can_neither_renew_nor_finish(now):
    job = claimed(now)
    later = now + timedelta(seconds=leases.LEASE_SECONDS + 1)
    leases.requeue_stale(now=later)
    leases.claim(worker="w2", now=later)

    assert not leases.renew(job, worker="w1", now=later)
    assert not leases.finish(job, worker="w1", value=3)
    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING
    assert JobLease.objects.get().worker == "w2"


def test_a_job_that_keeps_killing_its_worker_is_set_aside(now):
    claimed(now)
    JobLease.objects.update(attempts=leases.MAX_ATTEMPTS)

    leases.requeue_stale(now=now + timedelta(minutes=1))

    job = DBTaskResult.objects.get()
    assert job.status == TaskResultStatus.FAILED
    assert "its worker died 5 times" in job.traceback


def test_the_database_refuses_a_lease_without_heartbeat(now):
    claimed(now)

    with pytest.raises(IntegrityError), transaction.atomic():
        JobLease.objects.update(heartbeat_at=None)

    assert JobLease.objects.get().heartbeat_at == now
