"""Start what the clock asks for, once per slot however many workers look."""

from datetime import datetime

from django.db import IntegrityError, transaction

from duobiao.jobs.models import ScheduleRun
from duobiao.jobs.registry import Schedule, schedules


def enqueue_due(*, now: datetime, seen: dict[str, datetime]) -> list[str]:
    """Enqueue each scheduled job whose present slot nobody has started; return their names.

    Args:
        seen: Slots this worker knows to be started, by name; spares a query per slot and is brought up to date.
    """
    started = []
    for schedule in schedules():
        slot = schedule.slot(now)
        if seen.get(schedule.name) == slot:
            continue
        if _start(schedule, slot):
            started.append(schedule.name)
        seen[schedule.name] = slot
    return started


def _start(schedule: Schedule, slot: datetime) -> bool:
    if ScheduleRun.objects.filter(name=schedule.name, slot=slot).exists():
        return False
    try:
        with transaction.atomic():
            ScheduleRun.objects.create(name=schedule.name, slot=slot)
            schedule.task.enqueue()
    except IntegrityError:
        return False
    return True
