"""What the API says of people of a chain."""

from datetime import date
from typing import Literal

from ninja import Field, Schema

from duobiao.customers.models import Function
from duobiao.identity.api_support import StrictSchema
from duobiao.stakeholders.api.common import Version
from duobiao.stakeholders.domain.judging import Judgement, Topic
from duobiao.stakeholders.domain.relations import relation_score, relation_type
from duobiao.stakeholders.models import PERSONA, ChainLevel, ChainRole, CoachGrade, RelationClass
from duobiao.stakeholders.models.person import BuyingInfluence
from duobiao.stakeholders.queries.chain import Chain, Figure
from duobiao.stakeholders.queries.wording import value_out, value_words


class PersonFields(StrictSchema):
    """What may be known of a person; what is left out stays, or follows from the card and the role."""

    role: ChainRole | None = None
    part_source: str | None = Field(
        None, max_length=200, description="Who or what says that they play this part; without, it counts as asserted."
    )
    influence_type: BuyingInfluence | Literal[""] | None = None
    relation_class: RelationClass | Literal[""] | None = None
    coach_grade: CoachGrade | Literal[""] | None = None
    level: ChainLevel | None = None
    function: Function | Literal[""] | None = None
    department: str | None = Field(None, max_length=60)
    duties: str | None = Field(None, max_length=1000)
    goals: str | None = Field(None, max_length=1000)
    background: str | None = Field(None, max_length=1000)
    concerns: str | None = Field(None, max_length=1000)
    ties: str | None = Field(None, max_length=1000)
    care_plan: str | None = Field(None, max_length=1000)
    also_at: str | None = Field(None, max_length=40, description="Reference of a second company of the project.")
    keeper: str | None = Field(None, max_length=40, description="Reference of the colleague who speaks to them.")


class ChainPersonIn(PersonFields):
    """A contact that is put on the chain."""

    contact: str = Field(max_length=40)


class ChainPersonPatch(PersonFields):
    """What changes of a person."""

    version: Version


class TakePersonOffIn(StrictSchema):
    """Which version was seen."""

    version: Version


class OpposingViewOut(Schema):
    """An observation that says otherwise."""

    observation: str
    value: int | str
    source: str
    observed_on: date
    confidence: float


class PersonJudgementOut(Schema):
    """What holds of one subject, and why."""

    subject: str
    value: int | str
    words: str
    confidence: float = Field(description="0 to 1 on the day; it halves within each half-life.")
    observation: str
    source: str
    observed_on: date
    heard: int = Field(description="How many sources were heard.")
    contradicted_by: list[OpposingViewOut]


class PersonWeightOut(Schema):
    """How much a person counts; shares of 1."""

    formal: float
    informal: float
    influence: float
    formal_rank: float = Field(
        description="Place in the chart, from 1, among those inside or those outside; ties: mean."
    )
    informal_rank: float = Field(description="Place by who listens to whom (PageRank), counted the same way.")
    hidden: bool = Field(description="The second place is at least two above the first.")
    betweenness: float
    circle: int


class ChainPersonOut(Schema):
    """A person of the chain."""

    ref: str
    contact: str
    name: str
    company: str
    also_at: str | None
    position: str
    department: str
    role: str
    part_source: str
    influence_type: str
    relation_class: str
    relation_type: str = Field(description="OUTSIDER, FRIEND, SUPPLIER, PARTNER: follows from the matrix.")
    relation_score: float
    coach_grade: str
    level: str
    function: str
    persona: dict[str, str]
    care_plan: str
    keeper: str | None
    covered: bool
    last_spoken_on: date | None
    left_on: date | None
    judgements: list[PersonJudgementOut]
    weight: PersonWeightOut | None
    version: int


class ChainPeopleOut(Schema):
    """The chain of a deal on a day."""

    on: date
    people: list[ChainPersonOut]


def judgement_out(topic: Topic, held: Judgement) -> PersonJudgementOut:
    """Return a judgement as the API shows it."""
    return PersonJudgementOut(
        subject=topic,
        value=value_out(topic, held.value),
        words=value_words(topic, held.value),
        confidence=round(held.percent / 100, 4),
        observation=held.used.ref,
        source=held.used.source,
        observed_on=held.used.on,
        heard=held.heard,
        contradicted_by=[
            OpposingViewOut(
                observation=seen.ref,
                value=value_out(topic, seen.value),
                source=seen.source,
                observed_on=seen.on,
                confidence=round(percent / 100, 4),
            )
            for seen, percent in held.against
        ],
    )


def person_out(figure: Figure) -> ChainPersonOut:
    """Return a person as the API shows them."""
    row, states = figure.row, {square: held.state for square, held in figure.cells.items()}
    weight = figure.weight
    return ChainPersonOut(
        ref=row.ref,
        contact=row.contact.ref,
        name=row.contact.name,
        company=row.contact.customer.ref,
        also_at=row.also_at.ref if row.also_at else None,
        position=row.contact.position,
        department=figure.department,
        role=row.role,
        part_source=row.part_source,
        influence_type=row.influence_type,
        relation_class=row.relation_class,
        relation_type=relation_type(states),
        relation_score=relation_score(states),
        coach_grade=row.coach_grade,
        level=row.level,
        function=row.function,
        persona={name: getattr(row, name) for name in PERSONA},
        care_plan=row.care_plan,
        keeper=row.keeper.ref if row.keeper else None,
        covered=figure.covered,
        last_spoken_on=figure.last_spoken,
        left_on=row.left_on,
        judgements=[judgement_out(topic, held) for topic, held in figure.judged.items()],
        weight=PersonWeightOut(**{name: getattr(weight, name) for name in PersonWeightOut.model_fields})
        if weight
        else None,
        version=row.version,
    )


def people_out(chain: Chain) -> ChainPeopleOut:
    """Return a chain as the API shows it."""
    return ChainPeopleOut(on=chain.on, people=[person_out(figure) for figure in chain.people])
