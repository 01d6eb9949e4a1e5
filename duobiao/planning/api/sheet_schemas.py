"""Shapes of the API of analyses."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.identity.api_support import StrictSchema
from duobiao.kernel.refs import Ref
from duobiao.planning.actions.note_entry import Said
from duobiao.planning.domain.sheets import Definition
from duobiao.planning.models import SheetEntry
from duobiao.planning.queries.definitions import words
from duobiao.planning.queries.sheets import ActionShown, LineShown, SheetShown

Day = date
Text = Annotated[str, Field(min_length=1, max_length=500)]
Values = Annotated[dict[str, int | str], Field(description="By key of the field of the definition.", max_length=20)]


class EvidenceRef(StrictSchema):
    """What shows an entry."""

    kind: str = Field(max_length=40, description="document, proof, fact, or the kind of any record.")
    ref: str = Field(max_length=60, description="Its reference; of a fact, the name of the customer's field.")


class EntryWords(StrictSchema):
    """What an entry says."""

    text: Text
    values: Values = {}
    noted_on: Day
    source: str = Field("", max_length=300)
    evidence: EvidenceRef | None = None

    def said(self) -> Said:
        """Return what the actions take."""
        evidence = Ref(self.evidence.kind, self.evidence.ref) if self.evidence is not None else None
        return Said(self.text, self.noted_on, dict(self.values), self.source, evidence)


class EntryIn(EntryWords):
    """A new entry."""

    section: str = Field(max_length=40)


class EntryPut(EntryWords):
    """An entry changed."""

    version: int = Field(ge=1, le=2**31 - 1)


class StrikeIn(StrictSchema):
    """Why an entry above does not hold here."""

    reason: Text


class PairIn(StrictSchema):
    """Two entries set against each other, and the task that comes of it."""

    pair: str = Field(max_length=40, description="SO, WO, ST or WT.")
    inner: str = Field(max_length=40, description="Reference of the entry inside: a strength or weakness.")
    outer: str = Field(max_length=40, description="Reference of the entry outside: an opportunity or threat.")
    opportunity: str = Field(max_length=40)
    title: str = Field(max_length=200)
    owner: str = Field(max_length=40)
    due_on: Day


class IndustryIn(StrictSchema):
    """An industry to analyse."""

    name: str = Field(min_length=1, max_length=60)


class IndustryOut(Schema):
    """An industry of which sheets are kept."""

    ref: str
    name: str
    created_at: datetime


class FieldOut(Schema):
    """A field of an entry."""

    key: str
    kind: str
    title: str
    hint: str
    lowest: int
    highest: int
    choices: list[str]
    required: bool


class SectionOut(Schema):
    """A section of a kind of sheet."""

    key: str
    title: str
    guidance: str
    single: bool


class SheetPairOut(Schema):
    """A pair of sections."""

    key: str
    inner: str
    outer: str
    title: str


class DefinitionOut(Schema):
    """A kind of sheet."""

    key: str
    version: int
    title: str
    purpose: str
    about: list[str]
    sections: list[SectionOut]
    fields: list[FieldOut]
    score: list[str] = Field(description="Fields whose product is the score of an entry.")
    figure: str
    pairs: list[SheetPairOut]

    @classmethod
    def of(cls, found: Definition) -> "DefinitionOut":
        """Build from a definition, in the reader's language."""
        return cls(
            key=found.key,
            version=found.version,
            title=words(found.title),
            purpose=words(found.purpose),
            about=[str(row) for row in found.about],
            sections=[
                SectionOut(key=row.key, title=words(row.title), guidance=words(row.guidance), single=row.single)
                for row in found.sections
            ],
            fields=[
                FieldOut(
                    key=row.key,
                    kind=str(row.kind),
                    title=words(row.title),
                    hint=words(row.hint),
                    lowest=row.lowest,
                    highest=row.highest,
                    choices=[choice.key for choice in row.choices],
                    required=row.required,
                )
                for row in found.fields
            ],
            score=list(found.score),
            figure=str(found.figure),
            pairs=[
                SheetPairOut(key=row.key, inner=row.inner, outer=row.outer, title=words(row.title))
                for row in found.pairs
            ],
        )


class SheetEntryOut(Schema):
    """An entry as kept."""

    ref: str
    section: str
    text: str
    values: dict[str, Any]
    noted_on: Day
    source: str
    evidence: EvidenceRef | None
    struck: bool
    overrides: str | None
    author: str
    changed_at: datetime
    version: int

    @classmethod
    def of(cls, entry: SheetEntry) -> "SheetEntryOut":
        """Build from an entry with its author loaded."""
        names = ("ref", "section", "text", "values", "noted_on", "source", "struck", "changed_at", "version")
        kind, ref = entry.evidence_kind, entry.evidence_ref
        return cls(
            **{name: getattr(entry, name) for name in names},
            evidence=EvidenceRef(kind=kind, ref=ref) if kind else None,
            overrides=entry.overrides.ref if entry.overrides is not None else None,
            author=entry.author.ref,
        )


class LineOut(Schema):
    """One line of a sheet as it stands."""

    standing: str = Field(description="own, inherited, changed or struck.")
    score: int | None
    reason: str = Field(description="Why it was struck out here.")
    entry: SheetEntryOut = Field(description="What counts; of a struck line, what would have counted.")
    own: str | None = Field(description="Reference of the own entry, to change or take off.")


class ActionOut(Schema):
    """An action of a pair with its task as it stands."""

    pair: str
    inner: str
    outer: str
    task: str
    opportunity: str
    title: str
    owner: str
    due_on: Day
    done_at: datetime | None
    dropped: bool
    result: str

    @classmethod
    def of(cls, held: ActionShown) -> "ActionOut":
        """Build from an action with its task loaded."""
        task = held.task
        same = {name: getattr(task, name) for name in ("title", "due_on", "done_at", "dropped", "result")}
        return cls(
            **same,
            pair=held.action.pair,
            inner=held.action.inner.ref,
            outer=held.action.outer.ref,
            task=task.ref,
            opportunity=task.opportunity.ref,
            owner=task.owner.ref,
        )


class SheetOut(Schema):
    """A sheet with everything that stands on it."""

    definition: str
    about: str
    subject: str
    takes_over_from: str | None
    value: Decimal | None = Field(description="What the sheet comes to; null while it cannot be said.")
    value_above: Decimal | None
    gains: int
    losses: int
    lines: list[LineOut]
    actions: list[ActionOut]

    @classmethod
    def of(cls, shown: SheetShown) -> "SheetOut":
        """Build from a sheet as pages show it."""
        return cls(
            definition=shown.definition.key,
            about=str(shown.subject.about),
            subject=shown.subject.ref,
            takes_over_from=shown.parent.ref if shown.parent is not None else None,
            value=shown.result.value,
            value_above=shown.above.value if shown.above is not None else None,
            gains=shown.result.gains,
            losses=shown.result.losses,
            lines=[_line(line) for part in shown.sections for line in part.lines],
            actions=[ActionOut.of(held) for pair in shown.pairs for held in pair.actions],
        )


class SheetBriefOut(Schema):
    """A sheet in one line."""

    definition: str
    title: str
    value: Decimal | None
    own: int
    taken_over: int
    changed_at: datetime | None


def _line(line: LineShown) -> LineOut:
    return LineOut(
        standing=str(line.standing),
        score=line.score,
        reason=line.reason,
        entry=SheetEntryOut.of(line.entry),
        own=line.own.ref if line.own is not None else None,
    )
