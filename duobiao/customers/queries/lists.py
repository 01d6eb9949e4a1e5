"""Lists of customers and contacts: filtered, searched, ordered; the edge cuts pages out of them."""

from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import QuerySet

from duobiao.customers.domain.completeness import CONTACT_ITEMS, CUSTOMER_ITEMS
from duobiao.customers.models import Contact, Customer, Standing
from duobiao.customers.queries.schemes import EVALUATION, KEY_ACCOUNT
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, scope_of
from duobiao.search.queries import find

MOST_FOUND: Final = 500
"""Hits of a search that a list filters by."""

NO_CLASS: Final = "none"
IS_KEY: Final = "KEY"
"""Class of the check for key accounts that makes one."""

Completeness = Literal["", "complete", "open", "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """Which customers; empty values filter nothing.

    Attributes:
        text: Words to search.
        owner_ref: Of a person; ``me`` for the reader.
        completeness: ``complete`` 12 of 12 items, ``open`` fewer, ``empty`` none.
        class_key: Of the customer evaluation; ``none`` for customers not evaluated.
        is_key_account: Whether the check for key accounts says so.
        profile_complete: Whether the 8 customer items are known.
    """

    text: str = ""
    industry: str = ""
    owner_ref: str = ""
    completeness: Completeness = ""
    class_key: str = ""
    is_key_account: bool | None = None
    profile_complete: bool | None = None


def customers_matching(wanted: CustomerFilter, *, user: User) -> QuerySet[Customer]:
    """Return the live customers the person may see and ``wanted`` describes, unordered."""
    rows = Customer.objects.visible_to(user)
    if wanted.text.strip():
        hits = find(user=user, text=wanted.text, limit=MOST_FOUND, kinds=[Customer.kind])
        rows = rows.filter(ref__in=[hit.ref for hit in hits])
    if wanted.industry:
        rows = rows.filter(industry=wanted.industry)
    if wanted.owner_ref:
        rows = rows.filter(owner=user) if wanted.owner_ref == "me" else rows.filter(owner__ref=wanted.owner_ref)
    if wanted.profile_complete is not None:
        whole = {"profile_items": len(CUSTOMER_ITEMS)}
        rows = rows.filter(**whole) if wanted.profile_complete else rows.exclude(**whole)
    return _by_completeness(_by_class(rows, wanted), wanted.completeness)


def contacts_matching(
    *, user: User, text: str = "", customer_ref: str = "", is_handler: bool | None = None
) -> QuerySet[Contact]:
    """Return the live contacts the person may see, unordered."""
    rows = Contact.objects.visible_to(user).select_related("customer")
    if text.strip():
        hits = find(user=user, text=text, limit=MOST_FOUND, kinds=[Contact.kind])
        rows = rows.filter(ref__in=[hit.ref for hit in hits])
    if customer_ref:
        rows = rows.filter(customer__ref=customer_ref)
    return rows if is_handler is None else rows.filter(is_handler=is_handler)


def industries_seen(user: User) -> list[str]:
    """Return the industries of the customers the person may see, by name."""
    rows = Customer.objects.visible_to(user).exclude(industry="")
    return list(rows.values_list("industry", flat=True).distinct().order_by("industry")[:200])


def owners_seen(user: User) -> list[tuple[str, str]]:
    """Return reference and name of the owners of the customers the person may see; none while only their own."""
    if scope_of(user, "customers.view") in (Scope.NONE, Scope.OWN):
        return []
    owned = Customer.objects.visible_to(user).values("owner_id")
    people = User.objects.filter(pk__in=owned).order_by("name", "pk")
    return [(owner.ref, str(owner)) for owner in people[:200]]


def trashed_customers(user: User) -> QuerySet[Customer]:
    """Return the customers in the trash that the person may see."""
    return Customer.objects.within_reach(user).filter(trashed_at__isnull=False, merged_into__isnull=True)


def trashed_contacts(user: User) -> QuerySet[Contact]:
    """Return the contacts in the trash that the person may see."""
    rows = Contact.objects.within_reach(user).filter(trashed_at__isnull=False, merged_into__isnull=True)
    rows = rows.filter(erasure__isnull=True)
    return rows.select_related("customer__owner", "trashed_by")


def _by_class(rows: QuerySet[Customer], wanted: CustomerFilter) -> QuerySet[Customer]:
    evaluated = Standing.objects.filter(scheme=EVALUATION)
    if wanted.class_key == NO_CLASS:
        rows = rows.exclude(pk__in=evaluated.values("customer_id"))
    elif wanted.class_key:
        rows = rows.filter(pk__in=evaluated.filter(class_key=wanted.class_key).values("customer_id"))
    if wanted.is_key_account is None:
        return rows
    key = Standing.objects.filter(scheme=KEY_ACCOUNT, class_key=IS_KEY).values("customer_id")
    return rows.filter(pk__in=key) if wanted.is_key_account else rows.exclude(pk__in=key)


def _by_completeness(rows: QuerySet[Customer], completeness: Completeness) -> QuerySet[Customer]:
    whole = {"profile_items": len(CUSTOMER_ITEMS), "handler_items": len(CONTACT_ITEMS)}
    if completeness == "complete":
        return rows.filter(**whole)
    if completeness == "open":
        return rows.exclude(**whole)
    return rows.filter(profile_items=0, handler_items=0) if completeness == "empty" else rows
