"""Customers and contacts as they are compared, and the customers that a new one may be."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import QuerySet

from duobiao.customers.domain.domains import domain_of
from duobiao.customers.domain.likeness import CompanySigns, PersonSigns, company_keys, company_likeness
from duobiao.customers.models import Customer, CustomerQuerySet
from duobiao.duplicates.domain.likeness import Likeness
from duobiao.duplicates.queries.found import refs_sharing_keys

MOST_COMPARED: Final = 400
NAMES: Final = ("ref", "name", "short_name", "credit_code", "phone", "website")


def comparable_customers() -> CustomerQuerySet:
    """Return the customers that are compared: live ones that stand for a company."""
    return Customer.objects.live().filter(is_placeholder=False)


def customer_signs(rows: QuerySet[Any]) -> Iterator[tuple[str, CompanySigns]]:
    """Yield reference and signs of customers."""
    for ref, name, short_name, code, phone, website in rows.values_list(*NAMES).iterator(chunk_size=2000):
        yield ref, signs_of(name, short_name, code, phone, website)


def signs_of(name: str, short_name: str = "", code: str = "", phone: str = "", website: str = "") -> CompanySigns:
    """Return the signs of one company."""
    return CompanySigns(
        name=name,
        short_name=short_name,
        credit_code=code.strip().upper(),
        phones=frozenset((phone,)) - {""},
        domain=domain_of(website),
    )


def contact_signs(rows: QuerySet[Any]) -> Iterator[tuple[str, PersonSigns]]:
    """Yield reference and signs of contacts."""
    names = ("ref", "customer_id", "name", "mobile", "phone", "email", "wechat", "position")
    for ref, company, name, mobile, phone, email, wechat, post in rows.values_list(*names).iterator(chunk_size=2000):
        numbers = frozenset((mobile, phone)) - {""}
        yield ref, PersonSigns(company=str(company), name=name, numbers=numbers, email=email, wechat=wechat, post=post)


def likely_customers(signs: CompanySigns) -> dict[str, Likeness]:
    """Return by reference the customers that a company may be, the likeliest first; a few indexed look-ups.

    For rules that look behind what people may see: callers keep what the person may not see to themselves.
    """
    refs = refs_sharing_keys(Customer.kind, company_keys(signs), most=MOST_COMPARED)
    found = compare_with(signs, customer_signs(comparable_customers().filter(ref__in=refs)))
    return dict(sorted(found.items(), key=lambda row: -row[1].score))


def compare_with(signs: CompanySigns, others: Iterable[tuple[str, CompanySigns]]) -> dict[str, Likeness]:
    """Return those that are to be proposed."""
    compared = ((ref, company_likeness(signs, other)) for ref, other in others)
    return {ref: likeness for ref, likeness in compared if likeness.is_proposed}
