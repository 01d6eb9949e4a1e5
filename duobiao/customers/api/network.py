"""People outside, who knows whom, and the ways to a contact, over the API."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.customers.actions.keep_network import (
    add_outsider,
    edit_outsider,
    note_acquaintance,
    remove_acquaintance,
    remove_outsider,
)
from duobiao.customers.api.schemas import Line, Version
from duobiao.customers.models import Acquaintance, Contact, Outsider, OutsiderKind
from duobiao.customers.queries.contacts import get_contact
from duobiao.customers.queries.network import (
    Party,
    get_acquaintance,
    get_outsider,
    introductions_to,
    knower_named,
    knowers_of,
)
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.web.api import Page, PageQuery, page_of

router = Router()
Name = Annotated[str, Field(min_length=1, max_length=60)]
Strength = Annotated[int, Field(ge=1, le=5, description="1 met once … 5 does a favour.")]


class OutsiderIn(StrictSchema):
    """Somebody outside who can open doors."""

    name: Name
    part: OutsiderKind = OutsiderKind.EXPERT
    organisation: Annotated[str, Field(max_length=120)] = ""
    position: Annotated[str, Field(max_length=60)] = ""
    mobile: Annotated[str, Field(max_length=40)] = ""
    notes: Annotated[str, Field(max_length=2000)] = ""


class OutsiderPatch(StrictSchema):
    """What to change of an outsider."""

    version: Version
    name: Name | None = None
    part: OutsiderKind | None = None
    organisation: Annotated[str, Field(max_length=120)] | None = None
    position: Annotated[str, Field(max_length=60)] | None = None
    mobile: Annotated[str, Field(max_length=40)] | None = None
    notes: Annotated[str, Field(max_length=2000)] | None = None


class OutsiderOut(Schema):
    """Somebody outside who can open doors."""

    ref: str
    name: str
    part: OutsiderKind
    organisation: str
    position: str
    mobile: str
    notes: str
    owner: str
    version: int
    created_at: datetime


class OutsiderPageOut(Schema):
    """A page of outsiders, by name."""

    items: list[OutsiderOut]
    next: str | None


class AcquaintanceIn(StrictSchema):
    """Who knows somebody, and how well."""

    knower: Annotated[str, Field(max_length=60, description="`user:REF`, `contact:REF` or `outsider:REF`.")]
    strength: Strength = 3
    can_introduce: bool = True
    source: Line = ""


class PartyOut(Schema):
    """Somebody on a way; without name, and with the colleague to ask, where you may not see them."""

    name: str
    detail: str
    url: str
    ask: str


class AcquaintanceOut(Schema):
    """Somebody knows somebody."""

    ref: str
    knower: PartyOut
    strength: int
    can_introduce: bool
    source: str
    noted_at: datetime


class IntroductionStepOut(Schema):
    """From one party to the next."""

    party: PartyOut
    strength: int
    is_weakest: bool


class IntroductionOut(Schema):
    """A way to somebody; as strong as its weakest link."""

    begins: PartyOut
    steps: list[IntroductionStepOut]
    strength: int


@router.get("/outsiders", response=OutsiderPageOut, operation_id="list_outsiders", summary="List people outside")
def list_outsiders(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the people outside whom you may see, by name."""
    rows = Outsider.objects.visible_to(actor_of(request)).select_related("owner")
    page: Page[Outsider] = page_of(rows, page=query, sort="name")
    return {"items": [_outsider(row) for row in page.items], "next": page.next}


@router.post("/outsiders", response={201: OutsiderOut}, operation_id="add_outsider", summary="Note somebody outside")
def post_outsider(request: HttpRequest, payload: OutsiderIn) -> Status[dict[str, Any]]:
    """Note an expert, executive, institute or other outsider."""
    made = add_outsider(values=payload.model_dump(), actor=actor_of(request), now=timezone.now())
    return Status(201, _outsider(made))


