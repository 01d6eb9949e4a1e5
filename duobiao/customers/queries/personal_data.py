"""What is held about a person: every row about them, and every row that names them in its words."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from duobiao.customers.domain.traces import Traces, traces_of
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.namesakes import (
    SameRows,
    held_in,
    names_holding,
    reach_of_nobody_else,
    rows_of_same_person,
)
from duobiao.customers.queries.ways import Ways, all_ways, is_json
from duobiao.kernel.refs import ALPHABET, REF_LENGTH
from duobiao.timeline.models import Entry, EntryDetail
from duobiao.web.tables import chain_models

NAMED_EVERYWHERE: Final = (
    "timeline.Notification",
    "push.Delivery",
    "integrations.ImportFault",
    "integrations.ImportedRecord",
    "engagement.CallList",
    "engagement.WeeklyReport",
    "knowledge.ReferenceCase",
    "planning.SheetEntry",
    "strategy.ReviewMeeting",
)
"""Tables of which rows lead to no customer, but people write names in: one that nobody else has is wiped there."""

REF: Final = re.compile(rf"[A-Z]{{1,2}}-[{ALPHABET}]{{{REF_LENGTH}}}")
OF_COMPANY: Final = ("name", "short_name", "normal_name")
"""What a customer is called; never wiped."""

CHUNK: Final = 500
FAMILIAR: Final = ("called_on", "held_on", "happened_on", "said_on", "asked_on", "planned_at", "at", "asked_at")
"""Columns that say best when a row was."""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact with the entries that were merged into it, and what to look for.

    Attributes:
        certain: Traces in rows about them.
        nearby: Traces in rows of their customer; without the name where somebody else there, or of ours, has it too.
        elsewhere: Traces in rows that lead to nobody; without the name where anybody else anywhere has it too.
        anywhere: Numbers and addresses alone.
        same: Rows that stand for the person without a link, by model.
        chains: Audit chains of the customer and all that belongs to it, and of rows that stand for the person.
        subjects: References of everything that was written about in these chains.
    """

    contact: Contact
    entries: tuple[Contact, ...]
    certain: Traces
    nearby: Traces
    elsewhere: Traces
    anywhere: Traces
    same: SameRows
    chains: frozenset[str]
    subjects: frozenset[str]
    namesakes: bool

    @property
    def refs(self) -> list[str]:
        """References of all entries."""
        return [entry.ref for entry in self.entries]

    @property
    def same_refs(self) -> frozenset[str]:
        """References of rows that stand for the person without a link."""
        return frozenset(row.ref for rows in self.same.values() for row in rows)

    @property
    def near(self) -> frozenset[str]:
        """References of the records of their customer."""
        return self.chains | self.subjects | frozenset(self.refs)


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
    same = rows_of_same_person(entries)
    reach = reach_of_nobody_else(entries, same)
    names = {entry.name for entry in entries}
    others = names_holding(names, entries, same, customer=contact.customer)
    chains = frozenset(_chains(contact.customer)) | {row.ref for rows in same.values() for row in rows}

    def traces(called: set[str]) -> Traces:
        return traces_of(names=called, numbers=reach.numbers, handles=reach.handles, kept=others - names)

    return Person(
        contact=contact,
        entries=entries,
        certain=traces(names),
        nearby=traces(names - held_in(names, others)),
        elsewhere=traces(names - held_in(names, others | names_holding(names, entries, same))),
        anywhere=traces(set()),
        same=same,
        chains=chains,
        subjects=frozenset(Entry.objects.filter(chain__in=chains).values_list("subject_ref", flat=True)),
        namesakes=bool(held_in(names, others)),
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
    answers, same = set(_own_answers(person)), person.same_refs
    return [row for row in rows.iterator(chunk_size=CHUNK) if _concerns(person, row, own, answers, same)]


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


def _chains(customer: Customer) -> Iterator[str]:
    ways = {way.model: way for way in all_ways()}
    for model in chain_models():
        for path in ways[model].customer if model in ways else ():
            yield from model._default_manager.filter(**{path: customer.pk}).values_list("ref", flat=True)


def _about(person: Person, ways: Ways) -> Iterator[Spot]:
    keys = [entry.pk for entry in person.entries]
    for name in ways.person:
        rows = ways.model._default_manager.filter(**{f"{name}__in": keys})
        yield from _spots(ways, _read(rows), person.certain, about=True)
    if ways.model in person.same:
        yield from _spots(ways, person.same[ways.model], person.certain, about=True)
    for path in ways.subject:
        rows = ways.model._default_manager.filter(**{f"{path}__in": person.refs})
        yield from _spots(ways, _read(rows), person.certain, about=True)


def _around(person: Person, ways: Ways) -> Iterator[Spot]:
    manager = ways.model._default_manager
    for path in ways.customer:
        yield from _spots(ways, _read(manager.filter(**{path: person.contact.customer_id})), person.nearby)
    for path in ways.subject:
        rows = manager.filter(**{f"{path}__in": person.subjects})
        yield from _spots(ways, _read(rows.distinct()), person.nearby)
        yield from _spots(ways, _read(manager.filter(**{f"{path}__in": person.same_refs}).distinct()), person.certain)
    if ways.model._meta.label in NAMED_EVERYWHERE:
        rows = manager.filter(**{f"{path}__isnull": True for path in ways.customer})
        for row in _read(holding_words(rows, ways.texts, person.certain.words)):
            yield from _spots(ways, [row], _traces_in(person, ways, row))
    elif ways.is_loose:
        yield from _spots(ways, _read(holding_words(manager.all(), ways.texts, person.anywhere.words)), person.anywhere)


def _traces_in(person: Person, ways: Ways, row: Model) -> Traces:
    """Return what to look for in a row without a way to a customer: whom it names by reference says whom it is about."""
    named = set(REF.findall(" ".join(str(getattr(row, name)) for name in ways.texts)))
    if not named.isdisjoint(person.refs) or not named.isdisjoint(person.same_refs):
        return person.certain
    return person.elsewhere if named.isdisjoint(person.near) else person.nearby


def _read(rows: "QuerySet[Any]") -> Iterator[Any]:
    return rows.iterator(chunk_size=CHUNK)


def _spots(ways: Ways, rows: Iterable[Any], traces: Traces, *, about: bool = False) -> Iterator[Spot]:
    texts = [name for name in ways.texts if ways.model is not Customer or name not in OF_COMPANY]
    for row in rows:
        traced = tuple(name for name in texts if traces.found_in(getattr(row, name)))
        if traced or about:
            yield Spot(row, about, traced, traces)


def _own_answers(person: Person) -> Iterator[str]:
    """Yield the references of rows about the person whose audit names the address and browser they answered from."""
    keys = [entry.pk for entry in person.entries]
    for ways in all_ways():
        if ways.model._meta.label == "opportunities.Confirmation":
            yield from ways.model._default_manager.filter(contact__in=keys).values_list("ref", flat=True)


def _concerns(person: Person, row: EntryDetail, own: set[str], answers: set[str], same: frozenset[str]) -> bool:
    if row.entry.subject_ref in own or person.nearby.found_in(row.data):
        return True
    if row.entry.subject_ref in same and person.certain.found_in(row.data):
        return True
    return "address" in row.data and row.data.get("confirmation") in answers
