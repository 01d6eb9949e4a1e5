"""Pages of a sorted list by keyset: the hundredth page costs what the first does, and none shows a row twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet

SALT = "duobiao.pipeline.cursor"
LONGEST_CURSOR = 2000


@dataclass(frozen=True, slots=True)
class Sort:
    """A column by which deals can be ordered; ties fall by reference.

    Attributes:
        key: In the address; "-" in front turns it round.
        field: Path of the field, or name of an annotation.
        nullable: Rows without a value come last either way.
        day: The value is a date.
    """

    key: str
    field: str
    nullable: bool = False
    day: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows.

    Attributes:
        back: The page ends before it rather than beginning after it.
        start: Number of the row at the place, counted from 1; only shown.
    """

    back: bool
    value: Any
    ref: str
    start: int


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with the addresses' cursors of their neighbours ("" where there is none).

    Attributes:
        start: Number of the first row, counted from 1; only shown, rows may have come meanwhile.
    """

    rows: list[Any]
    start: int
    previous: str
    next: str


def read_cursor(text: str, *, sort: Sort, down: bool) -> Cursor | None:
    """Return the place a cursor names; None if it is damaged or belongs to another order."""
    if not text or len(text) > LONGEST_CURSOR:
        return None
    try:
        order, back, value, ref, start = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    if order != _order(sort, down):
        return None
    return Cursor(bool(back), date.fromisoformat(value) if sort.day and value else value, ref, start)


def page_of(
    rows: QuerySet[Any],
    *,
    sort: Sort,
    down: bool,
    cursor: Cursor | None,
    size: int,
    load: Callable[[QuerySet[Any]], list[tuple[Any, ...]]],
) -> Page:
    """Cut one page out of ``rows``.

    Args:
        rows: Filtered, in any order.
        load: Reads a slice; each row begins with the value it is sorted by and its reference.
    """
    back = cursor is not None and cursor.back
    found: list[tuple[Any, ...]] = []
    for segment in _segments(rows, sort, cursor, down=down, back=back):
        found += load(segment[: size + 1 - len(found)])
        if len(found) > size:
            break
    more, found = len(found) > size, found[:size]
    if back and not found:
        return page_of(rows, sort=sort, down=down, cursor=None, size=size, load=load)
    if back:
        found.reverse()
    start = _start(cursor, len(found), more=more)
    order = _order(sort, down)
    has_previous, has_next = (more, True) if back else (cursor is not None and bool(found), more)
    return Page(
        rows=found,
        start=start,
        previous=_write(order, True, found[0], start) if has_previous else "",
        next=_write(order, False, found[-1], start + len(found)) if has_next else "",
    )


def _segments(
    rows: QuerySet[Any], sort: Sort, cursor: Cursor | None, *, down: bool, back: bool
) -> Iterator[QuerySet[Any]]:
    """Yield the rows with a value, then those without, or the other way round when going back."""
    descending = down != back
    sign = "-" if descending else ""
    past = "lt" if descending else "gt"
    beyond = Q(**{f"ref__{past}": cursor.ref}) if cursor else Q()
    for empty in _halves(sort, cursor, back=back):
        segment = rows.filter(**{f"{sort.field}__isnull": empty}) if sort.nullable else rows
        if cursor and empty == (cursor.value is None):
            segment = segment.filter(beyond) if empty else _past(segment, sort, cursor, past, beyond)
        yield segment.order_by(f"{sign}ref") if empty else segment.order_by(f"{sign}{sort.field}", f"{sign}ref")


def _halves(sort: Sort, cursor: Cursor | None, *, back: bool) -> list[bool]:
    """Return which of "without a value" come, in order; those before the place are left out."""
    if not sort.nullable:
        return [False]
    halves = [True, False] if back else [False, True]
    if cursor and back and cursor.value is not None:
        return [False]
    if cursor and not back and cursor.value is None:
        return [True]
    return halves


def _past(rows: QuerySet[Any], sort: Sort, cursor: Cursor, past: str, beyond: Q) -> QuerySet[Any]:
    """Keep what lies past the place; the closed bound, though implied, is what an index can begin at."""
    bound = Q(**{f"{sort.field}__{past}e": cursor.value})
    return rows.filter(bound).filter(Q(**{f"{sort.field}__{past}": cursor.value}) | beyond)


def _start(cursor: Cursor | None, count: int, *, more: bool) -> int:
    if cursor is None:
        return 1
    if not cursor.back:
        return cursor.start
    return max(1, cursor.start - count) if more else 1


def _order(sort: Sort, down: bool) -> str:
    return f"-{sort.key}" if down else sort.key


def _write(order: str, back: bool, row: tuple[Any, ...], start: int) -> str:
    value = row[0].isoformat() if isinstance(row[0], date) else row[0]
    return signing.dumps([order, back, value, row[1], start], salt=SALT)
