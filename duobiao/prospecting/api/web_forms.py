"""Forms for web sites over the API."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import PageOut, PageQuery, StrictSchema, found_or_404, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.actions.save_web_form import create_web_form, edit_web_form
from duobiao.prospecting.api.schemas import RefText, Version
from duobiao.prospecting.models import Campaign, Pool, WebForm

router = Router()
VERB = "prospecting.web_forms"
Words = Annotated[str, Field(max_length=500)]
Hosts = Annotated[str, Field(max_length=1000, description="One https address a line; these may show it in a frame.")]


class WebFormFacts(StrictSchema):
    """Facts of a form; leads go to a pool, or to a person."""

    intro: Words | None = None
    thanks: Words | None = None
    hosts: Hosts | None = None
    pool: RefText | None = None
    owner: RefText | None = None
    campaign: RefText | None = None
    is_on: bool | None = None


class WebFormIn(WebFormFacts):
    """A form to make; off unless it says otherwise."""

    title: str = Field(min_length=1, max_length=120)


class WebFormPatch(WebFormFacts):
    """Facts of a form to change."""

    title: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    version: Version


class RotateIn(StrictSchema):
    """The form gets a new address; the present one leads nowhere from then on."""

    version: Version


class WebFormOut(Schema):
    """A form for web sites; `address` is where visitors fill it in."""

    ref: str
    title: str
    address: str
    intro: str
    thanks: str
    hosts: str
    pool: str | None
    owner: str | None
    campaign: str | None
    is_on: bool
    leads: int = Field(description="How many leads it brought.")
    created_at: datetime
    version: int


@router.get("/web-forms", response=PageOut[WebFormOut], operation_id="list_web_forms", summary="List web forms")
def list_web_forms(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the forms, the newest first."""
    require(actor_of(request), VERB)
    page = page_of(_rows(), page=query, sort="-created_at")
    return {"items": [_out(request, row) for row in page.items], "next": page.next}


@router.post("/web-forms", response={201: WebFormOut}, operation_id="create_web_form", summary="Make a web form")
def post_web_form(request: HttpRequest, payload: WebFormIn) -> Status[dict[str, Any]]:
    """Make a form; it is off unless `is_on` switches it on."""
    actor = actor_of(request)
    require(actor, VERB)
    values = _values(payload.model_dump(exclude_none=True), actor)
    made = create_web_form(values=values, actor=actor, now=timezone.now())
    return Status(201, _read(request, made.ref))


@router.get("/web-forms/{ref}", response=WebFormOut, operation_id="get_web_form", summary="Read a web form")
def read_web_form(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read a form with its address."""
    require(actor_of(request), VERB)
    return _read(request, ref)


@router.patch("/web-forms/{ref}", response=WebFormOut, operation_id="edit_web_form", summary="Change a web form")
def patch_web_form(request: HttpRequest, ref: str, payload: WebFormPatch) -> dict[str, Any]:
    """Change what the body names; `is_on` switches it on and off."""
    actor = actor_of(request)
    require(actor, VERB)
    values = _values(payload.model_dump(exclude_unset=True, exclude={"version"}), actor)
    edit_web_form(form=_form(ref), version=payload.version, values=values, actor=actor, now=timezone.now())
    return _read(request, ref)


@router.post(
    "/web-forms/{ref}/rotate", response=WebFormOut, operation_id="rotate_web_form", summary="Give a form a new address"
)
def post_rotate(request: HttpRequest, ref: str, payload: RotateIn) -> dict[str, Any]:
    """Give a form a new address; what the old one was put into has to be changed."""
    actor = actor_of(request)
    require(actor, VERB)
    edit_web_form(
        form=_form(ref), version=payload.version, values={}, new_address=True, actor=actor, now=timezone.now()
    )
    return _read(request, ref)


def _rows() -> "QuerySet[WebForm]":
    return WebForm.objects.select_related("pool", "owner", "campaign").annotate(brought=Count("leads"))


def _form(ref: str) -> WebForm:
    return found_or_404(_rows().filter(ref=ref).first())


def _read(request: HttpRequest, ref: str) -> dict[str, Any]:
    return _out(request, _form(ref))


def _values(values: dict[str, Any], actor: User) -> dict[str, Any]:
    """Return what the action takes; naming a pool takes the person away, and the other way round."""
    if values.get("owner"):
        values["owner"] = user_by_ref(actor, values["owner"], field="owner")
        values.setdefault("pool", None)
    if values.get("pool"):
        values["pool"] = Pool.objects.active().of_leads().filter(ref=values["pool"]).first()
        if values["pool"] is None:
            raise Invalid(_("There is no such pool."), fields={"pool": _("not found")})
        values.setdefault("owner", None)
    if values.get("campaign"):
        values["campaign"] = Campaign.objects.visible_to(actor).filter(ref=values["campaign"]).first()
        if values["campaign"] is None:
            raise Invalid(_("There is no such campaign."), fields={"campaign": _("not found")})
    return values


def _out(request: HttpRequest, row: WebForm) -> dict[str, Any]:
    names = ("ref", "title", "intro", "thanks", "hosts", "is_on", "created_at", "version")
    links = {"pool": row.pool, "owner": row.owner, "campaign": row.campaign}
    address = request.build_absolute_uri(reverse("prospecting:public_form", args=[row.token]))
    return {
        **{name: getattr(row, name) for name in names},
        **{name: link.ref if link is not None else None for name, link in links.items()},
        "address": address,
        "leads": getattr(row, "brought", 0),
    }
