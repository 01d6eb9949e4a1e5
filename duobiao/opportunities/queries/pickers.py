"""Customers to pick from while a deal is opened."""

from django.db.models import Q

from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Customer
from duobiao.identity.models import User

MOST_OFFERED = 6


def customers_like(text: str, *, user: User) -> list[Customer]:
    """Return visible customers whose name contains every word; without words those touched last."""
    rows = Customer.objects.visible_to(user).filter(is_placeholder=False)
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(short_name__icontains=word))
    return list(rows.order_by("-touched_at", "pk")[:MOST_OFFERED])


def customer_named(text: str, *, user: User) -> Customer | None:
    """Return the one visible customer whose name means the same as ``text``; None of none or several."""
    rows = Customer.objects.visible_to(user).filter(is_placeholder=False, normal_name=normal_name(text))
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None
