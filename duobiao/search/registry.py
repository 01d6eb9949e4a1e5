"""What capabilities above register with search: the kinds of records that can be found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from duobiao.search.domain.findable import Findable


@dataclass(frozen=True, slots=True)
class SearchKind:
    """One kind of findable record.

    Attributes:
        kind: As in ``Findable.kind``.
        title: Heading of its group of results.
        icon: Name of an icon.
        verb: Verb whose scope over the owner decides who finds it.
        order: Place of its group.
        records: Yields every live record of the kind, to build the index anew.
    """

    kind: str
    title: str | Promise
    icon: str
    verb: str
    order: int
    records: Callable[[], Iterable[Findable]]


_kinds: dict[str, SearchKind] = {}


def register_kind(kind: SearchKind) -> None:
    """Make a kind of record findable."""
    _kinds[kind.kind] = kind


def kinds() -> list[SearchKind]:
    """Return the findable kinds in the order of their groups."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.kind))
