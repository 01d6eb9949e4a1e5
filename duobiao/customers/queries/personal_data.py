"""What is held about a person: every row about them, and every row that names them in its words."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from duobiao.customers.domain.traces import Traces, traces_of
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.ways import Ways, all_ways, is_json
from duobiao.identity.models import User
from duobiao.timeline.models import Entry, EntryDetail
from duobiao.web.tables import chain_models

NAMED_EVERYWHERE: Final = (
    "timeline.Notification",
    "push.Delivery",
    "integrations.ImportFault",
    "integrations.ImportedRecord",
)
"""Tables that lead to nobody, but whose rows pass: a name in them is wiped wherever it stands."""

CHUNK: Final = 500
FAMILIAR: Final = ("called_on", "held_on", "happened_on", "said_on", "asked_on", "planned_at", "at", "asked_at")
"""Columns that say best when a row was."""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact with the entries that were merged into it, and what to look for.

    Attributes:
        certain: Traces in rows about them.
        nearby: Traces in rows of their customer; without the name where somebody else there, or of ours, has it too.
        anywhere: Numbers and addresses alone.
        chains: Audit chains of the customer and all that belongs to it.
        subjects: References of everything that was written about in these chains.
    """

    contact: Contact
    entries: tuple[Contact, ...]
    certain: Traces
    nearby: Traces
    anywhere: Traces
    chains: frozenset[str]
    subjects: frozenset[str]
    namesakes: bool

    @property
    def refs(self) -> list[str]:
        """References of all entries."""
        return [entry.ref for entry in self.entries]


@dataclass(frozen=True, slots=True)
class Spot:
    """One row in which something about the person is kept.

    Attributes:
        about: The row is about them; else only its words name them.
        traced: Columns that hold a trace.
    """

    row: Any
    about: bool
    traced: tuple[str, ...]
    traces: Traces


@dataclass(slots=True)
class Place:
    """One table with its spots."""

    ways: Ways
    spots: list[Spot] = field(default_factory=list)


def person_of(contact: Contact) -> Person:
    """Return a person with what to look for."""
    entries = (contact, *Contact.objects.filter(merged_into=contact).order_by("pk"))
    numbers = [number for entry in entries for number in (entry.mobile, entry.phone)]
    handles = [handle for entry in entries for handle in (entry.email, entry.wechat)]
    names = {entry.name for entry in entries}
    shared = _shared_names(contact, entries, names)
    chains = frozenset(_chains(contact.customer))
    return Person(
        contact=contact,
        entries=entries,
        certain=traces_of(names=names, numbers=numbers, handles=handles),
        nearby=traces_of(names=names - shared, numbers=numbers, handles=handles),
        anywhere=traces_of(names=(), numbers=numbers, handles=handles),
        chains=chains,
        subjects=frozenset(Entry.objects.filter(chain__in=chains).values_list("subject_ref", flat=True)),
        namesakes=bool(shared),
    )


def places_of(person: Person) -> Iterator[Place]:
    """Yield every table that holds something about a person."""
    for ways in all_ways():
        place = Place(ways)
        found = {spot.row.pk: spot for spot in _around(person, ways)}
        found |= {spot.row.pk: spot for spot in _about(person, ways)}
        place.spots = list(found.values())
        if place.spots:
            yield place


def details_of(person: Person) -> list[EntryDetail]:
    """Return what the audit says about a person beyond who did what when."""
    rows = EntryDetail.objects.filter(entry__chain__in=person.chains).exclude(entry__event="timeline.details_erased")
    rows = rows.select_related("entry").order_by("entry__at", "entry_id")
    own = set(person.refs)
    answers = set(_own_answers(person))
    return [row for row in rows.iterator(chunk_size=CHUNK) if _concerns(person, row, own, answers)]


def day_of(row: Model) -> date | datetime | None:
    """Return when a row was, as people remember it."""
    names = {field.name for field in row._meta.concrete_fields}
    first = next((name for name in FAMILIAR if name in names and getattr(row, name)), "")
    if first:
        moment: date | datetime = getattr(row, first)
        return moment
    dated = (field.name for field in row._meta.concrete_fields if field.get_internal_type().startswith("Date"))
    return next((getattr(row, name) for name in dated if getattr(row, name)), None)


