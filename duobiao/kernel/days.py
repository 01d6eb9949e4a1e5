"""Days: which calendar day it is where the person sits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"


def local_day(moment: datetime, zone: str = DEFAULT_ZONE) -> date:
    """Return the calendar day of an aware ``moment`` in ``zone``."""
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """Return the first moment after ``day`` in ``zone``, as UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
