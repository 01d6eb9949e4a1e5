"""The kinds of Word papers, and the company's templates for them.

Capabilities that write a paper register its kind; the one that keeps the templates says which holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from duobiao.web.registry import Text

if TYPE_CHECKING:
    from duobiao.web.papers import Draft

CONTENT: Final = "content"
"""Placeholder that stands for all parts which the template does not place by name."""
COMMON_VALUES: Final[Mapping[str, Text]] = {
    "title": _("Heading of the paper"),
    "subtitle": _("Line below the heading"),
    "company": _("Name of our company"),
    "date": _("Day on which the file is made"),
}
"""Words that every template may place, and what they stand for."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper.

    Attributes:
        values: Further words that its template may place, and what they stand for.
        parts: Parts that its template may place, and what they are called.
        sample: The latest such paper that a person may see, else None.
    """

    key: str
    title: Text
    values: Mapping[str, Text] = field(default_factory=dict)
    parts: Mapping[str, Text] = field(default_factory=dict)
    sample: "Callable[[Any], Draft | None] | None" = None

    @property
    def words(self) -> dict[str, Text]:
        """All words that a template of this kind may place."""
        return {**COMMON_VALUES, **self.values}

    @property
    def blocks(self) -> dict[str, Text]:
        """All parts that a template of this kind may place, the content first."""
        return {CONTENT: _("All parts that are not placed by name"), **self.parts}


@dataclass(frozen=True, slots=True)
class Layout:
    """What holds for the papers of a kind: the template's content, None for ours, and the company's name."""

    content: bytes | None = None
    company: str = ""


COMMON: Final = PaperKind("common", _("All papers without a template of their own"))
_kinds: dict[str, PaperKind] = {COMMON.key: COMMON}
_finder: list[Callable[[str], Layout]] = []


def register_paper_kind(kind: PaperKind) -> None:
    """Add a kind of paper."""
    _kinds[kind.key] = kind


def paper_kinds() -> list[PaperKind]:
    """Return the kinds, the common one first."""
    return list(_kinds.values())


def set_layouts(finder: Callable[[str], Layout]) -> None:
    """Say which layout holds for a kind of paper."""
    _finder[:] = [finder]


def layout_of(kind: str) -> Layout:
    """Return what holds for the papers of a kind."""
    return _finder[0](kind) if _finder else Layout()


def blocks_of(kind: str) -> set[str]:
    """Return the names by which a template of a kind places parts."""
    return set(_kinds.get(kind, COMMON).blocks)
