"""Success rates against what became of closed deals: share, interval, and the rate to offer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

LEAST_CLOSED = 20
"""Below this many won or lost deals no rate is offered (b-playbook-8 §0.2)."""

CERTAIN = 100
"""The rate after the signature, which no figure changes."""

Z_95 = 1.959963984540054
"""Quantile of the normal distribution for an interval of 95%."""


@dataclass(frozen=True, slots=True)
class StageRate:
    """What became of the closed deals that completed a stage, beside the playbook's own rate; all in percent.

    Attributes:
        share: won ÷ (won + lost), rounded half up; None without closed deals.
        low, high: Wilson's 95% interval, to one place; None without closed deals.
    """

    stage: int
    own_rate: int
    won: int
    lost: int
    share: int | None
    low: float | None
    high: float | None

    @property
    def decided(self) -> int:
        """How many were won or lost."""
        return self.won + self.lost

    @property
    def enough(self) -> bool:
        """Whether there are enough of them to offer a rate."""
        return self.decided >= LEAST_CLOSED

    @property
    def fits(self) -> bool:
        """Whether the playbook's own rate lies within the interval."""
        return self.low is not None and self.high is not None and self.low <= self.own_rate <= self.high

    @property
    def offered(self) -> int | None:
        """The rate to offer; None where it is the playbook's own, where that is certain, or there are too few deals."""
        return self.share if self.enough and self.share != self.own_rate < CERTAIN else None


def wilson_percent(won: int, decided: int, *, z: float = Z_95) -> tuple[float, float]:
    """Return the bounds of Wilson's score interval for won ÷ decided, in percent, to one place.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n): E. B. Wilson, Probable Inference, the Law of Succession, and
    Statistical Inference, JASA 22 (1927), 209–212.

    Args:
        decided: At least 1.
    """
    p, square = won / decided, z * z
    middle = p + square / (2 * decided)
    spread = z * sqrt(p * (1 - p) / decided + square / (4 * decided * decided))
    whole = 1 + square / decided
    return round(100 * max(0.0, (middle - spread) / whole), 1), round(100 * min(1.0, (middle + spread) / whole), 1)


def stage_rates(closed: Iterable[tuple[bool, int]], rates: Sequence[int]) -> list[StageRate]:
    """Return one row for each stage.

    Args:
        closed: Deals won or lost: whether it was won, and the highest stage it ever completed.
        rates: The playbook's success rate after 0 … N completed stages.
    """
    last = len(rates) - 1
    won, lost = [0] * (last + 1), [0] * (last + 1)
    for is_won, completed in closed:
        for stage in range(1, min(completed, last) + 1):
            (won if is_won else lost)[stage] += 1
    return [_row(stage, rates[stage], won[stage], lost[stage]) for stage in range(1, last + 1)]


def _row(stage: int, own_rate: int, won: int, lost: int) -> StageRate:
    if not won + lost:
        return StageRate(stage, own_rate, 0, 0, None, None, None)
    share = (Decimal(100 * won) / (won + lost)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return StageRate(stage, own_rate, won, lost, int(share), *wilson_percent(won, won + lost))
