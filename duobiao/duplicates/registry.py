"""What capabilities above register: how records of one kind are compared, shown side by side, merged and parted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from duobiao.duplicates.domain.likeness import Likeness
from duobiao.identity.models import User
from duobiao.web.registry import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """One fact of two records side by side.

    Attributes:
        first, second: As people read it; "" where it is not known.
        is_open: Both know it and differ, so that somebody has to choose.
    """

    name: str
    label: Text
    first: str
    second: str

    @property
    def is_open(self) -> bool:
        return bool(self.first and self.second and self.first != self.second)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateKind:
    """How records of one kind become one, and two again.

    Attributes:
        key: The kind of the records, as ``Ref`` names it.
        order: Place among the kinds.
        view: Right to see such records.
        verb: Right to merge, and to say that two are no duplicates.
        model: Has ``ref``, ``version`` and ``merged_into``.
        live: All records that can be compared and merged.
        seen_by: Those of them that a person may see.
        load: Takes references; returns the records, merged ones too, with what rights look at.
        signs: Takes live records; yields reference and signs of each.
        keys: Takes signs; returns the keys by which likely ones are found.
        compare: Takes two signs.
        reasons: Code of a reason → words.
        headline: Takes records; returns by reference what tells one from another in a line.
        choices: Takes both records; returns the facts side by side.
        name: Column that names a record.
        lock: Takes keys of records; locks them in order and returns the records in the order asked.
        merge: Takes keeper, other, names of facts taken from the other, actor and moment.
        settle: Runs after a merge was undone: derived figures and places in search of both.
        url: Takes a reference.
        owner: Takes a record; returns who is told when it is merged or parted.
        among: Keeps of the records those that one can be merged with, where not all can: those of its customer.
        stays: Columns that keep pointing at the other record: ``"opportunities.StageChange.opportunity"``.
        derived: Columns of the record that ``settle`` finds anew and keeps a history of; an undoing leaves them to it.
    drops: Models whose rows, where a merge added them, go when it is undone; the rest of what it added stays.
    """

    key: str
    title: Text
    icon: str
    order: int
    view: str
    verb: str
    model: type[models.Model]
    live: Callable[[], models.QuerySet[Any]]
    seen_by: Callable[[Any], models.QuerySet[Any]]
    load: Callable[[Iterable[str]], Iterable[Any]]
    signs: Callable[[models.QuerySet[Any]], Iterator[tuple[str, Any]]]
    keys: Callable[[Any], frozenset[str]]
    compare: Callable[[Any, Any], Likeness]
    reasons: Mapping[str, Text]
    headline: Callable[[Iterable[Any]], dict[str, str]]
    choices: Callable[[Any, Any], list[Choice]]
    name: str
    lock: Callable[[list[int]], list[Any]]
    merge: Callable[[Any, Any, frozenset[str], Any, datetime], None]
    settle: Callable[[Any, Any, Any, datetime], None]
    url: Callable[[str], str]
    owner: Callable[[Any], User | None]
    among: Callable[[models.QuerySet[Any], Any], models.QuerySet[Any]] | None = None
    stays: frozenset[str] = field(default_factory=frozenset)
    derived: frozenset[str] = field(default_factory=frozenset)
    drops: frozenset[str] = field(default_factory=frozenset)


_kinds: dict[str, DuplicateKind] = {}
_further: dict[str, list[tuple[type[models.Model], str]]] = {}


def register_kind(kind: DuplicateKind) -> None:
    """Let records of a kind be proposed, merged and parted; registering a key again replaces it."""
    _kinds[kind.key] = kind


def kinds() -> list[DuplicateKind]:
    """Return all kinds in their order."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kind_of(key: str) -> DuplicateKind | None:
    """Return a kind by its key."""
    return _kinds.get(key)


def register_further(owner: type[models.Model], related: type[models.Model], *, through: str) -> None:
    """Let a merge remember rows that hang on a record by way of another row.

    Args:
        through: Path from ``related`` to the record: ``"sheet__customer"``.
    """
    rows = _further.setdefault(owner._meta.label, [])
    if (related, through) not in rows:
        rows.append((related, through))


def further_of(owner: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Return the models whose rows hang on records by way of other rows, each with its path."""
    return _further.get(owner._meta.label, [])
