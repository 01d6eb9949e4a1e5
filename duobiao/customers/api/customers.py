"""Customers over the API; the same actions as the pages."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from duobiao.customers.actions.check_duplicates import check_duplicates
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.actions.customer_values import current_values
from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.actions.field_rules import CUSTOMER_FIELDS, PROFILE_FIELDS, REVENUE, revenue_of
from duobiao.customers.actions.handover_customer import handover_customer
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.note_sources import Origin
from duobiao.customers.actions.trash_customer import restore_customer, trash_customer
from duobiao.customers.api.schemas import (
    CustomerFacts,
    CustomerHandoverIn,
    CustomerOut,
    CustomerPatch,
    CustomerRow,
    CustomersQuery,
    MergeIn,
    NewCustomer,
)
from duobiao.customers.models import Customer
from duobiao.customers.queries.assessments import ClassMark, class_marks
from duobiao.customers.queries.customers import completeness_of, get_customer, get_profile, keeper_of
from duobiao.customers.queries.lists import CustomerFilter, customers_matching, trashed_customers
from duobiao.identity.api_support import MoneyIn, Page, PageOut, found_or_404, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid

router = Router()


@router.post("/customers", response={201: CustomerOut}, operation_id="create_customer", summary="Enter a customer")
def post_customer(request: HttpRequest, payload: NewCustomer) -> Status[dict[str, Any]]:
    """Enter a customer; 409 ``duplicate`` when one of this name exists."""
    actor, now = actor_of(request), timezone.now()
    if not payload.confirm_duplicate:
        check_duplicates(name=payload.name, actor=actor, now=now)
    made = create_customer(
        name=payload.name,
        actor=actor,
        now=now,
        values=values_of(payload, actor),
        duplicate_confirmed=payload.confirm_duplicate,
    )
    return Status(201, customer_out(made))


@router.get("/customers", response=PageOut[CustomerRow], operation_id="list_customers", summary="List customers")
def list_customers(request: HttpRequest, query: Query[CustomersQuery]) -> dict[str, Any]:
    """List the customers you may see."""
    wanted = CustomerFilter(
        text=query.q,
        industry=query.industry,
        owner_ref=query.owner,
        profile_complete=query.complete,
        class_key=query.evaluation_class,
        is_key_account=query.key_account,
    )
    rows = customers_matching(wanted, user=actor_of(request)).select_related("owner")
    page: Page[Customer] = page_of(rows, page=query, sort=query.sort)
    marks = class_marks(page.items)
    return {"items": [row_out(row, marks.get(row.pk)) for row in page.items], "next": page.next}


@router.get("/customers/{ref}", response=CustomerOut, operation_id="get_customer", summary="Read a customer")
def read_customer(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read a customer with all facts; of a merged one, the customer that was kept."""
    return customer_out(customer_for(request, ref))


@router.patch(
    "/customers/{ref}", response=CustomerOut, operation_id="edit_customer", summary="Change facts of a customer"
)
def patch_customer(request: HttpRequest, ref: str, payload: CustomerPatch) -> dict[str, Any]:
    """Change the facts that the body names."""
    actor = actor_of(request)
    edited = edit_customer(
        customer=customer_for(request, ref),
        version=payload.version,
        values=values_of(payload, actor),
        origin=Origin(payload.source, payload.known_on),
        actor=actor,
        now=timezone.now(),
    )
    return customer_out(edited)


@router.delete(
    "/customers/{ref}", response={204: None}, operation_id="trash_customer", summary="Put a customer into the trash"
)
def delete_customer(request: HttpRequest, ref: str) -> Status[None]:
    """Put a customer into the trash; 409 ``held`` while something needs it."""
    trash_customer(customer=customer_for(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.post(
    "/customers/{ref}/restore", response=CustomerOut, operation_id="restore_customer", summary="Restore a customer"
)
def post_restore(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Take a customer out of the trash."""
    actor = actor_of(request)
    trashed = found_or_404(trashed_customers(actor).filter(ref=ref).first())
    return customer_out(restore_customer(customer=trashed, actor=actor, now=timezone.now()))


@router.post(
    "/customers/{ref}/merge",
    response=CustomerOut,
    operation_id="merge_customers",
    summary="Merge another customer into this one",
)
def post_merge(request: HttpRequest, ref: str, payload: MergeIn) -> dict[str, Any]:
    """Keep the addressed customer and move everything of the other one to it."""
    actor = actor_of(request)
    kept = merge_customers(
        keeper=get_customer(ref=ref, user=actor),
        other=get_customer(ref=payload.other, user=actor),
        actor=actor,
        now=timezone.now(),
    )
    return customer_out(kept)


@router.post(
    "/customers/{ref}/handover",
    response=CustomerOut,
    operation_id="handover_customer",
    summary="Give a customer to another owner",
)
def post_handover(request: HttpRequest, ref: str, payload: CustomerHandoverIn) -> dict[str, Any]:
    """Give a customer to another owner; 404 afterwards means that you no longer see it."""
    actor = actor_of(request)
    given = handover_customer(
        customer=get_customer(ref=ref, user=actor),
        to=user_by_ref(actor, payload.to, field="to"),
        actor=actor,
        now=timezone.now(),
        version=payload.version,
    )
    return customer_out(given)


def customer_for(request: HttpRequest, ref: str) -> Customer:
    """Return the addressed customer, or the one it was merged into.

    Raises:
        NotFound: there is none the actor may see.
    """
    actor = actor_of(request)
    return keeper_of(ref=ref, user=actor) or get_customer(ref=ref, user=actor)


def values_of(payload: CustomerFacts, actor: User) -> dict[str, Any]:
    """Return the facts a body names, as the actions take them.

    Raises:
        Invalid: the named parent is not a customer the actor may see.
    """
    values = payload.model_dump(
        exclude_unset=True, exclude={"version", "confirm_duplicate", "source", "known_on", REVENUE}
    )
    if isinstance(payload, NewCustomer):
        values.pop("name")
    if REVENUE in payload.model_fields_set:
        revenue: MoneyIn | None = payload.annual_revenue
        values[REVENUE] = revenue.money() if revenue is not None else None
    if values.get("parent"):
        parent = Customer.objects.visible_to(actor).filter(ref=values["parent"]).first()
        if parent is None:
            raise Invalid(_("There is no such customer."), fields={"parent": _("not found")})
        values["parent"] = parent
    return values


def row_out(customer: Customer, mark: ClassMark | None) -> dict[str, Any]:
    """Describe a customer as lists show it."""
    names = ("ref", "name", "short_name", "industry", "region", "is_placeholder", "profile_items", "handler_items")
    row = {name: getattr(customer, name) for name in (*names, "created_at", "touched_at", "version")}
    return {**row, "owner": customer.owner.ref, "evaluation_class": mark.key if mark is not None else ""}


def customer_out(customer: Customer) -> dict[str, Any]:
    """Describe a customer with all facts."""
    profile, ring = get_profile(customer), completeness_of(customer)
    facts = current_values(customer, profile, dict.fromkeys((*CUSTOMER_FIELDS, *PROFILE_FIELDS)))
    facts = {name: value if value != "" else None for name, value in facts.items() if name != "name"}
    facts["parent"] = customer.parent.ref if customer.parent is not None else None
    revenue = revenue_of(profile)
    facts[REVENUE] = None if revenue is None else {"amount_minor": revenue.amount_minor, "currency": revenue.currency}
    completeness = {"known": ring.known, "total": ring.total, "customer": ring.customer, "handler": ring.handler}
    mark = class_marks([customer]).get(customer.pk)
    return {**row_out(customer, mark), "completeness": completeness, "facts": facts}
