"""Kinds of analysis sheets as data: sections with guidance, what an entry says, how it is scored and drawn.

Sources: PEST (factors by impact × likelihood), Porter's five forces (attractiveness = 6 − mean) and value chain, SWOT with
the four pairings, trends of an industry. A shipped version never changes; an entry keeps the one it was written with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from duobiao.kernel.reading import (
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

ORIGINS: Final = ("seed", "source", "inferred")
MOST_SECTIONS, MOST_FIELDS, MOST_CHOICES, MOST_PAIRS = 12, 8, 8, 8
LONGEST_TITLE: Final = 60
HIGHEST: Final = 10


class About(StrEnum):
    """What a sheet is about."""

    INDUSTRY = "industry"
    CUSTOMER = "customer"
    DEAL = "deal"


class Picture(StrEnum):
    """How a sheet is drawn."""

    GRID = "grid"
    RADAR = "radar"
    QUADRANTS = "quadrants"
    CHAIN = "chain"


class Figure(StrEnum):
    """What the scores of a sheet come to.

    NET: Σ of the entries for it − Σ of those against it. ATTRACTIVENESS: 6 − mean of the sections' scores, once all have
    one. TOP: the highest score. NONE: nothing.
    """

    NET = "net"
    ATTRACTIVENESS = "attractiveness"
    TOP = "top"
    NONE = "none"


class Kind(StrEnum):
    """What a field of an entry takes."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice; ``sign`` says whether it speaks for us (1), against (−1), or neither."""

    key: str
    title: Text
    sign: int


