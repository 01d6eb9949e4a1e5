"""What is frozen when the customer is asked to confirm: the text they read, and the facts it stands for.

A snapshot is JSON: ``lead`` (what it is about: topic, day, place, people of both sides, who asks), ``sections`` (titles
by language and the text as sent) and ``facts`` (what the ledger gains).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Words = Mapping[str, str]
"""A title by language code."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What the record is about, as the customer reads it first.

    Attributes:
        on: Day of the meeting.
        theirs, ours: Names of those who took part.
        what: ``minutes`` or ``requirements``: what is confirmed.
    """

    company: str
    asked_by: str
    to: str
    topic: str
    on: date
    place: str
    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    what: str = "minutes"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the text."""

    name: str
    title: Words
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Evidence that the customer's agreement raises.

    Attributes:
        on: Day of the fact; None: the day of the answer.
        quote: What of the text shows it.
        new: Only the customer's answer shows it; without that the fact must still stand on the record when they answer.
    """

    key: str
    on: date | None
    quote: str
    until: date | None = None
    new: bool = False


def frozen(lead: Lead, sections: Iterable[Section], facts: Iterable[Fact]) -> dict[str, Any]:
    """Return the JSON that is kept."""
    return {
        "lead": {
            "company": lead.company,
            "asked_by": lead.asked_by,
            "to": lead.to,
            "topic": lead.topic,
            "on": lead.on.isoformat(),
            "place": lead.place,
            "theirs": list(lead.theirs),
            "ours": list(lead.ours),
            "what": lead.what,
        },
        "sections": [{"name": row.name, "title": dict(row.title), "text": row.text} for row in sections],
        "facts": [
            {
                "key": row.key,
                "on": row.on.isoformat() if row.on else None,
                "quote": row.quote,
                "until": row.until.isoformat() if row.until else None,
                "new": row.new,
            }
            for row in facts
        ],
    }


def facts_of(snapshot: Mapping[str, Any]) -> list[Fact]:
    """Read back what a snapshot proves."""
    return [
        Fact(row["key"], _day(row["on"]), row["quote"], _day(row["until"]), row["new"])
        for row in snapshot.get("facts", [])
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
