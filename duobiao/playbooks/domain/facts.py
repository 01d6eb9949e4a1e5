"""The facts a deal is judged by, each with the days on which it happened and became known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duobiao.playbooks.domain.model import Accept, Grade, Method, Nature, Outcome, Until


@dataclass(frozen=True, slots=True)
class Proof:
    """One recorded proof.

    Attributes:
        happened_on: Day the fact happened.
        known_on: Day it became known (imports: the original day).
        retracted_on: Day it was retracted, if it was; from that day on it does not count.
        valid_until: Last day it is good for, where the proof itself says so.
        method: The purchase method it shows, for facts about the method.
        sequence: Order of recording; decides between two methods of the same day.
        ref: Reference of the record behind it.
    """

    key: str
    grade: Grade
    happened_on: date
    known_on: date
    retracted_on: date | None = None
    valid_until: date | None = None
    method: Method | None = None
    sequence: int = 0
    ref: str = ""

    def live(self, *, on: date, known_by: date) -> bool:
        """Whether the proof exists on a day, as far as was known by another."""
        if self.happened_on > on or self.known_on > known_by:
            return False
        return self.retracted_on is None or self.retracted_on > known_by


@dataclass(frozen=True, slots=True)
class Waiver:
    """An approved exception for one item, from its approval to its inclusive last day.

    ``ended_on`` is the day it was ended early, if it was; from that day on it does not count.
    """

    item: str
    from_on: date
    expires_on: date
    ended_on: date | None = None

    def runs(self, *, on: date, known_by: date) -> bool:
        """Whether the waiver holds on a day, as far as was known by another."""
        if self.ended_on is not None and self.ended_on <= known_by:
            return False
        return self.from_on <= known_by and on <= self.expires_on


@dataclass(frozen=True, slots=True)
class Closing:
    """The deal was closed on a day, recorded on another, and perhaps reopened later."""

    outcome: Outcome
    closed_on: date
    known_on: date
    reopened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a deal is judged by."""

    proofs: Sequence[Proof] = ()
    waivers: Sequence[Waiver] = ()
    closings: Sequence[Closing] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The days a judgement looks from.

    Attributes:
        on: Day for what is frozen when a deal is won; what was known by ``known_by`` counts.
        late_on: Day for what goes on after that (the stage of the contract and those behind it, the buyer's last
            stage); what was known by ``late_known`` counts.
        moves: Whether the passing of days can still change what freezes.
        late_moves: Whether it can still change what goes on.
    """

    on: date
    known_by: date
    late_on: date
    late_known: date
    moves: bool
    late_moves: bool

    def days(self, *, late: bool) -> tuple[date, date]:
        """Return the day of judgement and the day of knowledge, for what goes on or for what freezes."""
        return (self.late_on, self.late_known) if late else (self.on, self.known_by)

    def moves_at(self, *, late: bool) -> bool:
        """Whether the passing of days can still change what goes on, or what freezes."""
        return self.late_moves if late else self.moves


def frame_on(closings: Iterable[Closing], day: date) -> Frame:
    """Return the frame in force on ``day``: a closing known by then freezes it at the day it names.

    A deal closed on Monday with effect from Friday is frozen at Friday, with what was known on Monday.
    """
    standing = [c for c in closings if c.known_on <= day and (c.reopened_on is None or c.reopened_on > day)]
    if not standing:
        return Frame(day, day, day, day, moves=True, late_moves=True)
    closing = max(standing, key=lambda c: c.known_on)
    frozen, known = closing.closed_on, max(closing.closed_on, closing.known_on)
    if closing.outcome is Outcome.WON:
        return Frame(frozen, known, day, day, moves=False, late_moves=True)
    return Frame(frozen, known, frozen, known, moves=False, late_moves=False)


def last_day(proof: Proof, accept: Accept) -> date | None:
    """Return the last day on which a proof is fresh for an accept; None: it does not expire (§0.5)."""
    if accept.nature is Nature.EVENT:
        return None
    if accept.valid_days is not None:
        return proof.happened_on + timedelta(days=accept.valid_days)
    if accept.until is None:
        return None
    if proof.valid_until is not None or accept.until is Until.PROOF:
        return proof.valid_until
    return date(proof.happened_on.year, 12, 31)
