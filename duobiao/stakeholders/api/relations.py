"""The relationship matrix: three levels of need × our product and our company, per person."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from duobiao.customers.models import RelationCell
from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of
from duobiao.opportunities.api.common import deal_of, today
from duobiao.opportunities.models import Channel, Opportunity
from duobiao.playbooks.domain.people import Who
from duobiao.stakeholders.actions.record_relation import Reached, record_relation, retract_relation
from duobiao.stakeholders.actions.take import RELATED
from duobiao.stakeholders.api.common import Named, asked_day, person_named
from duobiao.stakeholders.api.observations import RetractObservationIn
from duobiao.stakeholders.models import RelationRecord
from duobiao.stakeholders.queries.chain import load_chain
from duobiao.stakeholders.queries.matrix import matrix_of

router = Router()


class RelationRecordIn(StrictSchema):
    """How far we came with a person, and what shows it."""

    person: Named
    cell: RelationCell
    state: int = Field(ge=0, le=2, description="0 not reached or lost again, 1 touched, 2 accepted.")
    words: str = Field(max_length=1000)
    channel: Channel | None = None
    happened_on: date | None = Field(None, description="Today without it.")


class RelationRecordOut(Schema):
    """A record as kept."""

    ref: str
    person: str
    cell: str
    state: int
    words: str
    channel: str
    happened_on: date
    recorded_at: datetime
    recorded_by: str
    retracted_at: datetime | None


class RelationshipCellOut(Schema):
    """One cell of one person."""

    cell: str
    state: int
    required: bool
    words: str
    happened_on: date | None


class RelationshipRowOut(Schema):
    """One person of the matrix."""

    person: str
    name: str
    relation_type: str
    relation_score: float
    cells: list[RelationshipCellOut]
    lacking: list[str]


class RelationshipMatrixOut(Schema):
    """The matrix of a deal on a day."""

    on: date
    stage: int
    required: int
    accepted: int
    nobody: list[Who] = Field(description="People of whom the stage wants one while nobody is there.")
    rows: list[RelationshipRowOut]


def relation_out(row: RelationRecord) -> RelationRecordOut:
    """Return a record as the API shows it."""
    names = ("ref", "cell", "state", "words", "channel", "happened_on", "recorded_at", "retracted_at")
    held = {name: getattr(row, name) for name in names}
    return RelationRecordOut(**held, person=row.person.ref, recorded_by=row.recorded_by.ref)


@router.get(
    "/opportunities/{ref}/relationship-matrix",
    response=RelationshipMatrixOut,
    operation_id="get_relationship_matrix",
    summary="Read the relationship matrix",
)
def get_matrix(request: HttpRequest, ref: str, on: date | None = None) -> RelationshipMatrixOut:
    """Read how far we came with each person, and what the stage asks for."""
    found = matrix_of(load_chain(deal_of(request, ref), on=asked_day(on)))
    rows = [
        RelationshipRowOut(
            person=row.figure.row.ref,
            name=row.figure.row.contact.name,
            relation_type=row.type,
            relation_score=row.score,
            cells=[
                RelationshipCellOut(
                    cell=cell.square, state=cell.state, required=cell.required, words=cell.words, happened_on=cell.on
                )
                for cell in row.cells
            ],
            lacking=[cell.square for cell in row.lacking],
        )
        for row in found.rows
    ]
    return RelationshipMatrixOut(
        on=found.on,
        stage=found.stage,
        required=found.required,
        accepted=found.accepted,
        nobody=found.nobody,
        rows=rows,
    )


@router.post(
    "/opportunities/{ref}/relations",
    response={201: RelationRecordOut},
    operation_id="record_relation",
    summary="Record how far we came with a person",
)
def post_relation(request: HttpRequest, ref: str, payload: RelationRecordIn) -> Status[RelationRecordOut]:
    """Record a cell; an accepted one is confirmed in the ledger where the playbook asks for it."""
    person = person_named(deal_of(request, ref), payload.person, field="person")
    reached = Reached(
        cell=payload.cell,
        state=payload.state,
        words=payload.words,
        on=payload.happened_on or today(request),
        channel=payload.channel or "",
    )
    row = record_relation(person=person, reached=reached, actor=actor_of(request), now=timezone.now())
    return Status(201, relation_out(row))


@router.post(
    "/relation-records/{ref}/retract",
    response=RelationRecordOut,
    operation_id="retract_relation",
    summary="Take a record of a relationship back",
)
def post_retract(request: HttpRequest, ref: str, payload: RetractObservationIn) -> RelationRecordOut:
    """Take a record back; what it proved is retracted with it."""
    seen = Opportunity.objects.visible_to(actor_of(request))
    related = [f"person__{name}" for name in RELATED]
    rows = RelationRecord.objects.filter(ref=ref, person__opportunity__in=seen).select_related(*related, "recorded_by")
    row = found_or_404(rows.first())
    return relation_out(
        retract_relation(relation=row, reason=payload.reason, actor=actor_of(request), now=timezone.now())
    )
