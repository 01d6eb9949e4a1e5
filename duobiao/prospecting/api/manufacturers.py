"""Registrations with manufacturers and authorisation letters over the API."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import PageOut, PageQuery, StrictSchema, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.api.common import deal_of
from duobiao.prospecting.actions.keep_letters import edit_letter, end_letter, file_letter
from duobiao.prospecting.actions.register_upstream import edit_upstream, move_upstream, register_upstream
from duobiao.prospecting.api.schemas import RefText, Version
from duobiao.prospecting.models import Letter, Upstream, UpstreamState
from duobiao.prospecting.queries.manufacturers import (
    get_letter,
    get_upstream,
    letters_matching,
    upstream_lines,
    upstream_matching,
)

router = Router()
Maker = Annotated[str, Field(min_length=1, max_length=120, description="Its name; a new one is noted.")]
Products = Annotated[str, Field(min_length=1, max_length=300)]
Short = Annotated[str, Field(max_length=60)]
Remarks = Annotated[str, Field(max_length=2000)]
EXPIRY = "^(|30|60|90|over)$"


class UpstreamIn(StrictSchema):
    """A deal to register with a manufacturer."""

    manufacturer: Maker
    products: Products
    state: UpstreamState = UpstreamState.SUBMITTED
    happened_on: date | None = Field(None, description="Day on which it came to `state`; today, if left out.")
    protected_until: date | None = Field(None, description="Needed for `GRANTED`.")
    number: Short = ""
    discount_level: Short = ""
    responsible: RefText | None = Field(None, description="Who sees to it; the owner of the deal, if left out.")
    remarks: Remarks = ""


class UpstreamPatch(StrictSchema):
    """Facts to change; the state is moved by `/moves`."""

    version: Version
    products: Products | None = None
    number: Short | None = None
    discount_level: Short | None = None
    responsible: RefText | None = None
    remarks: Remarks | None = None


class UpstreamMoveIn(StrictSchema):
    """A state to note; `GRANTED` again extends."""

    version: Version
    state: UpstreamState
    happened_on: date
    protected_until: date | None = None
    number: Short | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class UpstreamQuery(PageQuery):
    """Which registrations."""

    opportunity: str = Field("", max_length=16)
    state: str = Field("", max_length=9)
    expiry: str = Field("", pattern=EXPIRY, description="Granted and ending within so many days, or ended.")
    q: str = Field("", max_length=100)


class UpstreamClashOut(Schema):
    """Another of our deals with the same manufacturer for the same customer; its name only where you may see it."""

    unit: str
    state: str
    deal: str


class UpstreamOut(Schema):
    """A deal registered with a manufacturer."""

    ref: str
    opportunity: str
    manufacturer: str
    products: str
    number: str
    discount_level: str
    responsible: str
    remarks: str
    state: UpstreamState
    since_on: date
    protected_until: date | None
    extensions: int
    version: int
    created_at: datetime
    clashes: list[UpstreamClashOut]


class LetterIn(StrictSchema):
    """An authorisation letter to file."""

    manufacturer: Maker
    opportunity: RefText | None = Field(None, description="The deal it is for; a general letter, if left out.")
    covers: Annotated[str, Field(min_length=1, max_length=300)]
    number: Short = ""
    valid_from: date
    valid_until: date
    responsible: RefText | None = Field(None, description="Who sees to it; you, if left out.")
    remarks: Remarks = ""


class LetterPatch(StrictSchema):
    """Facts of a letter to change."""

    version: Version
    covers: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    number: Short | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    responsible: RefText | None = None
    remarks: Remarks | None = None


class LetterEndIn(StrictSchema):
    """Why a letter counts no longer."""

    version: Version
    reason: str = Field(min_length=1, max_length=300)


class LettersQuery(PageQuery):
    """Which letters."""

    expiry: str = Field("", pattern=EXPIRY, description="Ending within so many days, or over.")
    q: str = Field("", max_length=100)


class LetterOut(Schema):
    """An authorisation letter."""

    ref: str
    manufacturer: str
    opportunity: str | None
    covers: str
    number: str
    valid_from: date
    valid_until: date
    in_force: bool
    responsible: str
    remarks: str
    ended_at: datetime | None
    ended_why: str
    version: int


@router.get(
    "/manufacturer-registrations",
    response=PageOut[UpstreamOut],
    operation_id="list_upstream",
    summary="List registrations with manufacturers",
)
def list_upstream(request: HttpRequest, query: Query[UpstreamQuery]) -> dict[str, Any]:
    """List the registrations of the deals you may see, the latest state first."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    state = query.state if query.state in UpstreamState.values else ""
    text, on = query.q.replace("\x00", ""), company_day(timezone.now())
    rows = upstream_matching(actor, on=on, text=text, state=state, expiry=query.expiry)
    rows = rows.filter(opportunity__ref=query.opportunity) if query.opportunity else rows
    page = page_of(rows, page=query, sort="-since_on")
    return {"items": _upstream_out(page.items, actor), "next": page.next}


