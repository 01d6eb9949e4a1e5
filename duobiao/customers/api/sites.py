"""Sites of customers over the API."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from duobiao.customers.actions.keep_sites import add_site, edit_site, remove_site
from duobiao.customers.api.customers import customer_for
from duobiao.customers.api.schemas import Line, Version
from duobiao.customers.models import Site, SiteKind
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of

router = Router()
Name = Annotated[str, Field(min_length=1, max_length=120)]
Note = Annotated[str, Field(max_length=500)]


class SiteIn(StrictSchema):
    """A place of a customer."""

    name: Name
    purpose: SiteKind = SiteKind.PLANT
    address: Line = ""
    note: Note = ""


class SitePatch(StrictSchema):
    """What to change of a site."""

    version: Version
    name: Name | None = None
    purpose: SiteKind | None = None
    address: Line | None = None
    note: Note | None = None


class SiteOut(Schema):
    """A place of a customer."""

    ref: str
    customer: str
    name: str
    purpose: SiteKind
    address: str
    note: str
    version: int
    created_at: datetime


@router.get("/customers/{ref}/sites", response=list[SiteOut], operation_id="list_sites", summary="List sites")
def list_sites(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """List the sites of a customer, at most 200, by name."""
    customer = customer_for(request, ref)
    rows = customer.sites.filter(removed_at__isnull=True).select_related("customer").order_by("name", "pk")
    return [_out(row) for row in rows]


@router.post("/customers/{ref}/sites", response={201: SiteOut}, operation_id="add_site", summary="Note a site")
def post_site(request: HttpRequest, ref: str, payload: SiteIn) -> Status[dict[str, Any]]:
    """Note a place of a customer."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    made = add_site(customer=customer, values=payload.model_dump(), actor=actor, now=timezone.now())
    return Status(201, _out(made))


@router.patch("/sites/{ref}", response=SiteOut, operation_id="edit_site", summary="Change a site")
def patch_site(request: HttpRequest, ref: str, payload: SitePatch) -> dict[str, Any]:
    """Change what the body names."""
    values = payload.model_dump(exclude_unset=True, exclude={"version"})
    edited = edit_site(
        site=_site(request, ref), version=payload.version, values=values, actor=actor_of(request), now=timezone.now()
    )
    return _out(edited)


@router.delete("/sites/{ref}", response={204: None}, operation_id="remove_site", summary="Take a site out")
def delete_site(request: HttpRequest, ref: str) -> Status[None]:
    """Take a site out."""
    remove_site(site=_site(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


def _site(request: HttpRequest, ref: str) -> Site:
    rows = Site.objects.visible_to(actor_of(request)).select_related("customer__owner")
    return found_or_404(rows.filter(ref=ref).first())


def _out(site: Site) -> dict[str, Any]:
    names = ("ref", "name", "purpose", "address", "note", "version", "created_at")
    return {**{name: getattr(site, name) for name in names}, "customer": site.customer.ref}
