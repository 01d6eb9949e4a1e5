"""Who may be another entry of the same customer or person."""

from django.db.models import Q

from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.search.queries import find

MOST = 20
HEAD = 2
"""Characters at the beginning of a name by which likely duplicates are offered."""


def customer_candidates(keeper: Customer, *, text: str, user: User) -> list[Customer]:
    """Return live customers the person may see: found by ``text``, else named alike."""
    rows = Customer.objects.visible_to(user).exclude(pk=keeper.pk).select_related("owner")
    if text.strip():
        refs = [hit.ref for hit in find(user=user, text=text, limit=MOST + 1, kinds=[Customer.kind])]
        rows = rows.filter(ref__in=refs)
    else:
        alike = Q(normal_name__startswith=keeper.normal_name[:HEAD]) | Q(normal_name__contains=keeper.normal_name)
        if keeper.credit_code:
            alike |= Q(credit_code=keeper.credit_code)
        rows = rows.filter(alike)
    return list(rows.order_by("name", "pk")[:MOST])


def contact_candidates(keeper: Contact, *, text: str) -> list[Contact]:
    """Return the other live contacts of the same customer, those whose names hold ``text`` where one is given."""
    rows = keeper.customer.contacts.filter(trashed_at__isnull=True, merged_into__isnull=True).exclude(pk=keeper.pk)
    if text.strip():
        rows = rows.filter(Q(name__icontains=text.strip()) | Q(mobile__contains=text.strip()))
    return list(rows.order_by("name", "pk")[:MOST])
