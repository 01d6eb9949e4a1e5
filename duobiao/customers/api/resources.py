"""Resources of customers over the API."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from duobiao.customers.actions.keep_resources import add_resource, edit_resource, remove_resource
from duobiao.customers.api.customers import customer_for
from duobiao.customers.api.schemas import Line, Version
from duobiao.customers.models import AccountResource, ResourceSide
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of

router = Router()
Name = Annotated[str, Field(min_length=1, max_length=120)]
Words = Annotated[str, Field(max_length=120)]


class ResourceIn(StrictSchema):
    """Somebody, or a company, that works for a customer."""

    name: Name
    side: ResourceSide = ResourceSide.INTERNAL
    role: Line = ""
    allocation: Words = ""
    reached_by: Words = ""


class ResourcePatch(StrictSchema):
    """What to change of a resource."""

    version: Version
    name: Name | None = None
    side: ResourceSide | None = None
    role: Line | None = None
    allocation: Words | None = None
    reached_by: Words | None = None


class ResourceOut(Schema):
    """Somebody, or a company, that works for a customer."""

    ref: str
    customer: str
    name: str
    side: ResourceSide
    role: str
    allocation: str
    reached_by: str
    version: int
    created_at: datetime


@router.get(
    "/customers/{ref}/resources", response=list[ResourceOut], operation_id="list_resources", summary="List resources"
)
def list_resources(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """List who and what works for a customer, at most 200."""
    customer = customer_for(request, ref)
    rows = customer.resources.filter(removed_at__isnull=True).select_related("customer").order_by("side", "name", "pk")
    return [_out(row) for row in rows]


@router.post(
    "/customers/{ref}/resources", response={201: ResourceOut}, operation_id="add_resource", summary="Add a resource"
)
def post_resource(request: HttpRequest, ref: str, payload: ResourceIn) -> Status[dict[str, Any]]:
    """Put a resource to work for a customer."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    made = add_resource(customer=customer, values=payload.model_dump(), actor=actor, now=timezone.now())
    return Status(201, _out(made))


@router.patch("/resources/{ref}", response=ResourceOut, operation_id="edit_resource", summary="Change a resource")
def patch_resource(request: HttpRequest, ref: str, payload: ResourcePatch) -> dict[str, Any]:
    """Change what the body names."""
    values = payload.model_dump(exclude_unset=True, exclude={"version"})
    edited = edit_resource(
        resource=_resource(request, ref),
        version=payload.version,
        values=values,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return _out(edited)


@router.delete("/resources/{ref}", response={204: None}, operation_id="remove_resource", summary="Take a resource out")
def delete_resource(request: HttpRequest, ref: str) -> Status[None]:
    """Take a resource out."""
    remove_resource(resource=_resource(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


def _resource(request: HttpRequest, ref: str) -> AccountResource:
    rows = AccountResource.objects.visible_to(actor_of(request)).select_related("customer__owner")
    return found_or_404(rows.filter(ref=ref).first())


def _out(resource: AccountResource) -> dict[str, Any]:
    names = ("ref", "side", "name", "role", "allocation", "reached_by", "version", "created_at")
    return {**{name: getattr(resource, name) for name in names}, "customer": resource.customer.ref}
