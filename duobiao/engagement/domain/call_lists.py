"""What one key pressed after a call means: what is logged, whether the company is a latent customer, what comes next."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_TRIES: Final = 3
"""So many attempts without an answer end an entry."""

REFUSES, CURIOUS = 1, 3
"""Least level of interest that an outcome itself states; see ``domain.calls``."""


class Outcome(StrEnum):
    """What became of one attempt; the order is that of the keys 1 to 8."""

    MEETING = "MEETING"
    INTERESTED = "INTERESTED"
    REACHED = "REACHED"
    NOT_INTERESTED = "NOT_INTERESTED"
    CALL_BACK = "CALL_BACK"
    NO_ANSWER = "NO_ANSWER"
    WRONG_NUMBER = "WRONG_NUMBER"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome leads to.

    Attributes:
        result: Result of the call that is logged; "" logs none.
        interest: Level that the outcome itself states; None where it states none.
        a_class: Whether the company is a latent customer (A class); None leaves it open.
        settles: The entry needs no further call.
        later: The entry goes to the end of the list.
    """

    result: str
    interest: int | None = None
    a_class: bool | None = None
    settles: bool = True
    later: bool = False

    @property
    def spoke(self) -> bool:
        """Whether somebody was talked to."""
        return self.result == "SPOKE"


_EFFECTS: Final = {
    Outcome.MEETING: Effect("SPOKE", a_class=True),
    Outcome.INTERESTED: Effect("SPOKE", interest=CURIOUS, a_class=True),
    Outcome.REACHED: Effect("SPOKE"),
    Outcome.NOT_INTERESTED: Effect("SPOKE", interest=REFUSES, a_class=False),
    Outcome.CALL_BACK: Effect("CALL_BACK", settles=False),
    Outcome.WRONG_NUMBER: Effect("WRONG"),
    Outcome.SKIPPED: Effect(""),
}


def effect_of(outcome: Outcome, *, tries: int) -> Effect:
    """Return what an outcome leads to.

    Args:
        tries: How many attempts there were, this one included.
    """
    if outcome is Outcome.NO_ANSWER:
        ended = tries >= MOST_TRIES
        return Effect("NO_ANSWER", settles=ended, later=not ended)
    return _EFFECTS[outcome]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is.

    Attributes:
        reached: Entries in which somebody was talked to at the last attempt.
        a_class: Companies that its calls found to be latent customers.
    """

    total: int = 0
    settled: int = 0
    reached: int = 0
    a_class: int = 0
    meetings: int = 0

    @property
    def left(self) -> int:
        """How many are still to be called."""
        return self.total - self.settled

    @property
    def yield_percent(self) -> int | None:
        """Latent customers among those reached, in whole percent; None before anybody was reached."""
        return round(100 * self.a_class / self.reached) if self.reached else None
