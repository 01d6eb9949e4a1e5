"""Dates, numbers and words of the story: everything that follows from the data without touching the database."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

DATA = Path(__file__).parent / "data"
FRIDAY = 4
Spec = dict[str, Any]


@lru_cache(maxsize=8)
def read(name: str) -> Any:
    """Return a data file."""
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def deals() -> dict[str, Spec]:
    """Return all deals of the story by key.

    Raises:
        ValueError: two deals have the same key, so that one of them would never be told.
    """
    found = [deal for path in sorted((DATA / "deals").glob("*.yaml")) for deal in read(f"deals/{path.name}")]
    return by_key([*found, *decided(read("closed.yaml"), read("customers.yaml"))])


def by_key(specs: Iterable[Spec]) -> dict[str, Spec]:
    """Return parts of the story by key.

    Raises:
        ValueError: a key is used twice.
    """
    found: dict[str, Spec] = {}
    for spec in specs:
        if spec["key"] in found:
            raise ValueError(f"two deals of the story have the key {spec['key']!r}; give one of them another")
        found[spec["key"]] = spec
    return found


def decided(told: Mapping[str, Any], customers: Sequence[Mapping[str, Any]]) -> Iterator[Spec]:
    """Return the deals that are told in one line each, as those that are told at length."""
    owners = {customer["key"]: customer["owner"] for customer in customers}
    for number, row in enumerate(told["deals"], start=1):
        customer, name, amount, opened, closed, through, outcome, reason, note = row
        settled = through in told["settled"]
        shown = [told["settled"][through]] if settled else told["first"]
        day = closed - 1 if outcome == "WON" else closed - 9 if settled else opened + 8
        yield {
            "key": f"decided-{number}",
            "name": name,
            "customer": customer,
            "owner": owners[customer],
            "amount": amount,
            "opened": opened,
            "topic": name.partition(" ")[2],
            "prove": [[day, evidence] for evidence in shown],
            "close": {"day": closed, "outcome": outcome, "reason": reason, "note": note},
        }


def dice(*parts: object, sides: int) -> int:
    """Return a number from 0 to ``sides - 1`` that is the same every time for the same parts."""
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:4], "big") % sides


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of the story.

    Attributes:
        today: The day from which offsets count.
    """

    today: date
    zone: str

    def day(self, offset: int) -> date:
        """Return the day ``offset`` days from today; weekends move to the Friday before."""
        found = self.today + timedelta(days=offset)
        return found - timedelta(days=max(0, found.weekday() - FRIDAY))

    def today_at(self, hour: int, minute: int) -> datetime:
        """Return a moment of today, be it a weekend or not."""
        return datetime.combine(self.today, time(hour, minute), ZoneInfo(self.zone))

    def at(self, offset: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment of that day."""
        return datetime.combine(self.day(offset), time(hour, minute), ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did.

    Attributes:
        at: When.
        order: Decides between steps of the same moment.
        verb: Names the function of ``acting`` that does it.
        deal: Key of the deal, "" for steps that belong to none.
    """

    at: datetime
    order: int
    verb: str
    deal: str = ""
    values: Spec = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a proof says: who, by which channel, how strongly, in which words; ``days`` it is good for."""

    who: str
    channel: str
    grade: int
    words: str
    days: int | None = None


def phrase(key: str) -> Phrase:
    """Return the stock words for a kind of evidence."""
    who, channel, grade, words, *rest = read("phrases.yaml")[key]
    return Phrase(who, channel, grade, words, rest[0] if rest else None)


def fill(words: str, *, deal: Mapping[str, Any], on: date, names: Mapping[str, str]) -> str:
    """Put names, days and numbers into stock words."""
    need = deal.get("need", {})
    number = dice(deal["key"], words, sides=900) + 100
    return words.format(
        c=names.get("customer", ""),
        n=names.get("person", ""),
        d=f"{on.month} 月 {on.day} 日",
        ymd=f"{on:%Y-%m%d}",
        year=on.year,
        no=f"{on:%Y%m}-{number}",
        amt=f"{deal['amount']:,} 万",
        topic=deal.get("topic", deal["name"]),
        problem=need.get("problem", ""),
        impact=need.get("impact", ""),
        people=5 + dice(deal["key"], sides=6),
        items=20 + dice(deal["key"], words, sides=60),
        score=78 + dice(deal["key"], sides=15),
    )
