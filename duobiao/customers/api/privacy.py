"""The data of a person over the API: what is held, objections, erasure."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.actions.hand_out_personal_data import hand_out_personal_data
from duobiao.customers.actions.note_objection import lift_objection, note_objection
from duobiao.customers.api.schemas import Version
from duobiao.customers.models import Contact, Erasure, ErasureGround, Objection, ObjectionKind
from duobiao.customers.queries.contacts import get_contact, get_person
from duobiao.customers.queries.held import as_json
from duobiao.identity.api_support import Page, PageOut, PageQuery, StrictSchema, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require

router = Router()
Source = Annotated[str, Field(min_length=1, max_length=200, description="How we know.")]


class ObjectionIn(StrictSchema):
    """What a person does not want."""

    wish: ObjectionKind = ObjectionKind.CALLS
    source: Source
    said_on: date


class LiftIn(StrictSchema):
    """How we know that a person agrees again."""

    source: Source


class ObjectionOut(Schema):
    """An objection."""

    ref: str
    contact: str = Field(alias="contact.ref")
    wish: ObjectionKind
    source: str
    said_on: date
    noted_at: datetime
    lifted_at: datetime | None


class ErasureIn(StrictSchema):
    """Why the data of a person go."""

    version: Version
    ground: ErasureGround
    asked_on: date


class ErasureOut(Schema):
    """An erasure; names nobody."""

    ref: str
    contact: str = Field(alias="contact.ref")
    ground: ErasureGround
    asked_on: date
    erased_at: datetime
    wiped: dict[str, int] = Field(description="Rows that changed or went, by table.")
    kept: dict[str, int] = Field(description="Rows that stay as a pseudonym, by table.")


class HeldOut(Schema):
    """Everything that is held about a person."""

    contact: str
    drawn_up_at: datetime
    facts: list[dict[str, str]]
    places: list[dict[str, Any]]
    history: list[dict[str, Any]]
    files: list[str]


@router.get(
    "/contacts/{ref}/personal-data",
    response=HeldOut,
    operation_id="get_personal_data",
    summary="What is held about a person",
)
def get_personal_data(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Return every row about a person and every row that names them; that it was handed out is recorded."""
    actor = actor_of(request)
    contact = get_person(ref=ref, user=actor)
    return as_json(hand_out_personal_data(contact=contact, file_format="json", actor=actor, now=timezone.now()))


@router.post(
    "/contacts/{ref}/erase",
    response={201: ErasureOut},
    operation_id="erase_contact",
    summary="Erase the data of a person",
)
def post_erasure(request: HttpRequest, ref: str, payload: ErasureIn) -> Status[Erasure]:
    """Erase everything that says who a person is; this cannot be undone."""
    actor = actor_of(request)
    contact = get_person(ref=ref, user=actor)
    return Status(201, erase_contact(contact=contact, actor=actor, now=timezone.now(), **payload.model_dump()))


@router.get("/erasures", response=PageOut[ErasureOut], operation_id="list_erasures", summary="List erasures")
def list_erasures(request: HttpRequest, query: Query[PageQuery]) -> Page[Erasure]:
    """List whose data were erased, as pseudonyms."""
    require(actor_of(request), "customers.erase")
    return page_of(Erasure.objects.select_related("contact"), page=query, sort="-erased_at")


@router.get(
    "/objections",
    response=PageOut[ObjectionOut],
    operation_id="list_objections",
    summary="List people who do not want to be called",
)
def list_objections(request: HttpRequest, query: Query[PageQuery]) -> Page[Objection]:
    """List the objections that stand, of the contacts you may see; a dialling program asks here first."""
    seen = Contact.objects.visible_to(actor_of(request)).values("pk")
    rows = Objection.objects.filter(contact__in=seen, lifted_at__isnull=True).select_related("contact")
    return page_of(rows, page=query, sort="-noted_at")


@router.post(
    "/contacts/{ref}/objection",
    response={201: ObjectionOut},
    operation_id="note_objection",
    summary="Note that a person does not want to be called",
)
def post_objection(request: HttpRequest, ref: str, payload: ObjectionIn) -> Status[Objection]:
    """Note what a person does not want, how we know and since when."""
    actor = actor_of(request)
    contact = get_contact(ref=ref, user=actor)
    return Status(201, note_objection(contact=contact, actor=actor, now=timezone.now(), **payload.model_dump()))


@router.post(
    "/contacts/{ref}/objection/lift",
    response=ObjectionOut,
    operation_id="lift_objection",
    summary="Note that a person agrees again",
)
def post_lift(request: HttpRequest, ref: str, payload: LiftIn) -> Objection:
    """Take the objection of a person back; that it stood remains readable."""
    actor = actor_of(request)
    contact = get_contact(ref=ref, user=actor)
    return lift_objection(contact=contact, source=payload.source, actor=actor, now=timezone.now())
