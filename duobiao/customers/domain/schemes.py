"""Assessment schemes: which criteria a customer is scored by, with weights and classes, and what scores come to.

Sources: the evaluation form 客户综合评估表 (7 dimensions × weight × 1–5 → of 100 → A/B/C), the selection by four dimensions
with weights 35/20/25/20, the check for key accounts (three of four), the three layers of strategy.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

LANGUAGES: Final = ("zh-Hans", "en")
ORIGINS: Final = ("seed", "source", "inferred", "own")
MOST_CRITERIA, MOST_CLASSES, LONGEST_TITLE, LONGEST_WORDS = 20, 9, 60, 300
POINTS: Final = 100
HIGHEST_SCALE: Final = 100
MOST_DAYS: Final = 3650
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")

Text = Mapping[str, str]


class SchemeFault(ValueError):
    """A scheme cannot be read.

    Attributes:
        path: Where: ``criteria[1].weight``.
        message: What is wrong and what would be right; a constant that the edge translates.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


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
    held = _mapping(
        document, "scheme", {"title", "purpose", "scale", "criteria", "classes", "line", "again_days", "origin"}
    )
    lowest, highest = _scale(held.get("scale"))
    line = held.get("line")
    return Scheme(
        title=_words(held.get("title"), "title", longest=LONGEST_TITLE),
        purpose=_words(held.get("purpose"), "purpose"),
        lowest=lowest,
        highest=highest,
        criteria=_criteria(held.get("criteria")),
        classes=_classes(held.get("classes", [])),
        line=None if line is None else _number(line, "line", 1, POINTS),
        again_days=_number(held.get("again_days", 0), "again_days", 0, MOST_DAYS),
        origin=_origin(held.get("origin", "own")),
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
    for number, row in enumerate(_rows(rows, "criteria", 1, MOST_CRITERIA)):
        path = f"criteria[{number}]"
        held = _mapping(row, path, {"key", "title", "hint", "weight"})
        found.append(
            Criterion(
                key=_key(held.get("key"), f"{path}.key"),
                title=_words(held.get("title"), f"{path}.title", longest=LONGEST_TITLE),
                hint=_words(held.get("hint", dict.fromkeys(LANGUAGES, "")), f"{path}.hint", may_be_empty=True),
                weight=_number(held.get("weight"), f"{path}.weight", 1, POINTS),
            )
        )
    _require_distinct([row.key for row in found], "criteria")
    if sum(row.weight for row in found) != POINTS:
        raise SchemeFault("criteria", "The weights must add up to 100.")
    return tuple(found)


def _classes(rows: object) -> tuple[Class, ...]:
    found = []
    for number, row in enumerate(_rows(rows, "classes", 0, MOST_CLASSES)):
        path = f"classes[{number}]"
        held = _mapping(row, path, {"key", "title", "advice", "from"})
        found.append(
            Class(
                key=_key(held.get("key"), f"{path}.key"),
                title=_words(held.get("title"), f"{path}.title", longest=LONGEST_TITLE),
                advice=_words(held.get("advice", dict.fromkeys(LANGUAGES, "")), f"{path}.advice", may_be_empty=True),
                least=_number(held.get("from"), f"{path}.from", 0, POINTS),
            )
        )
    _require_distinct([row.key for row in found], "classes")
    bounds = [row.least for row in found]
    if bounds != sorted(set(bounds), reverse=True) or (bounds and bounds[-1] != 0):
        raise SchemeFault("classes", "Order the classes from the highest score down; the last one begins at 0.")
    return tuple(found)


def _scale(value: object) -> tuple[int, int]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise SchemeFault("scale", "Give the lowest and the highest score.")
    lowest = _number(value[0], "scale", 0, HIGHEST_SCALE)
    return lowest, _number(value[1], "scale", lowest + 1, HIGHEST_SCALE)


def _rows(value: object, path: str, least: int, most: int) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not least <= len(value) <= most:
        raise SchemeFault(path, "There are too few or too many entries.")
    return value


def _mapping(row: object, path: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise SchemeFault(path, "Something is missing here.")
    if unknown := sorted(str(name) for name in row if name not in known):
        raise SchemeFault(f"{path}.{unknown[0]}", "There is no such field.")
    return row


def _words(value: object, path: str, *, longest: int = LONGEST_WORDS, may_be_empty: bool = False) -> Text:
    held = _mapping(value, path, set(LANGUAGES))
    for language in LANGUAGES:
        words = held.get(language)
        if not isinstance(words, str) or len(words) > longest or "\x00" in words:
            raise SchemeFault(path, "Write it in Chinese and in English, not too long.")
        if not words.strip() and not may_be_empty:
            raise SchemeFault(path, "Write it in Chinese and in English.")
    return {language: str(held[language]).strip() for language in LANGUAGES}


def _key(value: object, path: str) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise SchemeFault(path, "A key is a letter followed by letters, digits or underscores.")
    return value


def _number(value: object, path: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SchemeFault(path, "The number is out of range.")
    return value


def _origin(value: object) -> str:
    if value not in ORIGINS:
        raise SchemeFault("origin", "Choose one of those offered.")
    return str(value)


def _require_distinct(keys: Sequence[str], path: str) -> None:
    if len(set(keys)) < len(keys):
        raise SchemeFault(path, "Two entries have the same key.")
