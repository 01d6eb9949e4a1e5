"""Write on a sheet: note, change, say what differs from what stands above, strike out, take off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound, StaleVersion
from duobiao.opportunities.actions.reassess import own_day
from duobiao.planning.actions.sheets import sheet_for, take_subject, told, touch
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.planning.actions.values import checked_values
from duobiao.planning.domain.sheets import About, Definition
from duobiao.planning.events import EntryChanged, EntryNoted, EntryRemoved, EntryStruck
from duobiao.planning.models import Sheet, SheetEntry
from duobiao.planning.queries.definitions import find_definition, words
from duobiao.planning.queries.evidence import check_evidence
from duobiao.planning.queries.subjects import Subject, above, subject_of
from duobiao.timeline.actions.record import record

LONGEST_TEXT, LONGEST_SOURCE = 500, 300


class SectionTaken(Conflict):
    """The section holds one entry, and has it."""

    code = "section_taken"


class DiffersAlready(Conflict):
    """What differs from this entry is written down already."""

    code = "differs_already"


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says.

    Attributes:
        values: By key of the field of its definition.
        evidence: What shows it, or None.
    """

    text: str
    noted_on: date
    values: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    evidence: Ref | None = None


@transaction.atomic
def note_entry(
    *, subject: Subject, definition: Definition, section: str, said: Said, actor: User, now: datetime
) -> SheetEntry:
    """Note something on a sheet; the first entry makes the sheet.

    Raises:
        NotAllowed: the actor may not write the sheets of this subject.
        Conflict: the subject lies in the trash, is closed, or the sheet is full.
        SectionTaken: the section holds one entry, and has it.
        Invalid: a value cannot be accepted.
    """
    held = take_subject(subject, actor)
    if definition.section_of(section) is None:
        names = ", ".join(row.key for row in definition.sections)
        message = _("Choose one of: %(names)s.") % {"names": names}
        raise Invalid(message, fields={"section": message})
    checked = _checked(held, definition, said, actor=actor, now=now)
    sheet = sheet_for(held, definition, actor=actor, now=now)
    _require_room(held, sheet, definition, section, actor)
    entry = _keep(SheetEntry(sheet=sheet, section=section, created_at=now), definition, checked, actor, now)
    record(EntryNoted(subject=held.source, data=told(definition, entry, values=entry.values)), actor=actor, at=now)
    return entry


@transaction.atomic
def differ(
    *, subject: Subject, definition: Definition, base: SheetEntry, said: Said, actor: User, now: datetime
) -> SheetEntry:
    """Write down how a subject differs from an entry that stands above.

    Raises:
        NotAllowed, Conflict, Invalid: as ``note_entry``.
        NotFound: the entry does not stand above.
        DiffersAlready: it is written down already.
    """
    held = take_subject(subject, actor)
    checked = _checked(held, definition, said, actor=actor, now=now)
    sheet = sheet_for(held, definition, actor=actor, now=now)
    _require_above(held, sheet, base, actor)
    entry = SheetEntry(sheet=sheet, section=base.section, overrides=base, created_at=now)
    entry = _keep(entry, definition, checked, actor, now)
    data = told(definition, entry, values=entry.values, before=base.text)
    record(EntryNoted(subject=held.source, data=data), actor=actor, at=now)
    return entry


@transaction.atomic
def strike(
    *, subject: Subject, definition: Definition, base: SheetEntry, reason: str, actor: User, now: datetime
) -> SheetEntry:
    """Say that an entry that stands above does not hold here.

    Raises:
        NotAllowed, Conflict, NotFound, DiffersAlready: as ``differ``.
        Invalid: the reason is missing or too long.
    """
    held = take_subject(subject, actor)
    faults: Faults = {}
    text = checked_text("reason", reason, longest=LONGEST_TEXT, faults=faults, required=True)
    refuse(faults)
    sheet = sheet_for(held, definition, actor=actor, now=now)
    _require_above(held, sheet, base, actor)
    entry = SheetEntry.objects.create(
        sheet=sheet,
        definition_version=definition.version,
        section=base.section,
        text=text,
        overrides=base,
        struck=True,
        noted_on=own_day(actor, now),
        author=actor,
        created_at=now,
        changed_at=now,
    )
    touch(sheet, now)
    data = told(definition, entry, reason=text) | {"text": base.text}
    record(EntryStruck(subject=held.source, data=data), actor=actor, at=now)
    return entry


