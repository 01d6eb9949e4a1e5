"""Customers and contacts as search keeps them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from duobiao.customers.models import Contact, Customer, CustomerGrant
from duobiao.search.domain.findable import Findable

NOT_A_DIGIT: Final = re.compile(r"\D+")


def findables_of(customer_ids: Iterable[int]) -> Iterator[Findable]:
    """Yield the live customers of these keys and their live contacts."""
    keys = list(customer_ids)
    people = _people_by_customer(keys)
    yield from _customers(Customer.objects.live().filter(pk__in=keys), people)
    yield from _contacts(Contact.objects.live().filter(customer_id__in=keys), people)


def every_customer() -> Iterator[Findable]:
    """Yield every live customer."""
    return _customers(Customer.objects.live(), _people_by_customer(None))


def every_contact() -> Iterator[Findable]:
    """Yield every live contact."""
    return _contacts(Contact.objects.live(), _people_by_customer(None))


def findable_contact(contact: Contact, people: frozenset[int] | None = None) -> Findable:
    """Describe one contact to search."""
    customer = contact.customer
    place = " · ".join(filter(None, [customer.label, contact.department, contact.position]))
    return Findable(
        kind=Contact.kind,
        ref=contact.ref,
        title=contact.name,
        subtitle=place,
        url=reverse("customers:contact", args=[contact.ref]),
        words=[customer.name, *map(_digits, (contact.mobile, contact.phone)), contact.email, contact.wechat],
        owner_id=customer.owner_id,
        people=people if people is not None else _people_by_customer([customer.pk]).get(customer.pk, frozenset()),
        touched_at=contact.touched_at,
    )


def findable_contacts(contacts: Iterable[Contact]) -> Iterator[Findable]:
    """Describe live contacts whose customers are at hand; one query for any number."""
    held = list(contacts)
    people = _people_by_customer([contact.customer_id for contact in held])
    for contact in held:
        yield findable_contact(contact, people.get(contact.customer_id, frozenset()))


def _customers(rows: QuerySet[Customer], people: dict[int, frozenset[int]]) -> Iterator[Findable]:
    for customer in rows.iterator(chunk_size=500):
        short_name = customer.short_name if customer.short_name != customer.name else ""
        yield Findable(
            kind=Customer.kind,
            ref=customer.ref,
            title=customer.name,
            subtitle=" · ".join(filter(None, [short_name, customer.industry, customer.region])),
            url=reverse("customers:customer", args=[customer.ref]),
            words=[customer.credit_code, _digits(customer.phone), customer.website],
            owner_id=customer.owner_id,
            people=people.get(customer.pk, frozenset()),
            touched_at=customer.touched_at,
        )


def _contacts(rows: QuerySet[Contact], people: dict[int, frozenset[int]]) -> Iterator[Findable]:
    for contact in rows.select_related("customer").iterator(chunk_size=500):
        yield findable_contact(contact, people.get(contact.customer_id, frozenset()))


def _people_by_customer(keys: list[int] | None) -> dict[int, frozenset[int]]:
    grants = CustomerGrant.objects.all() if keys is None else CustomerGrant.objects.filter(customer_id__in=keys)
    found: dict[int, set[int]] = {}
    for customer_id, user_id in grants.values_list("customer_id", "user_id"):
        found.setdefault(customer_id, set()).add(user_id)
    return {customer_id: frozenset(users) for customer_id, users in found.items()}


def _digits(phone: str) -> str:
    return NOT_A_DIGIT.sub("", phone)
