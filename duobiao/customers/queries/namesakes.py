"""Whom else a name, a number or an address of a person may mean, and which rows stand for the person without a link."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from duobiao.customers.domain.traces import SHORTEST_NUMBER, digits_of
from duobiao.customers.models import Contact, Customer, Outsider
from duobiao.customers.queries.ways import Ways, all_ways
from duobiao.identity.models import User

NUMBERS: Final = ("mobile", "phone")
HANDLES: Final = ("email", "wechat")
LAST: Final = 4
"""Digits by which a database finds a number in any usual spelling."""

SameRows = Mapping[type[Model], list[Any]]


@dataclass(frozen=True, slots=True)
class Reach:
    """Digits of numbers, and addresses in small letters."""

    numbers: frozenset[str]
    handles: frozenset[str]

    def without(self, other: "Reach") -> "Reach":
        """Return what the other has not."""
        return Reach(self.numbers - other.numbers, self.handles - other.handles)


def rows_of_same_person(entries: Collection[Contact]) -> SameRows:
    """Return rows that stand for a person without a link: the mobile or the mail address is theirs and nobody else's.

    A telephone says nothing: a whole company has the same one.
    """
    mobiles = frozenset(number for entry in entries if _is_number(number := digits_of(entry.mobile)))
    own = Reach(mobiles, _lowered(entry.email for entry in entries))
    companies, contacts = Customer.objects.all(), _other_contacts(entries)
    wanted = own.without(_held(contacts, own)).without(_held(companies, own))
    found: dict[type[Model], list[Any]] = {}
    for ways in all_ways():
        if ways.names_one_person and wanted != Reach(frozenset(), frozenset()):
            rows = _not_of_others(ways, entries)
            found[ways.model] = [row for row in _likely(rows, wanted) if _shares(row, wanted)]
    return found


def reach_of_nobody_else(entries: Collection[Contact], same: SameRows) -> Reach:
    """Return numbers and addresses of a person, without those that somebody else, or the customer itself, has too."""
    own = Reach(
        frozenset(digits_of(getattr(entry, name)) for entry in entries for name in NUMBERS),
        _lowered(getattr(entry, name) for entry in entries for name in HANDLES),
    )
    others = [_other_contacts(entries)]
    for ways in all_ways():
        rows = ways.model._default_manager.exclude(pk__in=[row.pk for row in same.get(ways.model, ())])
        if ways.model is not Contact and _columns(ways.model, NUMBERS + HANDLES):
            others.append(_about_nobody_of(rows, ways, entries))
    for rows in others:
        own = own.without(_held(rows, own))
    return own


def names_holding(
    names: Collection[str], entries: Collection[Contact], same: SameRows, *, customer: Customer | None = None
) -> set[str]:
    """Return names of others that are, or hold, one of ``names``: of our people, and at a customer or anywhere."""
    contacts = Contact.objects.filter(erasure__isnull=True).exclude(pk__in=[entry.pk for entry in entries])
    columns: list[tuple[QuerySet[Any], str]] = [(User.objects.get_queryset(), "name")]
    if customer is not None:
        companies = Customer.objects.filter(pk=customer.pk)
        contacts = contacts.filter(customer=customer)
    else:
        companies = Customer.objects.all()
        columns += [(Outsider.objects.all(), "name"), *_unlinked(entries, same)]
    columns += [(contacts, "name"), (companies, "name"), (companies, "short_name")]
    return {held for rows, column in columns for held in _holding(rows, column, names)}


def held_in(names: Iterable[str], others: Collection[str]) -> set[str]:
    """Return those of ``names`` that one of ``others`` holds."""
    return {name for name in names if any(name.lower() in other.lower() for other in others)}


def _unlinked(entries: Collection[Contact], same: SameRows) -> Iterator[tuple["QuerySet[Any]", str]]:
    for ways in all_ways():
        if ways.names_one_person:
            rows = _about_nobody_of(ways.model._default_manager.all(), ways, entries)
            yield rows.exclude(pk__in=[row.pk for row in same.get(ways.model, ())]), "contact_name"


def _holding(rows: "QuerySet[Any]", column: str, names: Iterable[str]) -> Iterator[str]:
    condition = Q(pk__in=[])
    for name in names:
        condition |= Q(**{f"{column}__icontains": name})
    yield from rows.filter(condition).values_list(column, flat=True)


def _other_contacts(entries: Iterable[Contact]) -> "QuerySet[Any]":
    rows = Contact.objects.filter(trashed_at=None, merged_into=None)
    return rows.exclude(pk__in=[entry.pk for entry in entries])


def _not_of_others(ways: Ways, entries: Iterable[Contact]) -> "QuerySet[Any]":
    """Keep the rows that are linked to nobody, or to the person."""
    rows, keys = ways.model._default_manager.all(), [entry.pk for entry in entries]
    for name in ways.person:
        rows = rows.filter(Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__in": keys}))
    return rows


def _about_nobody_of(rows: "QuerySet[Any]", ways: Ways, entries: Iterable[Contact]) -> "QuerySet[Any]":
    """Leave out the rows that are linked to the person."""
    linked = Q(pk__in=[])
    for name in ways.person:
        linked |= Q(**{f"{name}__in": [entry.pk for entry in entries]})
    return rows.exclude(pk__in=ways.model._default_manager.filter(linked).values("pk"))


def _held(rows: "QuerySet[Any]", wanted: Reach) -> Reach:
    """Return what of the wanted the rows have."""
    numbers, handles = _columns(rows.model, NUMBERS), _columns(rows.model, HANDLES)
    found = list(_likely(rows, wanted))
    return Reach(
        frozenset(digits_of(getattr(row, name)) for row in found for name in numbers),
        _lowered(getattr(row, name) for row in found for name in handles),
    )


def _likely(rows: "QuerySet[Any]", wanted: Reach) -> "QuerySet[Any]":
    condition = Q(pk__in=[])
    for name in _columns(rows.model, NUMBERS):
        for number in filter(_is_number, wanted.numbers):
            condition |= Q(**{f"{name}__contains": number[-LAST:]})
    for name in _columns(rows.model, HANDLES):
        for handle in wanted.handles:
            condition |= Q(**{f"{name}__iexact": handle})
    return rows.filter(condition)


def _shares(row: Model, wanted: Reach) -> bool:
    numbers = {digits_of(getattr(row, name)) for name in _columns(type(row), NUMBERS)}
    handles = _lowered(getattr(row, name) for name in _columns(type(row), HANDLES))
    return not (wanted.numbers.isdisjoint(numbers) and wanted.handles.isdisjoint(handles))


def _columns(model: type[Model], names: Iterable[str]) -> list[str]:
    held = {field.name for field in model._meta.concrete_fields}
    return [name for name in names if name in held]


def _lowered(handles: Iterable[str]) -> frozenset[str]:
    return frozenset(handle.strip().lower() for handle in handles if handle.strip())


def _is_number(digits: str) -> bool:
    return len(digits) >= SHORTEST_NUMBER