@transaction.atomic
def change_entry(*, entry: SheetEntry, version: int, said: Said, actor: User, now: datetime) -> SheetEntry:
    """Change an entry; what it said before stays in the audit.

    Raises:
        NotAllowed, Conflict, Invalid: as ``note_entry``.
        NotFound: it was taken off.
        StaleVersion: somebody changed it since.
    """
    subject, definition = _taken(entry, actor)
    held = _present(entry)
    if held.version != version:
        current = {"text": held.text, **held.values, "source": held.source}
        message = _("Somebody changed this entry since you opened it. Look at it again before you save.")
        raise StaleVersion(message, details={"current": current, "version": held.version})
    if held.struck:
        raise Conflict(_("A struck entry is not changed. Take the note off, then say what differs."))
    checked = _checked(subject, definition, said, actor=actor, now=now)
    before = {"text": held.text, "values": held.values, "noted_on": held.noted_on.isoformat(), "source": held.source}
    held.version += 1
    _keep(held, definition, checked, actor, now)
    data = told(definition, held, values=held.values, before=before)
    record(EntryChanged(subject=subject.source, data=data), actor=actor, at=now)
    return held


@transaction.atomic
def remove_entry(*, entry: SheetEntry, actor: User, now: datetime) -> None:
    """Take an entry off its sheet; its row stays, and what stands above holds again.

    Raises:
        NotAllowed, Conflict: as ``note_entry``.
        NotFound: it was taken off before.
    """
    subject, definition = _taken(entry, actor)
    held = _present(entry)
    held.removed_at, held.removed_by = now, actor
    held.version += 1
    held.save(update_fields=["removed_at", "removed_by", "version"])
    touch(held.sheet, now)
    record(EntryRemoved(subject=subject.source, data=told(definition, held)), actor=actor, at=now)


def _taken(entry: SheetEntry, actor: User) -> tuple[Subject, Definition]:
    subject = take_subject(subject_of(entry.sheet, actor), actor)
    return subject, find_definition(entry.sheet.definition, subject.about)


def _present(entry: SheetEntry) -> SheetEntry:
    held = SheetEntry.objects.select_related("sheet").filter(pk=entry.pk, removed_at__isnull=True).first()
    if held is None:
        raise NotFound(_("This entry was taken off."))
    return held


def _checked(subject: Subject, definition: Definition, said: Said, *, actor: User, now: datetime) -> Said:
    faults: Faults = {}
    text = checked_text("text", said.text, longest=LONGEST_TEXT, faults=faults, required=True)
    source = checked_text("source", said.source, longest=LONGEST_SOURCE, faults=faults)
    checked_past("noted_on", said.noted_on, actor=actor, now=now, faults=faults)
    values = checked_values(definition, said.values, faults)
    check_evidence(subject, said.evidence, actor, faults)
    refuse(faults)
    return Said(text, said.noted_on, values, source, said.evidence)


def _keep(entry: SheetEntry, definition: Definition, said: Said, actor: User, now: datetime) -> SheetEntry:
    entry.definition_version = definition.version
    entry.text, entry.source, entry.noted_on = said.text, said.source, said.noted_on
    entry.values = dict(said.values)
    entry.evidence_kind = said.evidence.kind if said.evidence is not None else ""
    entry.evidence_ref = said.evidence.ref if said.evidence is not None else ""
    entry.author, entry.changed_at = actor, now
    entry.save()
    touch(entry.sheet, now)
    return entry


def _require_above(subject: Subject, sheet: Sheet, base: SheetEntry, actor: User) -> None:
    parent = above(subject, actor)
    stands = (
        parent is not None
        and SheetEntry.objects.filter(
            pk=base.pk,
            removed_at__isnull=True,
            struck=False,
            sheet__definition=sheet.definition,
            **{f"sheet__{name}": value for name, value in parent.columns.items()},
        ).exists()
    )
    if not stands:
        raise NotFound(_("This entry no longer stands above."))
    if sheet.entries.filter(overrides=base, removed_at__isnull=True).exists():
        raise DiffersAlready(_("What differs here is written down already. Change that entry."))


def _require_room(subject: Subject, sheet: Sheet, definition: Definition, key: str, actor: User) -> None:
    section = definition.section_of(key)
    if section is None or not section.single:
        return
    own = sheet.entries.filter(section=key, removed_at__isnull=True, struck=False)
    parent = above(subject, actor)
    rows = SheetEntry.objects.filter(section=key, removed_at__isnull=True, struck=False)
    rows = rows.filter(sheet__definition=definition.key).exclude(
        pk__in=sheet.entries.filter(struck=True, removed_at__isnull=True).values("overrides_id")
    )
    taken_over = (
        parent is not None
        and subject.about is not About.INDUSTRY
        and rows.filter(**{f"sheet__{name}": value for name, value in parent.columns.items()}).exists()
    )
    if own.exists() or taken_over:
        message = _("“%(section)s” holds one entry and has it. Change that one.") % {"section": words(section.title)}
        raise SectionTaken(message, fields={"section": message})
