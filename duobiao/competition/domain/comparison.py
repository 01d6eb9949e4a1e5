"""Compare us with rivals: a weighted gap over dimensions rated 1 (poor) to 5 (excellent)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

LOWEST, HIGHEST = 1, 5
ALL_WEIGHT: Final = 100
HUNDREDTHS: Final = Decimal("0.01")

Text = Mapping[str, str]
Scores = Mapping[str, int]
Weights = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing on which offers are compared.

    Attributes:
        weight: Its usual weight in percent; those of all dimensions add up to 100.
        core: One of the five dimensions of an offer; the sixth is what was delivered at this customer before.
        origin: ``seed`` the method names it, ``inferred`` our proposal.
    """

    key: str
    title: Text
    hint: Text
    weight: int
    core: bool
    origin: str


@dataclass(frozen=True, slots=True)
class Gap:
    """How far we are ahead of a rival.

    Attributes:
        value: Σ weight × (ours − theirs) ÷ Σ weight, over the dimensions on which both are rated: −4 to +4, to two
            places; negative where they are ahead.
        rated: Weight in percent of the dimensions on which both are rated.
    """

    value: Decimal
    rated: int


def weighted_gap(weights: Weights, ours: Scores, theirs: Scores) -> Gap | None:
    """Return the weighted gap; None where no dimension with a weight is rated on both sides.

    A weighted sum of differences by criterion, as in the weighted scoring model of multi-criteria decision analysis.
    """
    both = [key for key, weight in weights.items() if weight and key in ours and key in theirs]
    total = sum(weights[key] for key in both)
    if not total:
        return None
    summed = sum(weights[key] * (ours[key] - theirs[key]) for key in both)
    return Gap((Decimal(summed) / total).quantize(HUNDREDTHS), total)


def best_of(rivals: Sequence[Scores]) -> dict[str, int]:
    """Return the best score of any rival by dimension."""
    found: dict[str, int] = {}
    for scores in rivals:
        for key, score in scores.items():
            found[key] = max(score, found.get(key, LOWEST))
    return found


def weights_fault(weights: Weights, known: Sequence[str]) -> str:
    """Say what is wrong with weights: ``unknown`` keys, ``range`` 0 to 100, ``sum`` not 100; "" where nothing is."""
    if set(weights) != set(known):
        return "unknown"
    if any(not 0 <= weight <= ALL_WEIGHT for weight in weights.values()):
        return "range"
    return "" if sum(weights.values()) == ALL_WEIGHT else "sum"