@router.post(
    "/opportunities/{ref}/manufacturer-registrations",
    response={201: UpstreamOut},
    operation_id="register_upstream",
    summary="Register a deal with a manufacturer",
)
def post_upstream(request: HttpRequest, ref: str, payload: UpstreamIn) -> Status[dict[str, Any]]:
    """Register a deal; `clashes` names other deals of ours for the same customer there. 409 `upstream_twice`."""
    actor = actor_of(request)
    elsewhere = {"manufacturer", "state", "happened_on", "protected_until"}
    made = register_upstream(
        deal=deal_of(request, ref),
        manufacturer=payload.manufacturer,
        values=_values(payload.model_dump(exclude=elsewhere), actor),
        state=payload.state,
        happened_on=payload.happened_on,
        protected_until=payload.protected_until,
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, _upstream_out([made], actor)[0])


@router.get(
    "/manufacturer-registrations/{ref}",
    response=UpstreamOut,
    operation_id="get_upstream",
    summary="Read a registration with a manufacturer",
)
def read_upstream(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read a registration."""
    actor = actor_of(request)
    return _upstream_out([get_upstream(ref=ref, user=actor)], actor)[0]


@router.patch(
    "/manufacturer-registrations/{ref}",
    response=UpstreamOut,
    operation_id="edit_upstream",
    summary="Change a registration with a manufacturer",
)
def patch_upstream(request: HttpRequest, ref: str, payload: UpstreamPatch) -> dict[str, Any]:
    """Change what the body names."""
    actor = actor_of(request)
    values = _values(payload.model_dump(exclude_unset=True, exclude={"version"}), actor)
    row = get_upstream(ref=ref, user=actor)
    held = edit_upstream(row=row, version=payload.version, values=values, actor=actor, now=timezone.now())
    return _upstream_out([held], actor)[0]


@router.post(
    "/manufacturer-registrations/{ref}/moves",
    response=UpstreamOut,
    operation_id="move_upstream",
    summary="Note the state of a registration with a manufacturer",
)
def post_move(request: HttpRequest, ref: str, payload: UpstreamMoveIn) -> dict[str, Any]:
    """Bring it to another state, or extend it; 409 `upstream_step` where the state cannot follow."""
    actor = actor_of(request)
    row = get_upstream(ref=ref, user=actor)
    held = move_upstream(row=row, **payload.model_dump(), actor=actor, now=timezone.now())
    return _upstream_out([held], actor)[0]


@router.get(
    "/authorisation-letters",
    response=PageOut[LetterOut],
    operation_id="list_letters",
    summary="List authorisation letters",
)
def list_letters(request: HttpRequest, query: Query[LettersQuery]) -> dict[str, Any]:
    """List general letters and those for the deals you may see, the latest last day first."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    on = company_day(timezone.now())
    rows = letters_matching(actor, on=on, text=query.q.replace("\x00", ""), expiry=query.expiry)
    page = page_of(rows, page=query, sort="-valid_until")
    return {"items": [_letter_out(row, on) for row in page.items], "next": page.next}


@router.post(
    "/authorisation-letters",
    response={201: LetterOut},
    operation_id="file_letter",
    summary="File an authorisation letter",
)
def post_letter(request: HttpRequest, payload: LetterIn) -> Status[dict[str, Any]]:
    """File a letter for a deal, or a general one; files are added to `authorisation_letter` by its reference."""
    actor, now = actor_of(request), timezone.now()
    values = _values(payload.model_dump(exclude={"manufacturer", "opportunity"}), actor)
    deal = deal_of(request, payload.opportunity) if payload.opportunity else None
    made = file_letter(manufacturer=payload.manufacturer, values=values, deal=deal, actor=actor, now=now)
    return Status(201, _letter_out(made, company_day(now)))


@router.get(
    "/authorisation-letters/{ref}",
    response=LetterOut,
    operation_id="get_letter",
    summary="Read an authorisation letter",
)
def read_letter(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read a letter."""
    return _letter_out(get_letter(ref=ref, user=actor_of(request)), company_day(timezone.now()))


@router.patch(
    "/authorisation-letters/{ref}",
    response=LetterOut,
    operation_id="edit_letter",
    summary="Change an authorisation letter",
)
def patch_letter(request: HttpRequest, ref: str, payload: LetterPatch) -> dict[str, Any]:
    """Change what the body names; 409 `letter_over` once it counts no longer."""
    actor, now = actor_of(request), timezone.now()
    values = _values(payload.model_dump(exclude_unset=True, exclude={"version"}), actor)
    letter = get_letter(ref=ref, user=actor)
    held = edit_letter(letter=letter, version=payload.version, values=values, actor=actor, now=now)
    return _letter_out(held, company_day(now))


@router.post(
    "/authorisation-letters/{ref}/end",
    response=LetterOut,
    operation_id="end_letter",
    summary="Note that a letter counts no longer",
)
def post_end(request: HttpRequest, ref: str, payload: LetterEndIn) -> dict[str, Any]:
    """Note that a letter counts no longer before its last day."""
    actor, now = actor_of(request), timezone.now()
    letter = get_letter(ref=ref, user=actor)
    held = end_letter(letter=letter, version=payload.version, why=payload.reason, actor=actor, now=now)
    return _letter_out(held, company_day(now))


def _values(values: dict[str, Any], actor: User) -> dict[str, Any]:
    ref = values.pop("responsible", None)
    if ref:
        values["responsible"] = user_by_ref(actor, ref, field="responsible")
    return values


def _upstream_out(rows: Sequence[Upstream], actor: User) -> list[dict[str, Any]]:
    elsewhere = ("opportunity", "manufacturer", "responsible", "clashes")
    names = [name for name in UpstreamOut.model_fields if name not in elsewhere]
    return [
        {
            **{name: getattr(line.row, name) for name in names},
            "opportunity": line.row.opportunity.ref,
            "manufacturer": line.row.manufacturer.name,
            "responsible": line.row.responsible.ref,
            "clashes": [{"unit": c.unit, "state": c.state, "deal": c.deal} for c in line.clashes],
        }
        for line in upstream_lines(rows, actor, on=company_day(timezone.now()))
    ]


def _letter_out(row: Letter, on: date) -> dict[str, Any]:
    elsewhere = ("opportunity", "manufacturer", "responsible", "in_force")
    values = {name: getattr(row, name) for name in LetterOut.model_fields if name not in elsewhere}
    links = {"manufacturer": row.manufacturer.name, "responsible": row.responsible.ref, "in_force": row.holds(on)}
    return {**values, **links, "opportunity": row.opportunity.ref if row.opportunity is not None else None}
