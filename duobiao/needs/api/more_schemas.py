"""Shapes of the API of requirements, solution and objections."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.identity.api_support import StrictSchema
from duobiao.needs.api.schemas import Code, Day, Long, NeedOut, RefText, Short, Version
from duobiao.needs.domain.asking import Tally
from duobiao.needs.models import DealObjection, ObjectionAnswer, RequirementPaper, SolutionModule
from duobiao.needs.queries.library import Record, TypeShown
from duobiao.needs.queries.matrix import Matrix
from duobiao.opportunities.actions.open_confirmation import MOST_DAYS, USUAL_DAYS
from duobiao.opportunities.models import Confirmation


class ModuleIn(StrictSchema):
    """A module of the solution: by name, or as one of our products."""

    name: str = Field("", max_length=120)
    product: RefText | None = None


class ModuleOut(Schema):
    """A module of the solution."""

    ref: str
    name: str
    product: str | None

    @classmethod
    def of(cls, row: SolutionModule) -> "ModuleOut":
        """Build from a module with its product loaded."""
        return cls(ref=row.ref, name=row.name, product=row.product.ref if row.product is not None else None)


class MatrixOut(Schema):
    """Both coverage matrices of a deal: by reference of the need, stances by contact, fits by module."""

    needs: list[NeedOut]
    people: dict[str, str] = Field(description="Name by reference.")
    modules: list[ModuleOut]
    voices: dict[str, dict[str, str]]
    answers: dict[str, dict[str, str]]
    silent: list[str] = Field(description="Contacts of whom no stance is noted.")
    idle: list[str] = Field(description="Modules that answer no need.")
    unanswered: list[str] = Field(description="Needs that no module answers.")

    @classmethod
    def of(cls, matrix: Matrix) -> "MatrixOut":
        """Build from both matrices."""
        people, modules = matrix.people, matrix.modules
        return cls(
            needs=[NeedOut.at(line) for line in matrix.tree.lines],
            people={person.ref: person.name for person in people},
            modules=[ModuleOut.of(module) for module in modules],
            voices={
                row.line.need.ref: {
                    person.ref: voice.voice
                    for person, voice in zip(people, row.voices, strict=True)
                    if voice is not None
                }
                for row in matrix.by_person
            },
            answers={
                row.line.need.ref: {
                    module.ref: held.fit for module, held in zip(modules, row.answers, strict=True) if held is not None
                }
                for row in matrix.by_module
            },
            silent=[person.ref for person in matrix.silent],
            idle=[module.ref for module in matrix.idle],
            unanswered=[need.ref for need in matrix.unanswered],
        )


class RequirementPaperOut(Schema):
    """A version of the requirements."""

    ref: str
    number: int
    completed_on: Day
    created_by: str
    current: bool | None = Field(None, description="Whether the needs still say the same; null in lists.")
    lines: list[dict[str, Any]]

    @classmethod
    def of(cls, row: RequirementPaper, *, current: bool | None = None) -> "RequirementPaperOut":
        """Build from a version with its author loaded."""
        return cls(
            ref=row.ref,
            number=row.number,
            completed_on=row.completed_on,
            created_by=row.created_by.ref,
            current=current,
            lines=[dict(line) for line in row.lines],
        )


class RequirementAskIn(StrictSchema):
    """Whom to ask to confirm the requirements."""

    contact: RefText
    days: int = Field(USUAL_DAYS, ge=1, le=MOST_DAYS, description="how long the link works")
    send_mail: bool = Field(False, description="mail the link to the contact's address")


class RequirementConfirmIn(StrictSchema):
    """A confirmation that came by paper, mail, chat or platform."""

    contact: RefText
    way: Code = Field(description="STAMPED_SCAN, MAIL_REPLY, CHAT_PICTURE, PLATFORM_NOTICE")
    confirmed_on: date
    documents: list[RefText] = Field(max_length=20, description="upload them first")
    remark: Long = ""


class RequirementConfirmationOut(Schema):
    """One request to confirm the requirements, or one confirmation."""

    ref: str
    requirements: str
    way: str
    standing: str
    contact: str
    contact_name: str
    asked_at: datetime
    expires_at: datetime | None
    answered_on: Day | None
    remark: str

    @classmethod
    def of(cls, row: Confirmation, *, now: datetime, **more: Any) -> "RequirementConfirmationOut":
        """Build from a confirmation with its contact loaded."""
        return cls(
            ref=row.ref,
            requirements=row.source_ref,
            way=row.way,
            standing=str(row.standing(now)),
            contact=row.contact.ref,
            contact_name=row.contact.name,
            asked_at=row.asked_at,
            expires_at=row.expires_at,
            answered_on=row.answered_on,
            remark=row.remark,
            **more,
        )


class RequirementLinkOut(RequirementConfirmationOut):
    """A link that was just made; it is not shown again."""

    url: str
    mailed: bool
    mail_failure: str = Field(description="why it could not be mailed; empty otherwise")


class ObjectionFields(StrictSchema):
    """What can be said of an objection."""

    type: Code | None = Field(None, description="PRICE, TECHNOLOGY, SERVICE, RESISTANCE")
    text: Short | None = None
    contact: RefText | None = None
    raised_on: Day | None = None
    need: RefText | None = None
    tactic: str | None = Field(None, max_length=40)


class DealObjectionIn(ObjectionFields):
    """A new objection."""

    type: Code
    text: Annotated[str, Field(min_length=1, max_length=300)]
    contact: RefText


class ObjectionPatch(ObjectionFields):
    """Fields to change; what is left out stays."""

    version: Version


class ObjectionStepIn(StrictSchema):
    """A step of answering an objection."""

    version: Version
    step: int = Field(
        ge=1, le=5, description="1 listen, 2 clarify, 3 empathise, 4 resolve, 5 confirmed by the customer"
    )
    note: Annotated[str, Field(min_length=1, max_length=2000)]
    contact: RefText | None = Field(None, description="needed for the last step, with channel")
    channel: Code = ""
    done_on: Day | None = None
    tactic: str = Field("", max_length=40)


class ObjectionStepOut(Schema):
    """A step done."""

    step: int
    note: str
    contact: str | None
    channel: str
    done_on: Day
    by: str

    @classmethod
    def of(cls, row: ObjectionAnswer) -> "ObjectionStepOut":
        """Build from a step with its people loaded."""
        contact = row.contact.ref if row.contact is not None else None
        return cls(
            step=row.step, note=row.note, contact=contact, channel=row.channel, done_on=row.done_on, by=row.by.ref
        )  # fmt: skip


class DealObjectionOut(Schema):
    """An objection with its steps."""

    ref: str
    type: str
    text: str
    contact: str
    contact_name: str
    raised_on: Day
    need: str | None
    tactic: str
    step: int
    closed: bool
    steps: list[ObjectionStepOut]
    version: int

    @classmethod
    def of(cls, row: DealObjection) -> "DealObjectionOut":
        """Build from an objection with its steps loaded."""
        return cls(
            ref=row.ref,
            type=row.type,
            text=row.text,
            contact=row.contact.ref,
            contact_name=row.contact.name,
            raised_on=row.raised_on,
            need=row.need.ref if row.need is not None else None,
            tactic=row.tactic,
            step=row.step,
            closed=row.is_closed,
            steps=[ObjectionStepOut.of(held) for held in sorted(row.steps.all(), key=lambda held: held.step)],
            version=row.version,
        )


class TallyOut(Schema):
    """What came of something, honest about few."""

    good: int
    total: int
    percent: int | None = Field(description="Null while there are too few to tell a share.")

    @classmethod
    def of(cls, tally: Tally) -> "TallyOut":
        """Build from a tally."""
        return cls(good=tally.good, total=tally.total, percent=tally.percent)


class TacticOut(Schema):
    """A tactic with what came of it."""

    key: str
    title: str
    how: str
    origin: str
    closed: TallyOut = Field(description="Objections that the customer confirmed, of those it was used on.")
    won: TallyOut = Field(description="Won deals of the decided ones in which it was used.")
    low: float | None
    high: float | None

    @classmethod
    def of(cls, row: Record) -> "TacticOut":
        """Build from a tactic with its record."""
        return cls(
            key=row.tactic.key,
            title=row.tactic.words,
            how=row.tactic.doing,
            origin=row.tactic.origin,
            closed=TallyOut.of(row.closed),
            won=TallyOut.of(row.won),
            low=row.low,
            high=row.high,
        )


class ObjectionTypeOut(Schema):
    """One type of objections."""

    type: str
    sign: str
    raised: int
    closed: int
    tactics: list[TacticOut]

    @classmethod
    def of(cls, row: TypeShown) -> "ObjectionTypeOut":
        """Build from a type with its tactics."""
        return cls(
            type=row.type, sign=row.sign, raised=row.raised, closed=row.closed,
            tactics=[TacticOut.of(held) for held in row.tactics],
        )  # fmt: skip
