"""Erase the data of a person (PIPL Art. 47): what is about them goes, what must stay no longer says who they are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from duobiao.customers.actions.locks import lock_contact
from duobiao.customers.actions.track_completeness import (
    is_complete_handler,
    recount_handlers,
    tell_contact_completeness,
)
from duobiao.customers.domain.traces import MARK, Traces
from duobiao.customers.models import Contact, Erasure, ErasureGround
from duobiao.customers.queries.personal_data import Person, Place, Spot, details_of, person_of, places_of
from duobiao.customers.queries.ways import OF_ONE_PERSON
from duobiao.customers.work_events import ContactErased
from duobiao.documents.actions.drop_unused import drop_unused
from duobiao.documents.models import Attachment, Document
from duobiao.duplicates.actions.forget_merges import forget_merges
from duobiao.duplicates.actions.write_keys import forget_keys
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.search.actions.index import remove
from duobiao.search.actions.rewrite import rewrite
from duobiao.timeline.actions.erase_details import erase_found
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import EntryDetail

EMPTIED: Final = (
    "department",
    "position",
    "duties",
    "mobile",
    "phone",
    "email",
    "wechat",
    "character",
    "interests",
    "bridge",
    "notes",
)
"""What says who somebody is. The part they play in the purchase stays: evidence rests on it."""

OPINIONS: Final[dict[str, Any]] = {"influence": None, "stance": None, "relation_cells": []}


class ErasedBefore(Conflict):
    """The data of this person are erased already."""

    code = "erased_before"


@transaction.atomic
def erase_contact(
    *, contact: Contact, version: int, ground: str, asked_on: date, actor: User, now: datetime
) -> Erasure:
    """Erase everything that says who a person is, in every table, in one transaction; this cannot be undone.

    Name and numbers in texts become ``***``, the contact becomes a pseudonym in the trash, what the audit says of
    them is taken out while its chains stay whole, and they are found no more. Rows that must stay, stay.

    Args:
        version: The version the actor saw.
        ground: A value of ``ErasureGround``.
        asked_on: Day on which it was asked for.

    Raises:
        NotAllowed: the actor may not erase.
        ErasedBefore: it was done before.
        Conflict: the contact was merged into another one, or was changed since the actor looked.
        Invalid: no such reason, or the day lies ahead.
    """
    held = lock_contact(contact, live=False)
    require(actor, "customers.erase", held)
    _check(held, version, ground, asked_on, now)
    was_complete = is_complete_handler(held)
    person = person_of(held)
    places = list(places_of(person))
    wiped, kept = _wipe_places(places)
    wiped["history"] += _erase_history(person, ground, actor=actor, now=now)
    wiped["documents"] += _take_files_off(person)
    traces = _traces_by_record(person, places)
    wiped["search"] += _forget_in_search(person, traces)
    wiped["merges"] += forget_merges(
        refs=person.refs, holds=lambda ref, changes: traces.get(ref, person.anywhere).found_in(changes)
    )
    forget_keys([*person.refs, *person.same_refs])
    _empty_entries(person, actor=actor, now=now)
    wiped["contacts"] += len(person.entries)
    erasure = Erasure.objects.create(
        contact=held,
        ground=ground,
        asked_on=asked_on,
        erased_at=now,
        erased_by=actor,
        wiped={key: count for key, count in sorted(wiped.items()) if count},
        kept={key: count for key, count in sorted(kept.items()) if count},
    )
    _tell(erasure, was_complete=was_complete, actor=actor, now=now)
    return erasure


def _check(held: Contact, version: int, ground: str, asked_on: date, now: datetime) -> None:
    if held.merged_into_id is not None:
        raise Conflict(_("This contact went into another one. Erase that one; both go."))
    if Erasure.objects.filter(contact=held).exists():
        raise ErasedBefore(_("The data of this person are erased already."))
    faults: dict[str, object] = {}
    if ground not in ErasureGround.values:
        faults["ground"] = _("Choose why the data must go.")
    if asked_on > local_day(now, CompanySettings.load().time_zone):
        faults["asked_on"] = _("This day has not come yet.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    if held.version != version:
        raise Conflict(_("Somebody changed this contact since you looked. Look at what is held again."))


def _wipe_places(places: Iterable[Place]) -> tuple[Counter[str], Counter[str]]:
    wiped: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for place in places:
        label = place.ways.model._meta.label_lower
        for spot in place.spots:
            changed = _wiped_columns(place, spot)
            if changed:
                _write(spot.row, changed)
                wiped[label] += 1
            if spot.about:
                kept[label] += 1
    return wiped, kept


def _wiped_columns(place: Place, spot: Spot) -> dict[str, Any]:
    changed = {name: spot.traces.wiped(getattr(spot.row, name)) for name in spot.traced}
    if spot.about and place.ways.names_one_person:
        fields = {name: spot.row._meta.get_field(name) for name in OF_ONE_PERSON if name in place.ways.texts}
        changed |= {name: "" for name, field in fields.items() if field.blank and getattr(spot.row, name)}
    for name, value in changed.items():
        longest = getattr(spot.row._meta.get_field(name), "max_length", None)
        changed[name] = value[:longest] if longest and isinstance(value, str) else value
    return changed


def _write(row: Model, columns: dict[str, Any]) -> None:
    """Write columns past the actions of their capability; a form opened before must not bring them back.

    A table that has to know it, because its rows come in again, has a column ``erased``.
    """
    kinds = {field.name: field.get_internal_type() for field in row._meta.fields}
    if kinds.get("version", "").endswith("IntegerField"):
        columns = {**columns, "version": F("version") + 1}
    if kinds.get("erased") == "BooleanField":
        columns = {**columns, "erased": True}
    type(row)._default_manager.filter(pk=row.pk).update(**columns)


def _erase_history(person: Person, ground: str, *, actor: User, now: datetime) -> int:
    details = EntryDetail.objects.filter(pk__in=[row.pk for row in details_of(person)])
    return erase_found(
        details,
        subject=Ref.of(person.contact),
        chain=person.contact.customer.ref,
        reason=str(ErasureGround(ground).label),
        actor=actor,
        now=now,
    )


def _take_files_off(person: Person) -> int:
    """Take files off the contact; one that hangs nowhere else goes, its content with the daily sweep."""
    hanging = Attachment.objects.filter(subject_kind=Contact.kind, subject_ref__in=person.refs)
    documents = list(Document.objects.filter(pk__in=hanging.values("document_id")))
    hanging.delete()
    drop_unused(documents)
    return len(documents)


def _traces_by_record(person: Person, places: Iterable[Place]) -> dict[str, Traces]:
    """Return what goes from texts about each record; of all others only numbers and addresses go."""
    rows = [spot for place in places for spot in place.spots if hasattr(spot.row, "ref")]
    return {**dict.fromkeys(person.near, person.nearby), **{spot.row.ref: spot.traces for spot in rows}}


def _forget_in_search(person: Person, traces: Mapping[str, Traces]) -> int:
    remove(kind=Contact.kind, refs=person.refs)
    return rewrite(words=person.certain.words, change=lambda ref, text: traces.get(ref, person.anywhere).wiped(text))


def _empty_entries(person: Person, *, actor: User, now: datetime) -> None:
    for entry in person.entries:
        entry.name = f"{MARK} {entry.ref}"
        for name in EMPTIED:
            setattr(entry, name, "")
        for name, value in OPINIONS.items():
            setattr(entry, name, value)
        entry.profile_items = 0
        entry.version += 1
        if entry.merged_into_id is None and entry.trashed_at is None:
            entry.trashed_at, entry.trashed_by = now, actor
        entry.save()


def _tell(erasure: Erasure, *, was_complete: bool, actor: User, now: datetime) -> None:
    contact = erasure.contact
    recount_handlers(contact.customer)
    customer = Ref.of(contact.customer)
    data = {
        "erasure": erasure.ref,
        "ground": erasure.ground,
        "wiped": sum(erasure.wiped.values()),
        "kept": sum(erasure.kept.values()),
    }
    happened = ContactErased(subject=Ref.of(contact), customer=customer, chain=customer.ref, data=data)
    record(happened, actor=actor, at=now)
    tell_contact_completeness(contact, was=was_complete, actor=actor, now=now)
