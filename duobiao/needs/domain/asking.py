"""Asking: the mix of SPIN questions, and which gap of the tree which method of asking fills."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Letter(StrEnum):
    """Kinds of questions (N. Rackham, SPIN Selling, 1988)."""

    SITUATION = "S"
    PROBLEM = "P"
    IMPLICATION = "I"
    PAYOFF = "N"


class Way(StrEnum):
    """Whether a method leads to what is known, or wakes what is not."""

    GUIDE = "GUIDE"
    STIMULATE = "STIMULATE"


class Effect(StrEnum):
    """What a method brought."""

    NEW_NEED = "NEW_NEED"
    CONFIRMED = "CONFIRMED"
    NOTHING = "NOTHING"
    RESISTED = "RESISTED"


WORKED = frozenset({Effect.NEW_NEED, Effect.CONFIRMED})
LEAST_USES = 5
"""Below this many uses no share is told."""
LEAST_DECIDED = 5
"""Below this many won or lost deals no share is told."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How many questions of each kind were planned and answered."""

    planned: Mapping[Letter, int]
    answered: Mapping[Letter, int]

    @property
    def lacking(self) -> list[Letter]:
        """Kinds of which none is planned."""
        return [letter for letter in Letter if not self.planned[letter]]

    @property
    def share_beyond(self) -> int | None:
        """Share of implication and need-payoff questions among those planned, in percent; None without any."""
        total = sum(self.planned.values())
        beyond = self.planned[Letter.IMPLICATION] + self.planned[Letter.PAYOFF]
        return round(100 * beyond / total) if total else None


def mix_of(questions: Iterable[tuple[Letter, bool]]) -> Mix:
    """Count questions by kind.

    Args:
        questions: Kind, and whether it was answered.
    """
    planned, answered = dict.fromkeys(Letter, 0), dict.fromkeys(Letter, 0)
    for letter, has_answer in questions:
        planned[letter] += 1
        answered[letter] += has_answer
    return Mix(planned, answered)


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of something that was done several times.

    Attributes:
        good: How often it worked, of ``total``.
        least: From how many a share is told.
    """

    good: int
    total: int
    least: int

    @property
    def percent(self) -> int | None:
        """Share in percent; None while there are too few to tell one."""
        return round(100 * self.good / self.total) if self.total >= self.least else None


def uses(effects: Collection[str]) -> Tally:
    """Count how often a method worked."""
    return Tally(sum(effect in WORKED for effect in effects), len(effects), LEAST_USES)


def wins(outcomes: Iterable[str]) -> Tally:
    """Count how many decided deals were won; open and given-up ones do not count."""
    decided = [outcome for outcome in outcomes if outcome in ("WON", "LOST")]
    return Tally(decided.count("WON"), len(decided), LEAST_DECIDED)
