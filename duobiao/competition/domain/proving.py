"""What the records about the rivals of a deal prove, and what they would still need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FIRST_RIVALS = "competition.first_rivals_recorded"
LISTED = "competition.rivals_listed"
COMPARED = "competition.rival_solutions_compared"
BIDDERS = "competition.likely_bidders_estimated"
KEYS = (FIRST_RIVALS, LISTED, COMPARED, BIDDERS)


class Lack(StrEnum):
    """What a proof still needs."""

    NO_RIVAL = "NO_RIVAL"
    NO_SOURCE = "NO_SOURCE"
    NO_REACH = "NO_REACH"
    NO_OFFER = "NO_OFFER"
    NOT_RATED = "NOT_RATED"
    NO_ESTIMATE = "NO_ESTIMATE"


@dataclass(frozen=True, slots=True)
class RivalFacts:
    """What is recorded about one rival that is still in the race.

    Attributes:
        direct: Its class is direct.
        noted_on: Day of what is known about it; ``rated_on`` of the latest scores, ``reached_on`` of its contacts.
        rated: Both sides are rated on all five dimensions of an offer.
        likely: Whether it will bid; None while nobody has judged it, or without a basis.
    """

    name: str
    direct: bool
    noted_on: date
    sourced: bool
    offers: bool
    rated: bool
    likely: bool | None
    reached_on: date | None = None
    rated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A proof the records show, or what it lacks.

    Attributes:
        on: Day of the latest record that shows it; None where it is not shown.
        names: The rivals that it is about, or that lack something.
    """

    key: str
    on: date | None
    names: tuple[str, ...]
    lack: Lack | None = None


def shown(rivals: Sequence[RivalFacts]) -> list[Shown]:
    """Judge every kind of evidence about rivals, by those still in the race."""
    if not rivals:
        return [Shown(key, None, (), Lack.NO_RIVAL) for key in KEYS]
    return list(_judged(rivals))


def _judged(rivals: Sequence[RivalFacts]) -> Iterator[Shown]:
    sourced = [row for row in rivals if row.sourced]
    yield _shown(FIRST_RIVALS, sourced) if sourced else _lacks(FIRST_RIVALS, rivals, Lack.NO_SOURCE)

    unreached = [row for row in rivals if row.reached_on is None]
    yield _lacks(LISTED, unreached, Lack.NO_REACH) if unreached else _shown(LISTED, rivals)

    compared = [row for row in rivals if row.direct] or list(rivals)
    silent = [row for row in compared if not row.offers]
    unrated = [row for row in compared if not row.rated]
    if silent:
        yield _lacks(COMPARED, silent, Lack.NO_OFFER)
    elif unrated:
        yield _lacks(COMPARED, unrated, Lack.NOT_RATED)
    else:
        yield _shown(COMPARED, compared)

    open_rows = [row for row in rivals if row.likely is None]
    yield _lacks(BIDDERS, open_rows, Lack.NO_ESTIMATE) if open_rows else _shown(BIDDERS, rivals)


def _shown(key: str, rows: Sequence[RivalFacts]) -> Shown:
    named = [row for row in rows if row.likely] if key == BIDDERS else rows
    return Shown(key, max(_day(key, row) for row in rows), tuple(sorted(row.name for row in named)))


def _day(key: str, row: RivalFacts) -> date:
    if key == LISTED:
        return max(row.noted_on, row.reached_on or row.noted_on)
    return max(row.noted_on, row.rated_on or row.noted_on) if key == COMPARED else row.noted_on


def _lacks(key: str, rows: Sequence[RivalFacts], lack: Lack) -> Shown:
    return Shown(key, None, tuple(sorted(row.name for row in rows)), lack)
