"""Industries of which sheets are kept, and those of customers of which none are kept yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from duobiao.customers.models import Customer
from duobiao.customers.queries.lists import industries_seen
from duobiao.identity.models import User
from duobiao.planning.domain.scoring import Note, Result, result_of
from duobiao.planning.domain.sheets import About, Definition
from duobiao.planning.models import Industry, SheetEntry
from duobiao.planning.queries.definitions import definitions_about, words
from duobiao.planning.queries.subjects import Subject


@dataclass(frozen=True, slots=True)
class SheetMark:
    """One sheet of an industry in a cell of the list."""

    definition: Definition
    title: str
    url: str
    entries: int
    result: Result


@dataclass(frozen=True, slots=True)
class IndustryLine:
    """An industry with its sheets; ``customers`` counts those the reader may see."""

    industry: Industry
    customers: int
    marks: tuple[SheetMark, ...]
    changed_at: datetime | None


def industries() -> QuerySet[Industry]:
    """Return the industries of which sheets are kept, unordered."""
    return Industry.objects.all()


def industry_lines(rows: Sequence[Industry], user: User) -> list[IndustryLine]:
    """Return industries with their sheets; two queries for any number."""
    held: dict[tuple[int, str], list[SheetEntry]] = {}
    entries = SheetEntry.objects.filter(sheet__industry__in=[row.pk for row in rows], removed_at__isnull=True)
    for entry in entries.select_related("sheet"):
        held.setdefault((entry.sheet.industry_id or 0, entry.sheet.definition), []).append(entry)
    counts = _customers([row.name for row in rows], user)
    return [_line(row, counts.get(row.name, 0), held) for row in rows]


def industries_without(user: User) -> list[str]:
    """Return the industries of visible customers of which no sheets are kept; two queries."""
    kept = set(Industry.objects.values_list("name", flat=True))
    return [name for name in industries_seen(user) if name not in kept]


def _customers(names: Sequence[str], user: User) -> dict[str, int]:
    rows = Customer.objects.visible_to(user).filter(industry__in=names).order_by("industry")
    return dict(rows.values_list("industry").annotate(count=Count("pk")))


def _line(industry: Industry, customers: int, held: dict[tuple[int, str], list[SheetEntry]]) -> IndustryLine:
    subject = Subject(About.INDUSTRY, industry)
    marks, changed = [], None
    for definition in definitions_about(About.INDUSTRY):
        rows = held.get((industry.pk, definition.key), [])
        result = result_of(definition, [Note(row.section, row.values) for row in rows])
        title, url = words(definition.title), subject.address(definition.key)
        marks.append(SheetMark(definition, title, url, len(rows), result))
        changed = max([row.changed_at for row in rows] + ([changed] if changed is not None else []), default=None)
    return IndustryLine(industry, customers, tuple(marks), changed)
