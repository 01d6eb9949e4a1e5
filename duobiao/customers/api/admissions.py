"""Supplier admissions over the API."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.customers.actions.keep_admissions import add_admission, edit_admission, move_admission, remove_admission
from duobiao.customers.api.schemas import RefText, Text, Version
from duobiao.customers.models import Admission, AdmissionKind, AdmissionState
from duobiao.customers.queries.admissions import admissions_matching, get_admission
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.api_support import PageOut, PageQuery, StrictSchema, page_of, user_by_ref
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day

router = Router()
Name = Annotated[str, Field(min_length=1, max_length=120)]
Number = Annotated[str, Field(max_length=60)]
Address = Annotated[str, Field(max_length=200)]
Holder = Annotated[str, Field(max_length=80, description="Who holds the account; never a password.")]


class AdmissionIn(StrictSchema):
    """A register or platform to note."""

    name: Name
    listing: AdmissionKind = AdmissionKind.REGISTER
    state: AdmissionState = AdmissionState.PREPARING
    happened_on: date | None = Field(None, description="Day on which it came to `state`; today, if left out.")
    number: Number = ""
    address: Address = ""
    login_holder: Holder = ""
    responsible: RefText | None = Field(None, description="Who sees to it; the owner of the customer, if left out.")
    valid_from: date | None = None
    valid_until: date | None = None
    remarks: Text = ""


class AdmissionPatch(StrictSchema):
    """Facts to change; the state is moved by `/steps`."""

    version: Version
    name: Name | None = None
    listing: AdmissionKind | None = None
    number: Number | None = None
    address: Address | None = None
    login_holder: Holder | None = None
    responsible: RefText | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    remarks: Text | None = None


class AdmissionStepIn(StrictSchema):
    """A state to note; the days stay where they are left out."""

    version: Version
    state: AdmissionState
    happened_on: date
    note: Annotated[str, Field(max_length=300)] = ""
    valid_from: date | None = None
    valid_until: date | None = None


class AdmissionsQuery(PageQuery):
    """Which admissions."""

    customer: str = Field("", max_length=16)
    state: str = Field("", max_length=9)
    expiry: str = Field("", pattern="^(|30|60|90|over)$", description="Ending within so many days, or run out.")
    mine: bool = Field(False, description="Only those you see to.")
    q: str = Field("", max_length=100)


class AdmissionStepOut(Schema):
    """A state it came to; without a person its last day passed."""

    state: AdmissionState
    happened_on: date
    note: str
    noted_at: datetime
    noted_by: str | None


class AdmissionOut(Schema):
    """A register or platform of a customer."""

    ref: str
    customer: str
    name: str
    listing: AdmissionKind
    state: AdmissionState
    since_on: date
    number: str
    address: str
    login_holder: str
    responsible: str
    valid_from: date | None
    valid_until: date | None
    remarks: str
    version: int
    created_at: datetime


class AdmissionDetail(AdmissionOut):
    """A register or platform with its states."""

    steps: list[AdmissionStepOut]


@router.get(
    "/admissions", response=PageOut[AdmissionOut], operation_id="list_admissions", summary="List supplier admissions"
)
def list_admissions(request: HttpRequest, query: Query[AdmissionsQuery]) -> dict[str, Any]:
    """List the admissions you may see, the latest state first."""
    actor = actor_of(request)
    require(actor, "customers.view")
    rows = admissions_matching(
        actor,
        on=_today(request),
        text=query.q.replace("\x00", ""),
        state=query.state if query.state in AdmissionState.values else "",
        expiry=query.expiry,
        mine=query.mine,
    )
    rows = rows.filter(customer__ref=query.customer) if query.customer else rows
    page = page_of(rows, page=query, sort="-since_on")
    return {"items": [_out(row) for row in page.items], "next": page.next}


@router.post(
    "/customers/{ref}/admissions",
    response={201: AdmissionOut},
    operation_id="add_admission",
    summary="Note a supplier admission",
)
def post_admission(request: HttpRequest, ref: str, payload: AdmissionIn) -> Status[dict[str, Any]]:
    """Note a register or platform; `ADMITTED` proves the item on every open deal of the customer."""
    actor = actor_of(request)
    asked = payload.model_dump(exclude={"state", "happened_on"})
    if not asked["responsible"]:
        del asked["responsible"]
    made = add_admission(
        customer=get_customer(ref=ref, user=actor),
        values=_values(asked, actor),
        state=payload.state,
        happened_on=payload.happened_on,
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, _out(made))


@router.get(
    "/admissions/{ref}", response=AdmissionDetail, operation_id="get_admission", summary="Read a supplier admission"
)
def read_admission(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read an admission with the states it came to, the latest first."""
    held = get_admission(ref=ref, user=actor_of(request))
    steps = held.steps.select_related("noted_by").order_by("-happened_on", "-pk")
    said = [
        {
            "state": step.state,
            "happened_on": step.happened_on,
            "note": step.note,
            "noted_at": step.noted_at,
            "noted_by": step.noted_by.ref if step.noted_by is not None else None,
        }
        for step in steps
    ]
    return {**_out(held), "steps": said}


@router.patch(
    "/admissions/{ref}", response=AdmissionOut, operation_id="edit_admission", summary="Change a supplier admission"
)
def patch_admission(request: HttpRequest, ref: str, payload: AdmissionPatch) -> dict[str, Any]:
    """Change what the body names."""
    actor = actor_of(request)
    values = _values(payload.model_dump(exclude_unset=True, exclude={"version"}), actor)
    held = get_admission(ref=ref, user=actor)
    return _out(edit_admission(admission=held, version=payload.version, values=values, actor=actor, now=timezone.now()))


@router.post(
    "/admissions/{ref}/steps",
    response=AdmissionOut,
    operation_id="move_admission",
    summary="Note the state of a supplier admission",
)
def post_step(request: HttpRequest, ref: str, payload: AdmissionStepIn) -> dict[str, Any]:
    """Bring it to another state, or renew it; 409 `admission_step` where the state cannot follow."""
    actor = actor_of(request)
    held = move_admission(
        admission=get_admission(ref=ref, user=actor),
        version=payload.version,
        state=payload.state,
        happened_on=payload.happened_on,
        note=payload.note,
        days=payload.model_dump(include={"valid_from", "valid_until"}, exclude_unset=True),
        actor=actor,
        now=timezone.now(),
    )
    return _out(held)


@router.delete(
    "/admissions/{ref}",
    response={204: None},
    operation_id="remove_admission",
    summary="Take a supplier admission out",
)
def delete_admission(request: HttpRequest, ref: str) -> Status[None]:
    """Take it out; what it proved is retracted."""
    actor = actor_of(request)
    remove_admission(admission=get_admission(ref=ref, user=actor), actor=actor, now=timezone.now())
    return Status(204, None)


def _values(values: dict[str, Any], actor: User) -> dict[str, Any]:
    if values.get("responsible"):
        values["responsible"] = user_by_ref(actor, values["responsible"], field="responsible")
    return values


def _today(request: HttpRequest) -> date:
    return local_day(timezone.now(), company_of(request).time_zone)


def _out(row: Admission) -> dict[str, Any]:
    elsewhere = ("customer", "responsible")
    values = {name: getattr(row, name) for name in AdmissionOut.model_fields if name not in elsewhere}
    return {**values, "customer": row.customer.ref, "responsible": row.responsible.ref}
