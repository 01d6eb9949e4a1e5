from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from duobiao.jobs import health, housekeeping, registry, schedule
from duobiao.jobs.models import ScheduleRun
from duobiao.jobs.tests import sample_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_schedule(monkeypatch):
    monkeypatch.setattr(registry, "_schedules", {})
    registry.every("sample", task=sample_jobs.fail, minutes=5)


def test_a_slot_is_started_once_however_many_workers_look(now):
    assert schedule.enqueue_due(now=now, seen={}) == ["sample"]
    assert schedule.enqueue_due(now=now + timedelta(minutes=1), seen={}) == []
    assert DBTaskResult.objects.count() == 1


def test_each_new_slot_is_started_and_missed_ones_are_not_made_up(now):
    seen = {}
    schedule.enqueue_due(now=now, seen=seen)

    assert schedule.enqueue_due(now=now + timedelta(hours=2), seen=seen) == ["sample"]
    assert ScheduleRun.objects.count() == 2


def test_a_slot_this_worker_knows_costs_no_query(now, django_assert_num_queries):
    seen = {}
    schedule.enqueue_due(now=now, seen=seen)

    with django_assert_num_queries(0):
        schedule.enqueue_due(now=now, seen=seen)


def test_the_database_refuses_a_second_start_of_a_slot(now):
    ScheduleRun.objects.create(name="sample", slot=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleRun.objects.create(name="sample", slot=now)


def test_a_worker_that_loses_the_race_for_a_slot_enqueues_nothing(now, monkeypatch):
    schedule.enqueue_due(now=now, seen={})
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda _rows: False)

    assert schedule.enqueue_due(now=now, seen={}) == []
    assert DBTaskResult.objects.count() == 1


def test_old_results_and_slots_are_forgotten_and_young_ones_kept():
    now = timezone.now()
    old = sample_jobs.add.enqueue(1, 2)
    DBTaskResult.objects.filter(id=old.id).update(status="SUCCESSFUL", finished_at=now - timedelta(days=15))
    young = sample_jobs.add.enqueue(1, 2)
    ScheduleRun.objects.create(name="sample", slot=now - timedelta(days=61))

    assert housekeeping.prune.call() == {"finished": 1, "slots": 1}
    assert [str(job.id) for job in DBTaskResult.objects.all()] == [young.id]


def test_health_names_jobs_that_wait_and_jobs_that_failed():
    now = timezone.now()
    waiting, failed = sample_jobs.add.enqueue(1, 2), sample_jobs.fail.enqueue()
    assert health.complaints(now=now) == []
    DBTaskResult.objects.filter(id=waiting.id).update(enqueued_at=now - timedelta(minutes=11))
    DBTaskResult.objects.filter(id=failed.id).update(status="FAILED", finished_at=now)

    lines = [line for line, _hint in health.complaints(now=now)]
    assert lines == [
        "1 jobs have waited for more than ten minutes",
        "duobiao.jobs.tests.sample_jobs.fail failed 1 times since yesterday",
    ]
