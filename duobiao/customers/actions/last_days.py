"""What has a last day, on a locked row: noted once that it is near, ended the day after, told to who works here."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from duobiao.customers.domain.expiry import WARN_DAYS, warning_due
from duobiao.identity.models import User
from duobiao.timeline.actions.notify import notify


def farthest_warning(on: date) -> date:
    """Return the last day that somebody may be told of today."""
    return on + timedelta(days=max(WARN_DAYS))


def note_warning(row: Any, until: date | None, *, on: date) -> bool:
    """Note on the row, in ``warned_days``, that its last day is near; False where nobody is to be told today."""
    nearest = warning_due(until, row.warned_days, on=on) if until is not None else None
    if nearest is None:
        return False
    row.warned_days = nearest
    row.save(update_fields=["warned_days"])
    return True


def end_after(row: Any, until: date | None, state: str, *, on: date) -> bool:
    """Put the row into the state it has from the day after its last day; False where that day has not come."""
    if until is None or until >= on:
        return False
    row.state, row.since_on = state, until + timedelta(days=1)
    row.version += 1
    row.save(update_fields=["state", "since_on", "version"])
    return True


def tell_of_last_day(people: Iterable[User], event: str, *, url: str, data: Mapping[str, Any], now: datetime) -> None:
    """Tell those of the people who still work here."""
    notify([person for person in people if person.is_active], event=event, url=url, at=now, data=dict(data))
