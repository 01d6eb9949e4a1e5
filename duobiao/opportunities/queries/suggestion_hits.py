"""How often what was suggested was followed by the record that shows it: by kind and by seller."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from duobiao.identity.models import Unit, User
from duobiao.identity.policy import subtree_ids
from duobiao.opportunities.models import Opportunity, Suggestion, SuggestionChoice, SuggestionKind

WITHIN = (7, 14, 30)
PERIODS = (30, 90, 365)
LEAST_SAMPLE = 10
SHOWN = 100
Row = Mapping[str, Any]
"""A row of counts, with what they are counted by."""


@dataclass(frozen=True, slots=True)
class HitFilters:
    """Which suggestions are counted.

    Attributes:
        within: Days within which the record must come.
        days: Length of the period in which they came onto the list, up to today.
        unit: Reference of a unit, its subtree counts; ``person`` of a seller.
    """

    within: int = 14
    days: int = 90
    unit: str = ""
    person: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "HitFilters":
        """Read what the address says; anything else is left at what is usual."""
        return cls(
            within=_one_of(given.get("within", ""), WITHIN, 14),
            days=_one_of(given.get("days", ""), PERIODS, 90),
            unit=given.get("unit", "")[:40],
            person=given.get("person", "")[:40],
        )


@dataclass(frozen=True, slots=True)
class HitLine:
    """Suggestions of one kind, or to one seller.

    Attributes:
        suggested: All of them.
        judged: Those whose days are over, or whose record came.
        hits: Those whose record came within the days; ``later`` those whose record came after them.
    """

    key: str
    label: str
    suggested: int
    judged: int
    hits: int
    later: int
    done: int
    snoozed: int
    dismissed: int

    @property
    def rate_percent(self) -> float | None:
        """Share of hits among those judged, in percent; None where fewer than ten were judged."""
        return 100 * self.hits / self.judged if self.judged >= LEAST_SAMPLE else None


@dataclass(frozen=True, slots=True)
class Hits:
    """The figures: in all, by kind, by seller."""

    total: HitLine
    kinds: list[HitLine]
    people: list[HitLine]


def hits_of(user: User, filters: HitFilters, on: date) -> Hits:
    """Return the figures over the deals a person may see; three queries, four with a unit."""
    rows = suggestions_in(user, filters, on)
    counts = _counts(filters, on)
    total: Row = rows.aggregate(**counts)
    kinds: Iterable[Row] = rows.values("what").annotate(**counts)
    people: Iterable[Row] = rows.values("person__ref", "person__name").annotate(**counts)
    by_kind = [_line(row["what"], str(SuggestionKind(row["what"]).label), row) for row in kinds]
    by_person = [_line(row["person__ref"], row["person__name"], row) for row in people]
    return Hits(_line("", "", total), _ordered(by_kind), _ordered(by_person))


def _ordered(lines: list[HitLine]) -> list[HitLine]:
    return sorted(lines, key=lambda line: (-line.suggested, line.label))


def suggestions_in(user: User, filters: HitFilters, on: date) -> QuerySet[Suggestion]:
    """Return the suggestions counted: of the period, on deals the person may see."""
    deals = Opportunity.objects.visible_to(user).values("pk")
    rows = Suggestion.objects.filter(opportunity__in=deals, first_on__gt=on - timedelta(days=filters.days))
    if filters.person:
        rows = rows.filter(person__ref=filters.person)
    if filters.unit:
        unit = Unit.objects.filter(ref=filters.unit).first()
        rows = rows.filter(person__unit__in=subtree_ids(unit.pk) if unit else [])
    return rows


def units_of(user: User) -> list[Unit]:
    """Return the units whose people own deals a person may see; one query."""
    owners = Opportunity.objects.visible_to(user).order_by().values("owner__unit_id")
    return list(Unit.objects.filter(pk__in=owners).order_by("name", "pk"))


def suggestions_behind(user: User, filters: HitFilters, on: date, *, state: str, kind: str) -> list[Suggestion]:
    """Return the suggestions behind one number, the newest first, at most 100; one query, two with a unit."""
    rows = suggestions_in(user, filters, on).filter(_state(filters, on).get(state, Q(pk__in=[])))
    if kind in SuggestionKind.values:
        rows = rows.filter(what=kind)
    return list(rows.select_related("opportunity", "person").order_by("-first_on", "-pk")[:SHOWN])


def _state(filters: HitFilters, on: date) -> dict[str, Q]:
    over = Q(first_on__lte=on - timedelta(days=filters.within))
    return {
        "suggested": Q(pk__isnull=False),
        "judged": over | Q(arrived_on__isnull=False),
        "hits": Q(after_days__lte=filters.within),
        "later": Q(after_days__gt=filters.within),
        "done": Q(choice=SuggestionChoice.DONE),
        "snoozed": Q(choice=SuggestionChoice.SNOOZED),
        "dismissed": Q(choice=SuggestionChoice.DISMISSED),
    }


def _counts(filters: HitFilters, on: date) -> dict[str, Count]:
    return {name: Count("pk", filter=which) for name, which in _state(filters, on).items()}


def _line(key: str, label: str, row: Row) -> HitLine:
    names = ("suggested", "judged", "hits", "later", "done", "snoozed", "dismissed")
    return HitLine(key, label, *(row[name] for name in names))


def _one_of(given: str, allowed: tuple[int, ...], usual: int) -> int:
    return int(given) if given in {str(one) for one in allowed} else usual
