from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from duobiao.jobs import registry
from duobiao.jobs.tests import sample_jobs

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    monkeypatch.setattr(registry, "_schedules", {})


def slot_of(now: datetime) -> datetime:
    return registry.schedules()[0].slot(now)


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        ((10, 0), datetime(2026, 9, 14, 2, 0, tzinfo=UTC)),
        ((10, 14), datetime(2026, 9, 14, 2, 0, tzinfo=UTC)),
        ((10, 15), datetime(2026, 9, 14, 2, 15, tzinfo=UTC)),
    ],
)
def test_a_frequent_job_has_slots_of_equal_length(at, slot):
    registry.every("sample", task=sample_jobs.fail, minutes=15)

    assert slot_of(datetime(2026, 9, 14, *at, tzinfo=SHANGHAI)) == slot


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        ((14, 3, 39), datetime(2026, 9, 12, 19, 40, tzinfo=UTC)),
        ((14, 3, 40), datetime(2026, 9, 13, 19, 40, tzinfo=UTC)),
        ((14, 23, 59), datetime(2026, 9, 13, 19, 40, tzinfo=UTC)),
    ],
)
def test_a_daily_job_begins_at_the_local_time_of_the_company(at, slot):
    registry.every("sample", task=sample_jobs.fail, hour=3, minute=40)

    assert slot_of(datetime(2026, 9, *at, tzinfo=SHANGHAI)) == slot


@pytest.mark.parametrize("when", [{}, {"minutes": 5, "hour": 1}, {"minutes": 0}, {"minutes": 1441}])
def test_a_schedule_without_one_clear_time_is_refused(when):
    with pytest.raises(ValueError, match="schedule sample"):
        registry.every("sample", task=sample_jobs.fail, **when)

    assert registry.schedules() == []


def test_a_name_belongs_to_one_job_and_registering_it_again_changes_nothing():
    registry.every("sample", task=sample_jobs.fail, minutes=5)
    registry.every("sample", task=sample_jobs.fail, minutes=5)

    with pytest.raises(ValueError, match="taken"):
        registry.every("sample", task=sample_jobs.add, minutes=5)

    assert [schedule.task for schedule in registry.schedules()] == [sample_jobs.fail]
