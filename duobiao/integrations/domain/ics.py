"""Calendar files (RFC 5545): what calendar programs subscribe to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vText

PRODUCT = "-//Duobiao//Duobiao//ZH"
REFRESH = timedelta(hours=1)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Characters that no text of a calendar may hold; a line feed is escaped by the library."""


@dataclass(frozen=True, slots=True)
class IcsEvent:
    """One entry of a calendar file.

    Attributes:
        uid: Stays the same for ever, so that a changed entry replaces the one a program holds.
        begin: A day, or an aware moment in a named zone; ``end`` the first day after, or the moment it ends.
        sequence: Grows with every change.
        busy: The time is taken; days on which something is due are not.
    """

    uid: str
    summary: str
    begin: date | datetime
    end: date | datetime
    changed_at: datetime
    sequence: int = 0
    location: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False
    busy: bool = False


def calendar_file(events: Iterable[IcsEvent], *, name: str) -> bytes:
    """Write a calendar file; zones that occur are described in it."""
    book = Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", vText(" ".join(_clean(name).split())))
    book.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", "PT1H")
    rows = list(events)
    for event in rows:
        book.add_component(_component(event))
    years = sorted({row.begin.year for row in rows})
    if years:
        book.add_missing_timezones(date(years[0] - 1, 1, 1), date(years[-1] + 2, 1, 1))
    return bytes(book.to_ical())


def _component(event: IcsEvent) -> Event:
    made = Event()
    made.add("uid", event.uid)
    made.add("summary", _clean(event.summary))
    made.add("dtstart", event.begin)
    made.add("dtend", event.end)
    made.add("dtstamp", event.changed_at)
    made.add("last-modified", event.changed_at)
    made.add("sequence", event.sequence)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("transp", "OPAQUE" if event.busy and not event.cancelled else "TRANSPARENT")
    for field, text in (("location", event.location), ("description", event.description)):
        if text:
            made.add(field, _clean(text))
    if event.url:
        made.add("url", event.url)
    return made


def _clean(text: str) -> str:
    return CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
