"""How alike two records are: signs that speak for it and limits that speak against it, as one score with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final

PROPOSED: Final = 0.7
"""Score from which on a pair is proposed."""

SURE: Final = 0.9
"""Score from which on two records are the same to all appearance."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeness of two records.

    Attributes:
        score: From 0, nothing in common, to 1, the same.
        reasons: Codes of what they have in common, strongest first.
    """

    score: float
    reasons: tuple[str, ...] = ()

    @property
    def is_proposed(self) -> bool:
        """Whether people should look at the pair."""
        return self.score >= PROPOSED


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing two records have in common.

    Attributes:
        weight: How far it alone shows that they are the same, from 0 to 1.
    """

    reason: str
    weight: float


NOTHING: Final = Likeness(0.0)


def weigh(signs: Iterable[Sign], *, limits: Iterable[float] = ()) -> Likeness:
    """Weigh independent signs together: the score is one minus the product of what each leaves open.

    Args:
        limits: The score goes no higher than the lowest, whatever speaks for it: "different registered codes".
    """
    found = sorted(signs, key=lambda sign: -sign.weight)
    left_open = reduce(lambda rest, sign: rest * (1 - sign.weight), found, 1.0)
    score = min([round(1 - left_open, 3), *limits])
    return Likeness(score, tuple(dict.fromkeys(sign.reason for sign in found))) if found else NOTHING
