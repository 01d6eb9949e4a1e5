"""Inheritance: a customer's sheet is that of its industry, and only what differs is written down."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Standing(StrEnum):
    """How a line of a sheet came there."""

    OWN = "own"
    INHERITED = "inherited"
    CHANGED = "changed"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Line(Generic[Entry]):
    """One line of a sheet as it stands.

    Attributes:
        entry: What counts; of a struck line, what would have counted.
        base: What was taken over, or was taken over before it was changed or struck out.
        own: What was written down here.
    """

    standing: Standing
    entry: Entry
    base: Entry | None = None
    own: Entry | None = None

    @property
    def counts(self) -> bool:
        """Whether it is part of the sheet."""
        return self.standing is not Standing.STRUCK


def inherited(
    base: Sequence[Entry],
    own: Sequence[Entry],
    *,
    key: Callable[[Entry], Hashable],
    overrides: Callable[[Entry], Hashable | None],
    is_struck: Callable[[Entry], bool],
) -> list[Line[Entry]]:
    """Return the lines of a sheet: those taken over in their order, each as it differs here, then the own ones.

    Args:
        base: Entries of the sheet above.
        own: Entries of this sheet. One that changes an entry no longer above stands as an own one; one that strikes
            such an entry out says nothing any more.
        key: Returns what names an entry; ``overrides`` what names the entry above that it changes or strikes out.
    """
    differing = {overrides(row): row for row in own if overrides(row) is not None}
    above = {key(row) for row in base}
    found = []
    for row in base:
        mine = differing.get(key(row))
        if mine is None:
            found.append(Line(Standing.INHERITED, row, base=row))
        elif is_struck(mine):
            found.append(Line(Standing.STRUCK, row, base=row, own=mine))
        else:
            found.append(Line(Standing.CHANGED, mine, base=row, own=mine))
    for row in own:
        if overrides(row) not in above and not is_struck(row):
            found.append(Line(Standing.OWN, row, own=row))
    return found
