"""Customers in pools over the API."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.customers.queries.customers import get_customer
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.reassess import company_day
from duobiao.prospecting.actions.pool_customers import (
    claim_customer,
    keep_customer,
    put_customer,
    return_customer,
    take_customer_out,
)
from duobiao.prospecting.api.schemas import RefText
from duobiao.prospecting.models import PooledCustomer
from duobiao.prospecting.queries.pooled import get_pooled, pool_of_customers, pooled_rows, pools_for_customer

router = Router()


class PutCustomerIn(StrictSchema):
    """A pool for a customer."""

    pool: RefText
    free: bool = Field(False, description="It lies free at once; else its owner holds it.")


class ReturnCustomerIn(StrictSchema):
    """Why it goes back."""

    note: str = Field("", max_length=200)


class KeepCustomerIn(StrictSchema):
    """Until when it stays with its holder; null takes that back."""

    until: date | None = None
    reason: str = Field("", max_length=200)


class PooledOut(Schema):
    """A customer of a pool; without a holder it lies free."""

    ref: str
    pool: str
    customer: str
    name: str
    industry: str
    region: str
    holder: str | None
    since_at: datetime


class PooledLineOut(PooledOut):
    """A customer of a pool, with what keeps it and when it comes back."""

    stays: str = Field(description="Why it does not come back now.")
    back_on: date | None


@router.get(
    "/pools/{ref}/customers",
    response=list[PooledLineOut],
    operation_id="list_pooled_customers",
    summary="List the customers of a pool",
)
def list_pooled(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """List free customers, and those you may see; at most 200."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    pool = pool_of_customers(ref=ref, user=actor, all_pools=allows(actor, "prospecting.pools"))
    rows = pooled_rows(pool, actor, on=company_day(timezone.now()))
    return [{**_out(row.entry), "stays": row.stays, "back_on": row.back_on} for row in rows]


@router.post(
    "/customers/{ref}/pool",
    response={201: PooledOut},
    operation_id="put_customer",
    summary="Put a customer into a pool",
)
def post_customer(request: HttpRequest, ref: str, payload: PutCustomerIn) -> Status[dict[str, Any]]:
    """Put a customer into a pool; 409 `customer_busy` where it should lie free but a tender, deal or contract lives."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    pool = pools_for_customer(actor).filter(ref=payload.pool).first()
    require(actor, "prospecting.assign", customer)
    if pool is None:
        raise Invalid(_("There is no such pool."), fields={"pool": _("not found")})
    made = put_customer(customer=customer, pool=pool, free=payload.free, actor=actor, now=timezone.now())
    return Status(201, _out(made))


@router.post(
    "/pooled-customers/{ref}/claim",
    response=PooledOut,
    operation_id="claim_customer",
    summary="Take a customer from its pool",
)
def post_claim(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Take a free customer; you own it from then on. 409 `already_claimed` or `claim_limit`."""
    actor = actor_of(request)
    return _out(claim_customer(entry=get_pooled(ref=ref, user=actor), actor=actor, now=timezone.now()))


@router.post(
    "/pooled-customers/{ref}/return",
    response=PooledOut,
    operation_id="return_customer",
    summary="Give a customer back to its pool",
)
def post_return(request: HttpRequest, ref: str, payload: ReturnCustomerIn) -> dict[str, Any]:
    """Let a customer lie free again; 409 `customer_busy` while a tender, deal or contract lives."""
    actor = actor_of(request)
    entry = get_pooled(ref=ref, user=actor)
    return _out(return_customer(entry=entry, note=payload.note, actor=actor, now=timezone.now()))


@router.post(
    "/pooled-customers/{ref}/keep",
    response=PooledOut,
    operation_id="keep_customer",
    summary="Keep a customer from coming back",
)
def post_keep(request: HttpRequest, ref: str, payload: KeepCustomerIn) -> dict[str, Any]:
    """Keep a customer with its holder until a day, for a tender or contract that is not in here."""
    actor = actor_of(request)
    entry, now = get_pooled(ref=ref, user=actor), timezone.now()
    return _out(keep_customer(entry=entry, until=payload.until, reason=payload.reason, actor=actor, now=now))


@router.delete(
    "/pooled-customers/{ref}",
    response={204: None},
    operation_id="take_customer_out",
    summary="Take a customer out of its pool",
)
def delete_pooled(request: HttpRequest, ref: str) -> Status[None]:
    """Let a customer belong to no pool; who owns it keeps it."""
    actor = actor_of(request)
    take_customer_out(entry=get_pooled(ref=ref, user=actor), actor=actor, now=timezone.now())
    return Status(204, None)


def _out(entry: PooledCustomer) -> dict[str, Any]:
    customer = entry.customer
    return {
        "ref": entry.ref,
        "pool": entry.pool.ref,
        "customer": customer.ref,
        "name": customer.name,
        "industry": customer.industry,
        "region": customer.region,
        "holder": entry.holder.ref if entry.holder is not None else None,
        "since_at": entry.since_at,
    }