@router.get("/outsiders/{ref}", response=OutsiderOut, operation_id="get_outsider", summary="Read an outsider")
def read_outsider(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read what is known of an outsider."""
    return _outsider(get_outsider(ref=ref, user=actor_of(request)))


@router.patch("/outsiders/{ref}", response=OutsiderOut, operation_id="edit_outsider", summary="Change an outsider")
def patch_outsider(request: HttpRequest, ref: str, payload: OutsiderPatch) -> dict[str, Any]:
    """Change what the body names."""
    actor = actor_of(request)
    edited = edit_outsider(
        outsider=get_outsider(ref=ref, user=actor),
        version=payload.version,
        values=payload.model_dump(exclude_unset=True, exclude={"version"}),
        actor=actor,
        now=timezone.now(),
    )
    return _outsider(edited)


@router.delete("/outsiders/{ref}", response={204: None}, operation_id="remove_outsider", summary="Take an outsider out")
def delete_outsider(request: HttpRequest, ref: str) -> Status[None]:
    """Take an outsider out."""
    actor = actor_of(request)
    remove_outsider(outsider=get_outsider(ref=ref, user=actor), actor=actor, now=timezone.now())
    return Status(204, None)


@router.get(
    "/contacts/{ref}/introductions",
    response=list[IntroductionOut],
    operation_id="list_introductions",
    summary="Find ways to a contact",
)
def list_introductions(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """Find the shortest ways from us to a contact, at most three, each with its weakest link."""
    actor = actor_of(request)
    ways = introductions_to(get_contact(ref=ref, user=actor), user=actor)
    return [
        {
            "begins": _party(way.begins),
            "strength": way.strength,
            "steps": [
                {"party": _party(step.party), "strength": step.strength, "is_weakest": step.is_weakest}
                for step in way.steps
            ],
        }
        for way in ways
    ]


@router.get(
    "/contacts/{ref}/acquaintances",
    response=list[AcquaintanceOut],
    operation_id="list_acquaintances",
    summary="List who knows a contact",
)
def list_acquaintances(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """List who knows a contact directly, strongest first, at most 50."""
    actor = actor_of(request)
    found = knowers_of(get_contact(ref=ref, user=actor), user=actor)
    return [_tie(row.tie, row.party) for row in found]


@router.post(
    "/contacts/{ref}/acquaintances",
    response={201: AcquaintanceOut},
    operation_id="note_acquaintance",
    summary="Note who knows a contact",
)
def post_acquaintance(request: HttpRequest, ref: str, payload: AcquaintanceIn) -> Status[dict[str, Any]]:
    """Note who knows a contact; noted again, the newer word on how well counts."""
    return _note(request, get_contact(ref=ref, user=actor_of(request)), payload)


@router.post(
    "/outsiders/{ref}/acquaintances",
    response={201: AcquaintanceOut},
    operation_id="note_acquaintance_with_outsider",
    summary="Note who knows an outsider",
)
def post_outsider_acquaintance(request: HttpRequest, ref: str, payload: AcquaintanceIn) -> Status[dict[str, Any]]:
    """Note who knows an outsider."""
    return _note(request, get_outsider(ref=ref, user=actor_of(request)), payload)


@router.delete("/acquaintances/{ref}", response={204: None}, operation_id="remove_acquaintance", summary="Take it back")
def delete_acquaintance(request: HttpRequest, ref: str) -> Status[None]:
    """Take back that somebody knows somebody."""
    actor = actor_of(request)
    remove_acquaintance(tie=get_acquaintance(ref=ref, user=actor), actor=actor, now=timezone.now())
    return Status(204, None)


def _note(request: HttpRequest, known: Contact | Outsider, payload: AcquaintanceIn) -> Status[dict[str, Any]]:
    actor = actor_of(request)
    values = payload.model_dump(exclude={"knower"})
    knower = knower_named(payload.knower, user=actor)
    tie = note_acquaintance(knower=knower, known=known, values=values, actor=actor, now=timezone.now())
    return Status(201, _tie(tie, Party("", str(knower))))


def _outsider(row: Outsider) -> dict[str, Any]:
    names = ("ref", "name", "part", "organisation", "position", "mobile", "notes", "version", "created_at")
    return {**{name: getattr(row, name) for name in names}, "owner": row.owner.ref}


def _tie(tie: Acquaintance, party: Party) -> dict[str, Any]:
    names = ("ref", "strength", "can_introduce", "source", "noted_at")
    return {**{name: getattr(tie, name) for name in names}, "knower": _party(party)}


def _party(party: Party) -> dict[str, str]:
    return {name: getattr(party, name) for name in ("name", "detail", "url", "ask")}
