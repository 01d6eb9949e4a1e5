"""Registrations over the API."""

from datetime import date, datetime
from typing import Any

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
from duobiao.prospecting.models import Registration
from duobiao.prospecting.queries.registrations import clash_lines, get_registration, registrations_matching, request_of

router = Router()
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


def _detail(actor: User, ref: str) -> RegistrationDetail:
    row = get_registration(ref=ref, user=actor)
    approval = request_of(row)
    lines = [
        ClashOut(unit=line.unit, reasons=line.reasons, title=line.title, since=line.since)
        for line in clash_lines(row, actor)
    ]
    values = RegistrationOut.of(row).model_dump()
    return RegistrationDetail(**values, clashes=lines, approval=approval.ref if approval is not None else None)
