"""Sheets as pages and the API show them: taken over, changed, struck out and own lines, scores, actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from duobiao.identity.models import User
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.queries.tasks import visible_pks
from duobiao.planning.domain.inherit import Line, Standing, inherited
from duobiao.planning.domain.scoring import Note, Result, mean_of, result_of, score_of, sign_of
from duobiao.planning.domain.sheets import About, Definition, Field, Kind, Pair, Section
from duobiao.planning.models import Sheet, SheetAction, SheetEntry
from duobiao.planning.queries.definitions import definition_at, definitions_about, words
from duobiao.planning.queries.evidence import EvidenceShown, evidence_shown
from duobiao.planning.queries.subjects import Subject, above, sheets_of


@dataclass(frozen=True, slots=True)
class FieldShown:
    """What an entry says in one field."""

    key: str
    title: str
    value: str
    sign: int
    is_text: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line of a sheet.

    Attributes:
        number: Counts the lines that stand, as the picture does; 0 for a struck one.
        reason: Why it was struck out here.
        before: What stands above, where it was changed here.
        score: None where it has none.
        sign: 1 for us, −1 against us, 0 neither.
    """

    number: int
    standing: Standing
    entry: SheetEntry
    own: SheetEntry | None
    base: SheetEntry | None
    reason: str
    before: str
    fields: tuple[FieldShown, ...]
    score: int | None
    sign: int
    evidence: EvidenceShown | None


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section with its lines; ``mean`` of its scores, None without; ``full`` where it takes no further entry."""

    section: Section
    title: str
    guidance: str
    lines: tuple[LineShown, ...]
    mean: Decimal | None
    above_mean: Decimal | None
    full: bool


@dataclass(frozen=True, slots=True)
class ActionShown:
    """An action with its task as it stands."""

    action: SheetAction
    task: DealTask
    inner: str
    outer: str
    late: bool


@dataclass(frozen=True, slots=True)
class PairShown:
    """A pair with what came of it; ``ready`` where both sections hold something."""

    pair: Pair
    title: str
    guidance: str
    ready: bool
    actions: tuple[ActionShown, ...]


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet.

    Attributes:
        parent: What it takes over from, where sheets of that are kept.
        changed_at, changed_by: Of the latest line, "" and None while it is empty.
        above: What the sheet above comes to; None where there is none.
        counts: Lines by standing.
    """

    subject: Subject
    parent: Subject | None
    definition: Definition
    sections: tuple[SectionShown, ...]
    pairs: tuple[PairShown, ...]
    result: Result
    above: Result | None
    changed_at: datetime | None
    changed_by: str
    counts: Mapping[Standing, int]

    @property
    def lines(self) -> list[LineShown]:
        """All lines that stand, in the order of the sections."""
        return [line for part in self.sections for line in part.lines if line.number]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not self.lines


