"""What a merge did to one row, and what of it can be taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

Row = dict[str, Any]
Table = dict[tuple[str, Any], Row]
"""Rows by model label and key."""

COUNTED: Final = frozenset(("version", "touched_at"))
"""Columns that move with every change and say nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after; ``before`` None: the merge added it, ``after`` None: it dropped it."""

    model: str
    key: Any
    before: Row | None
    after: Row | None

    def written(self) -> dict[str, Any]:
        """Return it as JSON keeps it: of a row that stayed, only the columns that changed."""
        return asdict(self)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Change":
        """Read what ``written`` returned."""
        return cls(**written)

    def without(self, columns: frozenset[str]) -> "Change":
        """Return it without these columns."""
        before, after = (
            {name: value for name, value in row.items() if name not in columns} if row is not None else None
            for row in (self.before, self.after)
        )
        return Change(self.model, self.key, before, after)


def differences(before: Table, after: Table) -> Iterator[Change]:
    """Yield what happened between two readings of the same rows."""
    for place in sorted(before.keys() | after.keys(), key=repr):
        old, new = before.get(place), after.get(place)
        if old is not None and new is not None:
            names = [name for name in old if old[name] != new[name]]
            if not names:
                continue
            old, new = ({name: row[name] for name in names} for row in (old, new))
        yield Change(*place, old, new)


def take_back(change: Change, now: Row) -> tuple[Row, list[str]]:
    """Return which columns go back to what they were, and which were changed since and stay.

    Args:
        now: The row as it is stored today.
    """
    before, after = change.before or {}, change.after or {}
    counted = [name for name in before if name in COUNTED]
    same = {name: before[name] for name in before if name not in COUNTED and now[name] == after[name]}
    changed = [name for name in before if name not in same and name not in counted and now[name] != before[name]]
    return same, changed
