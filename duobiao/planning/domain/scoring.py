"""What entries and sheets come to.

Formulas: an entry's score is the product of its scales (PEST: impact × likelihood, 1–25); the attractiveness of an industry
is 6 − mean of its five forces (1–5), so that strong forces make it low.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from duobiao.planning.domain.sheets import Definition, Figure

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Note:
    """One entry as scoring sees it."""

    section: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a sheet comes to.

    Attributes:
        value: None where it cannot be said yet.
        gains, losses: Sums of the scores for us and against us.
        missing: Sections without a score, where all are needed.
    """

    value: Decimal | None
    gains: int = 0
    losses: int = 0
    missing: tuple[str, ...] = ()


def score_of(definition: Definition, values: Mapping[str, Any]) -> int | None:
    """Return the score of an entry; None where it has none, or a scale was left out."""
    if not definition.score:
        return None
    found = 1
    for key in definition.score:
        held = values.get(key)
        if not isinstance(held, int):
            return None
        found *= held
    return found


def sign_of(definition: Definition, values: Mapping[str, Any]) -> int:
    """Return whether an entry speaks for us (1), against us (−1), or neither (0)."""
    for field in definition.fields:
        choice = field.choice_of(values.get(field.key))
        if choice is not None and choice.sign:
            return choice.sign
    return 0


def result_of(definition: Definition, notes: Iterable[Note]) -> Result:
    """Return what a sheet comes to by the rule of its definition."""
    rows = list(notes)
    scores = [(row, score) for row in rows if (score := score_of(definition, row.values)) is not None]
    if definition.figure is Figure.ATTRACTIVENESS:
        return _attractiveness(definition, scores)
    if not scores or definition.figure is Figure.NONE:
        return Result(None)
    if definition.figure is Figure.TOP:
        return Result(Decimal(max(score for _row, score in scores)))
    gains = sum(score for row, score in scores if sign_of(definition, row.values) > 0)
    losses = sum(score for row, score in scores if sign_of(definition, row.values) < 0)
    return Result(Decimal(gains - losses), gains, losses)


def _attractiveness(definition: Definition, scores: list[tuple[Note, int]]) -> Result:
    means = {section.key: mean_of(score for row, score in scores if row.section == section.key)
             for section in definition.sections}  # fmt: skip
    missing = tuple(key for key, mean in means.items() if mean is None)
    if missing:
        return Result(None, missing=missing)
    total = sum((mean for mean in means.values() if mean is not None), Decimal(0))
    value = 6 - total / len(means)
    return Result(value.quantize(HUNDREDTH, rounding=ROUND_HALF_UP))


def mean_of(scores: Iterable[int]) -> Decimal | None:
    """Return the mean of scores; None of none."""
    held = list(scores)
    return Decimal(sum(held)) / len(held) if held else None