def sheet_shown(subject: Subject, definition: Definition, user: User, *, on: date) -> SheetShown:
    """Return a sheet with what it takes over; about six queries for any number of lines."""
    parent = _parent(subject, definition, user)
    own, base = _entries(definition, subject, parent)
    lines = merged(base, own)
    evidence = evidence_shown([line.entry for line in lines], subject, user)
    shown = _numbered(definition, lines, evidence)
    notes = [Note(line.entry.section, line.entry.values) for line in lines if line.counts]
    above_notes = [Note(row.section, row.values) for row in base]
    latest = max(own, key=lambda row: (row.changed_at, row.pk), default=None)
    return SheetShown(
        subject=subject,
        parent=parent,
        definition=definition,
        sections=tuple(_section(definition, part, shown, above_notes) for part in definition.sections),
        pairs=_pairs(subject, definition, shown, user, on),
        result=result_of(definition, notes),
        above=result_of(definition, above_notes) if base else None,
        changed_at=latest.changed_at if latest is not None else None,
        changed_by=latest.author.name if latest is not None else "",
        counts={standing: sum(line.standing is standing for line in lines) for standing in Standing},
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """A sheet in one line."""

    definition: Definition
    title: str
    purpose: str
    url: str
    result: Result
    own: int
    taken_over: int
    changed_at: datetime | None


def briefs(subject: Subject, user: User) -> list[Brief]:
    """Return all sheets of a subject in one line each; three queries for a customer."""
    parent = above(subject, user)
    found: dict[tuple[str, bool], list[SheetEntry]] = {}
    rows = SheetEntry.objects.filter(
        removed_at__isnull=True, sheet__in=Sheet.objects.filter(sheets_of(subject, parent))
    )
    for row in rows.select_related("sheet").order_by("created_at", "pk"):
        mine = getattr(row.sheet, f"{_column(subject)}_id") == subject.record.pk
        found.setdefault((row.sheet.definition, mine), []).append(row)
    return [_brief(subject, definition, found) for definition in definitions_about(subject.about)]


def merged(base: Sequence[SheetEntry], own: Sequence[SheetEntry]) -> list[Line[SheetEntry]]:
    """Return the lines of a sheet from its entries and those above."""
    return inherited(
        base, own, key=lambda row: row.pk, overrides=lambda row: row.overrides_id, is_struck=lambda row: row.struck
    )


def _column(subject: Subject) -> str:
    return next(iter(subject.columns))


def _brief(subject: Subject, definition: Definition, found: Mapping[tuple[str, bool], list[SheetEntry]]) -> Brief:
    takes_over = definition.about[1] is subject.about
    base = [row for row in found.get((definition.key, False), []) if takes_over and not row.struck]
    own = found.get((definition.key, True), [])
    lines = [line for line in merged(base, own) if line.counts]
    newest = max((row.changed_at for row in own or base), default=None)
    return Brief(
        definition=definition,
        title=words(definition.title),
        purpose=words(definition.purpose),
        url=subject.address(definition.key),
        result=result_of(definition, [Note(line.entry.section, line.entry.values) for line in lines]),
        own=sum(line.own is not None for line in lines),
        taken_over=sum(line.own is None for line in lines),
        changed_at=newest,
    )


def _parent(subject: Subject, definition: Definition, user: User) -> Subject | None:
    return above(subject, user) if definition.about[1] is subject.about else None


def _entries(
    definition: Definition, subject: Subject, parent: Subject | None
) -> tuple[list[SheetEntry], list[SheetEntry]]:
    """Return own entries and those above, in the order they were written; one query."""
    within = Sheet.objects.filter(sheets_of(subject, parent), definition=definition.key)
    rows = SheetEntry.objects.filter(removed_at__isnull=True, sheet__in=within)
    found = list(rows.select_related("sheet", "author").order_by("created_at", "pk"))
    column = f"{_column(subject)}_id"
    own = [row for row in found if getattr(row.sheet, column) == subject.record.pk]
    held = {row.pk for row in own}
    return own, [row for row in found if row.pk not in held and not row.struck]


def _numbered(
    definition: Definition, lines: Sequence[Line[SheetEntry]], evidence: Mapping[int, EvidenceShown]
) -> dict[str, list[LineShown]]:
    """Return the lines by section, numbered in the order they are read."""
    found: dict[str, list[LineShown]] = {}
    number = 0
    for part in definition.sections:
        for line in lines:
            if line.entry.section != part.key:
                continue
            number += line.counts
            found.setdefault(part.key, []).append(_line(line, number if line.counts else 0, evidence))
    return found


def _line(line: Line[SheetEntry], number: int, evidence: Mapping[int, EvidenceShown]) -> LineShown:
    entry = line.entry
    definition = definition_at(entry.sheet.definition, entry.definition_version)
    struck = line.standing is Standing.STRUCK
    return LineShown(
        number=number,
        standing=line.standing,
        entry=entry,
        own=line.own,
        base=line.base,
        reason=line.own.text if struck and line.own is not None else "",
        before=line.base.text if line.standing is Standing.CHANGED and line.base is not None else "",
        fields=tuple(
            _field(field, entry.values[field.key]) for field in definition.fields if field.key in entry.values
        ),
        score=score_of(definition, entry.values),
        sign=sign_of(definition, entry.values),
        evidence=evidence.get(entry.pk),
    )


def _field(field: Field, value: Any) -> FieldShown:
    choice = field.choice_of(value) if field.kind is Kind.CHOICE else None
    said = words(choice.title) if choice is not None else str(value)
    return FieldShown(field.key, words(field.title), said, choice.sign if choice else 0, field.kind is Kind.TEXT)


def _section(
    definition: Definition, part: Section, shown: Mapping[str, list[LineShown]], base: Sequence[Note]
) -> SectionShown:
    lines = tuple(shown.get(part.key, ()))
    above_scores = [score_of(definition, row.values) for row in base if row.section == part.key]
    return SectionShown(
        section=part,
        title=words(part.title),
        guidance=words(part.guidance),
        lines=lines,
        mean=mean_of(line.score for line in lines if line.number and line.score is not None),
        above_mean=mean_of(score for score in above_scores if score is not None),
        full=part.single and any(line.number for line in lines),
    )


def _pairs(
    subject: Subject, definition: Definition, shown: Mapping[str, list[LineShown]], user: User, on: date
) -> tuple[PairShown, ...]:
    if not definition.pairs:
        return ()
    actions = actions_of(subject, definition, user, on=on)
    return tuple(
        PairShown(
            pair=pair,
            title=words(pair.title),
            guidance=words(pair.guidance),
            ready=all(any(line.number for line in shown.get(key, ())) for key in (pair.inner, pair.outer)),
            actions=tuple(row for row in actions if row.action.pair == pair.key),
        )
        for pair in definition.pairs
    )


def actions_of(subject: Subject, definition: Definition, user: User, *, on: date) -> list[ActionShown]:
    """Return the actions of a sheet whose tasks the person may see, the earliest due first; one query.

    A customer's sheet shows those of the sheets of its deals too, a deal's sheet those that its customer's sheet led to.
    """
    about = Q(**{f"sheet__{name}": value for name, value in subject.columns.items()})
    if subject.about is About.CUSTOMER:
        about |= Q(sheet__opportunity__customer=subject.record)
    if subject.about is About.DEAL:
        about |= Q(task__opportunity=subject.record)
    rows = SheetAction.objects.filter(about, sheet__definition=definition.key, task__opportunity__in=visible_pks(user))
    rows = rows.select_related("inner", "outer", "task__owner", "task__opportunity", "sheet")
    return [
        ActionShown(
            action=row,
            task=row.task,
            inner=row.inner.text,
            outer=row.outer.text,
            late=row.task.is_open and row.task.due_on < on,
        )
        for row in rows.order_by("task__due_on", "pk")
    ]
