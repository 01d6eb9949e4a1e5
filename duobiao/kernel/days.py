"""Days: which calendar day it is where the person sits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Periods that people ask for lie between these; a day outside is a slip of the pen."""


def local_day(moment: datetime, zone: str = DEFAULT_ZONE) -> date:
    """Return the calendar day of an aware ``moment`` in ``zone``."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """Return the first moment of ``day`` in ``zone``, as UTC; of the calendar's first days the earliest there is."""
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return EARLIEST if day.year == date.min.year else LATEST


def end_of_day(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """Return the first moment after ``day`` in ``zone``, as UTC; of the calendar's last day the latest there is."""
    return LATEST if day == date.max else start_of_day(day + timedelta(days=1), zone)


def next_month(day: date) -> date:
    """Return the first day of the month after ``day``'s."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
