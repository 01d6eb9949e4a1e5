"""What the company made of the shipped questions and tactics, and how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass

from duobiao.needs.models import LibraryKind, LibraryVersion, ObjectionType, SpinLetter

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A question or tactic as its form begins.

    Attributes:
        number: Of the version that holds; 0: as shipped.
        shipped: It came with the program; undoing its first change brings that back.
    """

    sort: str
    key: str
    number: int
    slot: str
    industry: str
    text: str
    how: str
    removed: bool
    shipped: bool

    @property
    def slot_words(self) -> str:
        """The kind in words."""
        kinds = SpinLetter if self.sort == LibraryKind.SPIN else ObjectionType
        return str(kinds(self.slot).label)


def latest(sort: str) -> dict[str, LibraryVersion]:
    """Return the version that holds of every entry the company wrote, by key; one query."""
    rows = LibraryVersion.objects.filter(sort=sort).order_by("key", "number", "pk")
    return {row.key: row for row in rows}


def written(sort: str) -> dict[str, LibraryVersion]:
    """Return those of the latest versions that replace what was shipped, or stand besides; one query."""
    return {key: row for key, row in latest(sort).items() if not row.as_shipped}


def versions_of(sort: str, key: str) -> Sequence[LibraryVersion]:
    """Return all versions of an entry, the newest first."""
    rows = LibraryVersion.objects.filter(sort=sort, key=key).select_related("by")
    return list(rows.order_by("-number", "-pk"))
