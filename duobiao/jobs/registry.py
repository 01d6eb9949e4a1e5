"""The schedule: which jobs the clock starts, and when.

Capabilities call ``every(…)`` in ``AppConfig.ready()``. A worker that was down starts the latest missed slot once,
never the whole backlog.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django_tasks.base import Task

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When one job runs.

    Attributes:
        name: Unique and stable; stored with each started slot.
        minutes: Length of a slot counted from midnight UTC, for frequent jobs.
        hour, minute: Local time of day in the company's zone, for daily jobs.
    """

    name: str
    task: Task[..., Any]
    minutes: int | None = None
    hour: int | None = None
    minute: int = 0

    def slot(self, now: datetime) -> datetime:
        """Return the beginning of the latest slot that has begun by ``now``, in UTC."""
        if self.minutes is not None:
            return EPOCH + (now - EPOCH) // timedelta(minutes=self.minutes) * timedelta(minutes=self.minutes)
        zone = ZoneInfo(settings.TIME_ZONE)
        today = now.astimezone(zone).date()
        at = time(self.hour or 0, self.minute)
        begun = datetime.combine(today, at, zone)
        if begun > now:
            begun = datetime.combine(today - timedelta(days=1), at, zone)
        return begun.astimezone(UTC)


_schedules: dict[str, Schedule] = {}


def every(
    name: str, *, task: Task[..., Any], minutes: int | None = None, hour: int | None = None, minute: int = 0
) -> None:
    """Start ``task`` without arguments every ``minutes``, or daily at ``hour``:``minute`` in the company's zone.

    Args:
        minutes: 1 to 1440.
        hour: 0 to 23; give either this or ``minutes``.

    Raises:
        ValueError: both or neither given, out of range, or the name belongs to another job.
    """
    if (minutes is None) == (hour is None):
        raise ValueError(f"schedule {name}: give either minutes or hour")
    if minutes is not None and not 1 <= minutes <= DAY_MINUTES:
        raise ValueError(f"schedule {name}: minutes must lie between 1 and {DAY_MINUTES}")
    schedule = Schedule(name=name, task=task, minutes=minutes, hour=hour, minute=minute)
    if _schedules.get(name, schedule) != schedule:
        raise ValueError(f"schedule {name} is taken by another job")
    _schedules[name] = schedule


def schedules() -> list[Schedule]:
    """Return all schedules, ordered by name."""
    return [_schedules[name] for name in sorted(_schedules)]


Clock = Callable[[], datetime]
"""Gives the present moment; tests pass their own."""
