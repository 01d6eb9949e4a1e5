"""Registrations over the API."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import PageOut, PageQuery, StrictSchema, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.prospecting.actions.register_project import (
    extend_registration,
    register_project,
    withdraw_registration,
)
from duobiao.prospecting.actions.set_figures import set_figures
from duobiao.prospecting.models import Registration
from duobiao.prospecting.queries.figures import InForce, registration_figures
from duobiao.prospecting.queries.registrations import clash_lines, get_registration, registrations_matching, request_of

router = Router()
Days = Annotated[int, Field(ge=1, le=730)]
Day = date


class RegistrationIn(StrictSchema):
    """A project to register."""

    customer_name: str = Field(min_length=1, max_length=120)
    credit_code: str = Field("", max_length=18)
    phone: str = Field("", max_length=40)
    domain: str = Field("", max_length=120)
    project: str = Field(min_length=1, max_length=160)
    site: str = Field("", max_length=160)
    agent: str = Field("", max_length=120)
    evidence: str = Field("", max_length=2000, description="Needed where it clashes with one of a colleague.")


class RegistrationReasonIn(StrictSchema):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


class ClashOut(Schema):
    """What it clashes with; title only where you may see it."""

    unit: str
    reasons: list[str]
    title: str
    since: str


class RegistrationOut(Schema):
    """A registration."""

    ref: str
    customer_name: str
    credit_code: str
    phone: str
    domain: str
    project: str
    site: str
    agent: str
    evidence: str
    owner: str
    state: str
    registered_on: Day
    protected_until: Day | None
    extensions: int
    note: str
    settled_at: datetime | None
    version: int

    @classmethod
    def of(cls, row: Registration) -> "RegistrationOut":
        """Build from a row with its owner loaded."""
        values: dict[str, Any] = {name: getattr(row, name) for name in cls.model_fields if name != "owner"}
        return cls(**values, owner=row.owner.ref)


class RegistrationDetail(RegistrationOut):
    """A registration with what it clashes with."""

    clashes: list[ClashOut]
    approval: str | None = Field(description="Reference of the request to arbitrate.")


class RegistrationsQuery(PageQuery):
    """Which registrations."""

    state: str = Field("", max_length=10)
    q: str = Field("", max_length=100)


class FiguresPut(StrictSchema):
    """Figures to set; those left out stay. `shipped` goes back to those that came with the program."""

    version: int = Field(ge=0, le=2**31 - 1, description="The version you read; 0 while the shipped ones hold.")
    shipped: bool = False
    protected_days: Days | None = None
    extension_days: Annotated[int, Field(ge=1, le=365)] | None = None
    most_extensions: Annotated[int, Field(ge=0, le=20)] | None = None
    warn_days: Annotated[int, Field(ge=0, le=90)] | None = None


class RegistrationFiguresOut(Schema):
    """How long registrations are protected."""

    protected_days: int
    extension_days: int
    most_extensions: int
    warn_days: int
    version: int


@router.get(
    "/registration-figures",
    response=RegistrationFiguresOut,
    operation_id="get_registration_figures",
    summary="Read the figures of registrations",
)
def read_figures(request: HttpRequest) -> dict[str, int]:
    """Read the figures in force."""
    require(actor_of(request), "prospecting.view")
    return _figures_out(registration_figures())


@router.put(
    "/registration-figures",
    response=RegistrationFiguresOut,
    operation_id="set_registration_figures",
    summary="Set the figures of registrations",
)
def put_figures(request: HttpRequest, payload: FiguresPut) -> dict[str, int]:
    """Set figures, or restore the shipped ones; protections that run keep their last day."""
    named = payload.model_dump(exclude={"version", "shipped"}, exclude_none=True)
    wanted = None if payload.shipped else named
    held = set_figures(figures=wanted, version=payload.version, actor=actor_of(request), now=timezone.now())
    return _figures_out(held)


@router.post(
    "/registrations", response={201: RegistrationDetail}, operation_id="register_project", summary="Register a project"
)
def post_registration(request: HttpRequest, payload: RegistrationIn) -> Status[RegistrationDetail]:
    """Register a project: `ACTIVE` where nothing clashes, else `PENDING` until an arbiter decides."""
    actor = actor_of(request)
    made = register_project(values=payload.model_dump(), actor=actor, now=timezone.now())
    return Status(201, _detail(actor, made.ref))


@router.get(
    "/registrations",
    response=PageOut[RegistrationOut],
    operation_id="list_registrations",
    summary="List registrations",
)
def list_registrations(request: HttpRequest, query: Query[RegistrationsQuery]) -> dict[str, Any]:
    """List the registrations you may see, the latest first."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    rows = registrations_matching(actor, state=query.state, text=query.q.replace("\x00", ""))
    page = page_of(rows, page=query, sort="-registered_on")
    return {"items": [RegistrationOut.of(row) for row in page.items], "next": page.next}


@router.get(
    "/registrations/{ref}",
    response=RegistrationDetail,
    operation_id="get_registration",
    summary="Read a registration",
)
def read_registration(request: HttpRequest, ref: str) -> RegistrationDetail:
    """Read a registration with what it clashes with."""
    return _detail(actor_of(request), ref)


@router.post(
    "/registrations/{ref}/extend",
    response=RegistrationOut,
    operation_id="extend_registration",
    summary="Protect a project for longer",
)
def post_extend(request: HttpRequest, ref: str, payload: RegistrationReasonIn) -> RegistrationOut:
    """Extend the protection; 409 `extension_limit` or `not_protected`."""
    actor = actor_of(request)
    held = get_registration(ref=ref, user=actor)
    now = timezone.now()
    return RegistrationOut.of(extend_registration(registration=held, reason=payload.reason, actor=actor, now=now))


@router.post(
    "/registrations/{ref}/withdraw",
    response=RegistrationOut,
    operation_id="withdraw_registration",
    summary="Withdraw a registration",
)
def post_withdraw(request: HttpRequest, ref: str, payload: RegistrationReasonIn) -> RegistrationOut:
    """Give a registration up."""
    actor = actor_of(request)
    held = get_registration(ref=ref, user=actor)
    now = timezone.now()
    return RegistrationOut.of(withdraw_registration(registration=held, reason=payload.reason, actor=actor, now=now))


def _figures_out(held: InForce) -> dict[str, int]:
    return {**asdict(held.figures), "version": held.version}


def _detail(actor: User, ref: str) -> RegistrationDetail:
    row = get_registration(ref=ref, user=actor)
    approval = request_of(row)
    lines = [
        ClashOut(unit=line.unit, reasons=line.reasons, title=line.title, since=line.since)
        for line in clash_lines(row, actor)
    ]
    values = RegistrationOut.of(row).model_dump()
    return RegistrationDetail(**values, clashes=lines, approval=approval.ref if approval is not None else None)
