"""Shapes of the API of questions and methods of asking."""

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

from duobiao.identity.api_support import StrictSchema
from duobiao.needs.api.more_schemas import TallyOut
from duobiao.needs.api.schemas import Code, Day, Long, RefText, Short, Version
from duobiao.needs.domain.asking import Mix
from duobiao.needs.models import MethodUse, SpinQuestion, SpinSheet
from duobiao.needs.queries.records import mix_of_sheet


class BankQuestionOut(Schema):
    """A question of the bank."""

    key: str
    letter: str
    text: str
    industry: str = Field(description="Empty for everybody.")


class OwnQuestionIn(StrictSchema):
    """A question of our own."""

    letter: Code = Field(description="S, P, I, N")
    text: Annotated[str, Field(min_length=1, max_length=300)]


class SpinSheetIn(StrictSchema):
    """Questions for a conversation."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    contact: RefText | None = None
    chosen: list[RefText] = Field(default_factory=list, max_length=40, description="keys of the bank")
    own: list[OwnQuestionIn] = Field(default_factory=list, max_length=40)


class SpinAnswersIn(StrictSchema):
    """Answers by question; an empty one takes an answer away."""

    version: Version
    answers: dict[RefText, Long] = Field(default_factory=dict, max_length=40)
    added: OwnQuestionIn | None = None


class SpinQuestionOut(Schema):
    """A question of a sheet."""

    ref: str
    letter: str
    text: str
    bank: str
    answer: str
    answered_on: Day | None

    @classmethod
    def of(cls, row: SpinQuestion) -> "SpinQuestionOut":
        """Build from a question."""
        return cls(
            ref=row.ref, letter=row.letter, text=row.text, bank=row.bank, answer=row.answer, answered_on=row.answered_on
        )  # fmt: skip


class SpinMixOut(Schema):
    """How many questions of each kind are planned and answered."""

    planned: dict[str, int]
    answered: dict[str, int]
    lacking: list[str]

    @classmethod
    def of(cls, mix: Mix) -> "SpinMixOut":
        """Build from a mix."""
        return cls(
            planned={str(letter): count for letter, count in mix.planned.items()},
            answered={str(letter): count for letter, count in mix.answered.items()},
            lacking=[str(letter) for letter in mix.lacking],
        )


class SpinSheetOut(Schema):
    """A sheet with its questions and their mix."""

    ref: str
    title: str
    contact: str | None
    created_at: datetime
    mix: SpinMixOut
    questions: list[SpinQuestionOut]
    version: int

    @classmethod
    def of(cls, row: SpinSheet) -> "SpinSheetOut":
        """Build from a sheet with its questions loaded."""
        return cls(
            ref=row.ref,
            title=row.title,
            contact=row.contact.ref if row.contact is not None else None,
            created_at=row.created_at,
            mix=SpinMixOut.of(mix_of_sheet(row)),
            questions=[
                SpinQuestionOut.of(held)
                for held in sorted(row.questions.all(), key=lambda held: (held.position, held.pk))
            ],
            version=row.version,
        )


class AskingMethodOut(Schema):
    """A method of asking with what came of it."""

    key: str
    way: str
    title: str
    script: str
    gaps: list[str]
    worked: TallyOut


class MethodUseIn(StrictSchema):
    """A method of asking was used."""

    method: str = Field(max_length=40)
    effect: Code = Field(description="NEW_NEED, CONFIRMED, NOTHING, RESISTED")
    need: RefText | None = None
    contact: RefText | None = None
    note: Short = ""
    used_on: Day | None = None


class MethodUseOut(Schema):
    """The use of a method."""

    method: str
    effect: str
    need: str | None
    contact: str | None
    note: str
    used_on: Day

    @classmethod
    def of(cls, row: MethodUse) -> "MethodUseOut":
        """Build from a use with its need and contact loaded."""
        return cls(
            method=row.method,
            effect=row.effect,
            need=row.need.ref if row.need is not None else None,
            contact=row.contact.ref if row.contact is not None else None,
            note=row.note,
            used_on=row.used_on,
        )
