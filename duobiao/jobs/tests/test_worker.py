import os
import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from duobiao.jobs import leases, registry
from duobiao.jobs.models import JobLease, ScheduleRun
from duobiao.jobs.tests import sample_jobs
from duobiao.jobs.worker import Worker, worker_name
from tests.support.processes import wait_until

LIMIT_TWO_WORKERS_MB = 250


@pytest.fixture
def quiet_schedule(monkeypatch):
    monkeypatch.setattr(registry, "_schedules", {})


def outcome(result):
    job = DBTaskResult.objects.get(id=result.id)
    return job.status, job.return_value


@pytest.mark.django_db
def test_a_worker_runs_a_job_and_frees_its_lease(quiet_schedule):
    result = sample_jobs.add.enqueue(20, 22)

    assert Worker().step(now=timezone.now())
    assert outcome(result) == ("SUCCESSFUL", 42)
    lease = JobLease.objects.get()
    assert (lease.worker, lease.heartbeat_at, lease.attempts) == ("", None, 1)
    assert not Worker().step(now=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("job", "reason"),
    [(sample_jobs.fail, "this job always fails"), (sample_jobs.return_an_object, "TypeError")],
)
def test_a_job_that_fails_is_noted_and_the_worker_lives_on(quiet_schedule, job, reason, caplog):
    failing, good = job.enqueue(), sample_jobs.add.enqueue(1, 1)
    worker = Worker()

    assert worker.step(now=timezone.now())
    assert worker.step(now=timezone.now())
    assert outcome(failing) == ("FAILED", None)
    assert reason in DBTaskResult.objects.get(id=failing.id).traceback
    assert outcome(good) == ("SUCCESSFUL", 2)


@pytest.mark.django_db
def test_a_job_may_ask_which_attempt_it_is(quiet_schedule):
    result = sample_jobs.name_attempt.enqueue()

    Worker().step(now=timezone.now())

    assert outcome(result) == ("SUCCESSFUL", 1)


def test_worker_names_are_unique_and_fit_their_column():
    assert worker_name() != worker_name()
    assert len(worker_name()) <= JobLease._meta.get_field("worker").max_length


@pytest.mark.drill
def test_a_killed_workers_job_is_queued_again_within_60_s_and_acts_once(
    same_database, start_process, tmp_path, full_drill, figure
):
    """Row 2: SIGKILL in mid-job: queued again within 60 s, its effect once."""
    log = tmp_path / "log"
    result = sample_jobs.mark.enqueue(str(log), 3 if full_drill else 1.5)
    first = start_process("worker", env=same_database)
    wait_until(log.exists, seconds=30, what="the first worker begins the job")

    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    if not full_drill:
        long_ago = timezone.now() - timedelta(seconds=leases.LEASE_SECONDS + 1)
        assert JobLease.objects.update(heartbeat_at=long_ago) == 1
    start_process("worker", env=same_database)
    took = wait_until(lambda: log.read_text().count("begun") == 2, seconds=60, what="another worker begins it again")
    wait_until(lambda: outcome(result)[0] == "SUCCESSFUL", seconds=30, what="the job is done")

    how = "" if full_drill else " (its lease declared old)"
    figure(2, f"killed worker: job begun again after {took:.1f} s{how}, one effect")
    assert log.read_text().split() == ["begun", "begun", "done"]
    assert ScheduleRun.objects.filter(name="effect").count() == 1
    assert JobLease.objects.get(result_id=result.id).attempts == 2


def test_a_worker_told_to_stop_finishes_its_job_first(same_database, start_process, tmp_path):
    log = tmp_path / "log"
    running, waiting = sample_jobs.mark.enqueue(str(log), 2), sample_jobs.add.using(priority=-1).enqueue(1, 2)
    worker = start_process("worker", env=same_database)
    wait_until(log.exists, seconds=30, what="the worker begins the job")

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=30) == 0
    assert outcome(running)[0] == "SUCCESSFUL"
    assert outcome(waiting)[0] == "READY"


def resident_mb(pid: int) -> float:
    """Return the memory a process holds, shared pages included."""
    kilobytes = re.search(r"^Rss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(kilobytes.group(1)) / 1024


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.drill
def test_two_idle_workers_are_small_and_nearly_still(same_database, start_process, full_drill, figure):
    workers = [start_process("worker", env=same_database) for _ in range(2)]
    enough = len(registry.schedules())
    wait_until(lambda: ScheduleRun.objects.count() >= enough, seconds=40, what="the schedule is started")
    wait_until(
        lambda: not DBTaskResult.objects.exclude(status__in=["SUCCESSFUL", "FAILED"]).exists(),
        seconds=40,
        what="the queue is empty",
    )
    before = [processor_seconds(worker.pid) for worker in workers]
    seconds = 20 if full_drill else 4
    with pytest.raises(AssertionError, match="nothing"):
        wait_until(lambda: False, seconds=seconds, what="nothing happens")
    used = sum(processor_seconds(worker.pid) for worker in workers) - sum(before)
    size = sum(resident_mb(worker.pid) for worker in workers)

    figure(2, f"two idle workers: {size:.0f} MB, {used / seconds:.1%} of one core")
    assert size <= LIMIT_TWO_WORKERS_MB
    assert used / seconds < 0.1
