"""When a message may reach a person: quiet hours and the hour of the daily digest, in their own zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

PAUSES = (1, 5, 15, 60, 240)
"""Minutes before each further attempt."""


def is_quiet(at: time, quiet_from: time | None, quiet_to: time | None) -> bool:
    """Whether a time of day lies in the quiet hours; they may pass midnight, and end when ``quiet_to`` comes."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return False
    if quiet_from < quiet_to:
        return quiet_from <= at < quiet_to
    return at >= quiet_from or at < quiet_to


def due_at(now: datetime, *, zone: str, quiet_from: time | None, quiet_to: time | None) -> datetime:
    """Return when a message that is ready may go: now, or when the quiet hours end; in UTC."""
    here = now.astimezone(ZoneInfo(zone))
    if quiet_to is None or not is_quiet(here.time(), quiet_from, quiet_to):
        return now
    return _next(here, quiet_to, zone)


def digest_at(now: datetime, *, zone: str, at: time) -> datetime:
    """Return the next daily digest after now; in UTC."""
    return _next(now.astimezone(ZoneInfo(zone)), at, zone)


def _next(here: datetime, at: time, zone: str) -> datetime:
    found = datetime.combine(here.date(), at, ZoneInfo(zone))
    if found <= here:
        found = datetime.combine(here.date() + timedelta(days=1), at, ZoneInfo(zone))
    return found.astimezone(UTC)


def next_attempt(now: datetime, attempts: int) -> datetime | None:
    """Return when to try again after so many attempts; None once it is given up."""
    if attempts > len(PAUSES):
        return None
    return now + timedelta(minutes=PAUSES[attempts - 1])