def holding_words(rows: "QuerySet[Any]", columns: Iterable[str], words: Iterable[str]) -> "QuerySet[Any]":
    """Keep the rows of which a column holds one of the words; JSON is looked at as text."""
    condition = Q(pk__in=[])
    wanted = list(words)
    for name in columns:
        path = name
        if is_json(rows.model._meta.get_field(name)):
            path = f"{name}_as_text"
            rows = rows.alias(**{path: Cast(name, TextField())})
        for word in wanted:
            condition |= Q(**{f"{path}__icontains": word}) | Q(**{f"{path}__icontains": json.dumps(word)[1:-1]})
    return rows.filter(condition)


def _shared_names(contact: Contact, entries: Iterable[Contact], names: set[str]) -> set[str]:
    others = Contact.objects.filter(customer=contact.customer_id, name__in=names, erasure__isnull=True)
    shared = set(others.exclude(pk__in=[entry.pk for entry in entries]).values_list("name", flat=True))
    return shared | set(User.objects.get_queryset().filter(name__in=names).values_list("name", flat=True))


def _chains(customer: Customer) -> Iterator[str]:
    ways = {way.model: way for way in all_ways()}
    for model in chain_models():
        for path in ways[model].customer if model in ways else ():
            yield from model._default_manager.filter(**{path: customer.pk}).values_list("ref", flat=True)


def _about(person: Person, ways: Ways) -> Iterator[Spot]:
    keys = [entry.pk for entry in person.entries]
    for name in ways.person:
        yield from _spots(ways, ways.model._default_manager.filter(**{f"{name}__in": keys}), person.certain, about=True)
    if ways.names_one_person:
        yield from _spots(ways, _same_person(person, ways), person.certain, about=True)
    for path in ways.subject:
        rows = ways.model._default_manager.filter(**{f"{path}__in": person.refs})
        yield from _spots(ways, rows, person.certain, about=True)


def _same_person(person: Person, ways: Ways) -> "QuerySet[Any]":
    """Return rows that stand for the same person without a link: one of their numbers or addresses is the same."""
    condition = Q(pk__in=[])
    for entry in person.entries:
        for name in ("mobile", "phone"):
            if getattr(entry, name):
                condition |= Q(mobile=getattr(entry, name)) | Q(phone=getattr(entry, name))
        if entry.email:
            condition |= Q(email__iexact=entry.email)
    return ways.model._default_manager.filter(condition)


def _around(person: Person, ways: Ways) -> Iterator[Spot]:
    manager = ways.model._default_manager
    for path in ways.customer:
        yield from _spots(ways, manager.filter(**{path: person.contact.customer_id}), person.nearby)
    for path in ways.subject:
        yield from _spots(ways, manager.filter(**{f"{path}__in": person.subjects}).distinct(), person.nearby)
    if ways.is_loose:
        traces = person.certain if ways.model._meta.label in NAMED_EVERYWHERE else person.anywhere
        if traces.words:
            yield from _spots(ways, holding_words(manager.all(), ways.texts, traces.words), traces)


def _spots(ways: Ways, rows: "QuerySet[Any]", traces: Traces, *, about: bool = False) -> Iterator[Spot]:
    for row in rows.iterator(chunk_size=CHUNK):
        traced = tuple(name for name in ways.texts if traces.found_in(getattr(row, name)))
        if traced or about:
            yield Spot(row, about, traced, traces)


def _own_answers(person: Person) -> Iterator[str]:
    """Yield the references of rows about the person whose audit names the address and browser they answered from."""
    keys = [entry.pk for entry in person.entries]
    for ways in all_ways():
        if ways.model._meta.label == "opportunities.Confirmation":
            yield from ways.model._default_manager.filter(contact__in=keys).values_list("ref", flat=True)


def _concerns(person: Person, row: EntryDetail, own: set[str], answers: set[str]) -> bool:
    if row.entry.subject_ref in own or person.nearby.found_in(row.data):
        return True
    return "address" in row.data and row.data.get("confirmation") in answers