@dataclass(frozen=True, slots=True)
class Field:
    """What an entry says besides its statement.

    Attributes:
        lowest, highest: Of a scale.
        choices: Of a choice.
        required: Whether an entry must say it.
    """

    key: str
    kind: Kind
    title: Text
    hint: Text
    lowest: int
    highest: int
    choices: tuple[Choice, ...]
    required: bool

    def choice_of(self, key: object) -> Choice | None:
        """Return a choice by its key."""
        return next((found for found in self.choices if found.key == key), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a sheet.

    Attributes:
        guidance: The question it answers.
        row: Where a picture has rows, which one.
        single: It holds at most one entry.
    """

    key: str
    title: Text
    guidance: Text
    row: str
    single: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sections whose entries are set against each other and become actions."""

    key: str
    inner: str
    outer: str
    title: Text
    guidance: Text


@dataclass(frozen=True, slots=True)
class Definition:
    """One kind of sheet.

    Attributes:
        about: Of what such sheets are kept; the second takes over what stands for the first.
        statement: What the words of an entry are called.
        score: Scales whose product is the score of an entry; none where it has no score.
        pairs: None where entries do not become actions.
    """

    key: str
    version: int
    title: Text
    purpose: Text
    about: tuple[About, ...]
    statement: Text
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    score: tuple[str, ...]
    figure: Figure
    picture: Picture
    pairs: tuple[Pair, ...]
    origin: str

    def section_of(self, key: str) -> Section | None:
        """Return a section by its key."""
        return next((found for found in self.sections if found.key == key), None)

    def field_of(self, key: str) -> Field | None:
        """Return a field by its key."""
        return next((found for found in self.fields if found.key == key), None)

    def pair_of(self, key: str) -> Pair | None:
        """Return a pair by its key."""
        return next((found for found in self.pairs if found.key == key), None)

    @property
    def highest_score(self) -> int:
        """The highest score an entry can have; 0 without scores."""
        found = 1 if self.score else 0
        for key in self.score:
            field = self.field_of(key)
            found *= field.highest if field is not None else 1
        return found


NAMES: Final = {
    "sheet", "version", "title", "purpose", "about", "statement", "sections", "fields", "score", "figure", "picture",
    "pairs", "origin",
}  # fmt: skip


def read_definition(document: object) -> Definition:
    """Read a kind of sheet from data.

    Raises:
        Fault: the first thing wrong, with its place.
    """
    held = mapping_of(document, "sheet", NAMES)
    sections, fields = _sections(held.get("sections")), _fields(held.get("fields"))
    found = Definition(
        key=key_of(held.get("sheet"), "sheet"),
        version=number_of(held.get("version"), "version", 1, 9999),
        title=words_of(held.get("title"), "title", longest=LONGEST_TITLE),
        purpose=words_of(held.get("purpose"), "purpose"),
        about=_about(held.get("about")),
        statement=words_of(held.get("statement"), "statement", longest=LONGEST_TITLE),
        sections=sections,
        fields=fields,
        score=_score(held.get("score", []), fields),
        figure=Figure(one_of(held.get("figure", "none"), "figure", list(Figure))),
        picture=Picture(one_of(held.get("picture"), "picture", list(Picture))),
        pairs=_pairs(held.get("pairs", []), {row.key for row in sections}),
        origin=one_of(held.get("origin"), "origin", ORIGINS),
    )
    _check_whole(found)
    return found


def _about(value: object) -> tuple[About, ...]:
    found = tuple(About(one_of(row, f"about[{n}]", list(About))) for n, row in enumerate(rows_of(value, "about", 1, 2)))
    if found not in ((About.INDUSTRY, About.CUSTOMER), (About.CUSTOMER, About.DEAL)):
        raise Fault("about", "A sheet is about an industry and its customers, or about a customer and its projects.")
    return found


def _sections(rows: object) -> tuple[Section, ...]:
    found = []
    for number, row in enumerate(rows_of(rows, "sections", 1, MOST_SECTIONS)):
        path = f"sections[{number}]"
        held = mapping_of(row, path, {"key", "title", "guidance", "row", "single"})
        found.append(
            Section(
                key=key_of(held.get("key"), f"{path}.key"),
                title=words_of(held.get("title"), f"{path}.title", longest=LONGEST_TITLE),
                guidance=words_of(held.get("guidance"), f"{path}.guidance"),
                row=key_of(held["row"], f"{path}.row") if "row" in held else "",
                single=_yes_no(held.get("single", False), f"{path}.single"),
            )
        )
    require_distinct([row.key for row in found], "sections")
    return tuple(found)


def _fields(rows: object) -> tuple[Field, ...]:
    found = []
    for number, row in enumerate(rows_of(rows, "fields", 0, MOST_FIELDS)):
        path = f"fields[{number}]"
        held = mapping_of(row, path, {"key", "kind", "title", "hint", "scale", "choices", "required"})
        kind = Kind(one_of(held.get("kind"), f"{path}.kind", list(Kind)))
        lowest, highest = _scale(held.get("scale"), f"{path}.scale") if kind is Kind.SCALE else (0, 0)
        found.append(
            Field(
                key=key_of(held.get("key"), f"{path}.key"),
                kind=kind,
                title=words_of(held.get("title"), f"{path}.title", longest=LONGEST_TITLE),
                hint=words_of(held.get("hint", {"zh-Hans": "", "en": ""}), f"{path}.hint", may_be_empty=True),
                lowest=lowest,
                highest=highest,
                choices=_choices(held.get("choices"), f"{path}.choices") if kind is Kind.CHOICE else (),
                required=_yes_no(held.get("required", False), f"{path}.required"),
            )
        )
    require_distinct([row.key for row in found], "fields")
    return tuple(found)


def _scale(value: object, path: str) -> tuple[int, int]:
    lowest, highest = rows_of(value, path, 2, 2)
    least = number_of(lowest, path, 0, HIGHEST)
    return least, number_of(highest, path, least + 1, HIGHEST)


def _choices(rows: object, path: str) -> tuple[Choice, ...]:
    found = []
    for number, row in enumerate(rows_of(rows, path, 2, MOST_CHOICES)):
        here = f"{path}[{number}]"
        held = mapping_of(row, here, {"key", "title", "sign"})
        key = key_of(held.get("key"), f"{here}.key")
        title = words_of(held.get("title"), f"{here}.title", longest=LONGEST_TITLE)
        found.append(Choice(key, title, number_of(held.get("sign", 0), f"{here}.sign", -1, 1)))
    require_distinct([row.key for row in found], path)
    return tuple(found)


def _score(value: object, fields: tuple[Field, ...]) -> tuple[str, ...]:
    scales = [row.key for row in fields if row.kind is Kind.SCALE]
    return tuple(one_of(row, f"score[{n}]", scales) for n, row in enumerate(rows_of(value, "score", 0, 2)))


def _pairs(rows: object, sections: set[str]) -> tuple[Pair, ...]:
    found = []
    for number, row in enumerate(rows_of(rows, "pairs", 0, MOST_PAIRS)):
        path = f"pairs[{number}]"
        held = mapping_of(row, path, {"key", "inner", "outer", "title", "guidance"})
        found.append(
            Pair(
                key=key_of(held.get("key"), f"{path}.key"),
                inner=one_of(held.get("inner"), f"{path}.inner", sorted(sections)),
                outer=one_of(held.get("outer"), f"{path}.outer", sorted(sections)),
                title=words_of(held.get("title"), f"{path}.title", longest=LONGEST_TITLE),
                guidance=words_of(held.get("guidance"), f"{path}.guidance"),
            )
        )
    require_distinct([row.key for row in found], "pairs")
    return tuple(found)


def _yes_no(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise Fault(path, "Choose one of those offered.")
    return value


def _check_whole(found: Definition) -> None:
    """Refuse what each part allows and the whole does not."""
    if found.picture is Picture.GRID and len(found.score) != 2:
        raise Fault("score", "A grid is drawn from two scales.")
    if found.figure in (Figure.ATTRACTIVENESS, Figure.TOP) and not found.score:
        raise Fault("score", "This figure needs a score.")
    if found.figure is Figure.NET and not any(row.sign for field in found.fields for row in field.choices):
        raise Fault("fields", "This figure needs a choice that speaks for us or against.")
    if found.picture is Picture.CHAIN and not all(row.row for row in found.sections):
        raise Fault("sections", "Every part of a chain stands in a row.")
    if found.pairs and About.DEAL not in found.about:
        raise Fault("pairs", "Actions become tasks of a project, so the sheet must be about projects too.")


def values_of(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an entry that its definition knows; for reading what was kept."""
    return {field.key: values[field.key] for field in definition.fields if field.key in values}
