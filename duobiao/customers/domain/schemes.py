"""Assessment schemes: which criteria a customer is scored by, with weights and classes, and what scores come to.

Sources: the evaluation form 客户综合评估表 (7 dimensions × weight × 1–5 → of 100 → A/B/C), the selection by four dimensions
with weights 35/20/25/20, the check for key accounts (three of four), the three layers of strategy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from duobiao.kernel.reading import (
    LANGUAGES,
    Fault,
    Text,
    key_of,
    mapping_of,
    number_of,
    one_of,
    require_distinct,
    rows_of,
    words_of,
)

ORIGINS: Final = ("seed", "source", "inferred", "own")
MOST_CRITERIA, MOST_CLASSES, LONGEST_TITLE = 20, 9, 60
POINTS: Final = 100
HIGHEST_SCALE: Final = 100
MOST_DAYS: Final = 3650
SchemeFault = Fault
"""A scheme cannot be read."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What one score is given for; ``weight`` in points of 100."""

    key: str
    title: Text
    hint: Text
    weight: int


@dataclass(frozen=True, slots=True)
class Class:
    """A class of customers.

    Attributes:
        least: The score at which it begins.
        advice: What follows from it.
    """

    key: str
    title: Text
    advice: Text
    least: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to assess customers.

    Attributes:
        lowest, highest: The scale of a single score.
        classes: From the highest down; none where the score sorts nobody.
        line: Score from which the customer meets the target customer criteria; None where the scheme does not say.
        again_days: Days after which an assessment is shown as old; 0 never.
    """

    title: Text
    purpose: Text
    lowest: int
    highest: int
    criteria: tuple[Criterion, ...]
    classes: tuple[Class, ...]
    line: int | None
    again_days: int
    origin: str

    @property
    def asks_yes_or_no(self) -> bool:
        """Whether criteria are traits that a customer has or has not."""
        return (self.lowest, self.highest) == (0, 1)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the criteria in their order."""
        return tuple(criterion.key for criterion in self.criteria)

    def class_at(self, score: Decimal) -> Class | None:
        """Return the class of a score; None where the scheme has none."""
        return next((found for found in self.classes if score >= found.least), None)

    def class_of(self, key: str) -> Class | None:
        """Return a class by its key."""
        return next((found for found in self.classes if found.key == key), None)


def total(scheme: Scheme, scores: Mapping[str, int]) -> Decimal:
    """Return what scores come to: Σ weight × score ÷ highest score, 0–100, rounded half up to two places.

    Args:
        scores: By criterion; exactly those of the scheme, within its scale.
    """
    points = sum(criterion.weight * scores[criterion.key] for criterion in scheme.criteria)
    hundredths = (2 * points * 100 + scheme.highest) // (2 * scheme.highest)
    return Decimal(hundredths) / 100


def read_scheme(document: object) -> Scheme:
    """Read a scheme from data.

    Raises:
        SchemeFault: the first thing wrong, with its place.
    """
    held = mapping_of(
        document, "scheme", {"title", "purpose", "scale", "criteria", "classes", "line", "again_days", "origin"}
    )
    lowest, highest = _scale(held.get("scale"))
    line = held.get("line")
    return Scheme(
        title=words_of(held.get("title"), "title", longest=LONGEST_TITLE),
        purpose=words_of(held.get("purpose"), "purpose"),
        lowest=lowest,
        highest=highest,
        criteria=_criteria(held.get("criteria")),
        classes=_classes(held.get("classes", [])),
        line=None if line is None else number_of(line, "line", 1, POINTS),
        again_days=number_of(held.get("again_days", 0), "again_days", 0, MOST_DAYS),
        origin=one_of(held.get("origin", "own"), "origin", ORIGINS),
    )


def write_scheme(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme as data, as ``read_scheme`` takes it."""
    return {
        "title": dict(scheme.title),
        "purpose": dict(scheme.purpose),
        "scale": [scheme.lowest, scheme.highest],
        "line": scheme.line,
        "again_days": scheme.again_days,
        "origin": scheme.origin,
        "criteria": [
            {"key": row.key, "weight": row.weight, "title": dict(row.title), "hint": dict(row.hint)}
            for row in scheme.criteria
        ],
        "classes": [
            {"key": row.key, "from": row.least, "title": dict(row.title), "advice": dict(row.advice)}
            for row in scheme.classes
        ],
    }


def _criteria(rows: object) -> tuple[Criterion, ...]:
    found = []
    for number, row in enumerate(rows_of(rows, "criteria", 1, MOST_CRITERIA)):
        path = f"criteria[{number}]"
        held = mapping_of(row, path, {"key", "title", "hint", "weight"})
        found.append(
            Criterion(
                key=key_of(held.get("key"), f"{path}.key"),
                title=words_of(held.get("title"), f"{path}.title", longest=LONGEST_TITLE),
                hint=words_of(held.get("hint", dict.fromkeys(LANGUAGES, "")), f"{path}.hint", may_be_empty=True),
                weight=number_of(held.get("weight"), f"{path}.weight", 1, POINTS),
            )
        )
    require_distinct([row.key for row in found], "criteria")
    if sum(row.weight for row in found) != POINTS:
        raise SchemeFault("criteria", "The weights must add up to 100.")
    return tuple(found)


def _classes(rows: object) -> tuple[Class, ...]:
    found = []
    for number, row in enumerate(rows_of(rows, "classes", 0, MOST_CLASSES)):
        path = f"classes[{number}]"
        held = mapping_of(row, path, {"key", "title", "advice", "from"})
        found.append(
            Class(
                key=key_of(held.get("key"), f"{path}.key"),
                title=words_of(held.get("title"), f"{path}.title", longest=LONGEST_TITLE),
                advice=words_of(held.get("advice", dict.fromkeys(LANGUAGES, "")), f"{path}.advice", may_be_empty=True),
                least=number_of(held.get("from"), f"{path}.from", 0, POINTS),
            )
        )
    require_distinct([row.key for row in found], "classes")
    bounds = [row.least for row in found]
    if bounds != sorted(set(bounds), reverse=True) or (bounds and bounds[-1] != 0):
        raise SchemeFault("classes", "Order the classes from the highest score down; the last one begins at 0.")
    return tuple(found)


def _scale(value: object) -> tuple[int, int]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise SchemeFault("scale", "Give the lowest and the highest score.")
    lowest = number_of(value[0], "scale", 0, HIGHEST_SCALE)
    return lowest, number_of(value[1], "scale", lowest + 1, HIGHEST_SCALE)
