"""Latent customers (A class): companies that a call showed to have the problem and the will."""

from django.db.models import Exists, OuterRef, Subquery

from duobiao.customers.models import Customer
from duobiao.customers.models.customer import CustomerQuerySet
from duobiao.engagement.models import Call
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity


def latent_customers(user: User, *, industry: str = "", without_deal: bool = False) -> CustomerQuerySet:
    """Return the customers a person may see whose latest decided call says A class, the latest decided first.

    Each row carries ``decided_at`` and ``decided_by_call``, the pk of that call, and ``has_deal``: an open deal runs.
    """
    decided = Call.objects.visible_to(user).filter(customer=OuterRef("pk"), is_a_class__isnull=False)
    latest = decided.order_by("-started_at", "-pk")
    deals = Opportunity.objects.visible_to(user).open().filter(customer=OuterRef("pk"))
    rows = Customer.objects.visible_to(user).annotate(
        decided_by_call=Subquery(latest.values("pk")[:1]),
        decided_at=Subquery(latest.values("started_at")[:1]),
        decided_as=Subquery(latest.values("is_a_class")[:1]),
        has_deal=Exists(deals),
    )
    rows = rows.filter(decided_as=True, **({"industry": industry} if industry else {}))
    if without_deal:
        rows = rows.filter(has_deal=False)
    found: CustomerQuerySet = rows.order_by("-decided_at", "-pk")
    return found


def deciding_calls(customers: list[Customer]) -> dict[int, Call]:
    """Return by customer the call that made each a latent one; one query."""
    keys: list[int] = [getattr(row, "decided_by_call", 0) for row in customers]
    rows = Call.objects.filter(pk__in=keys).select_related("contact", "caller")
    return {row.customer_id: row for row in rows}
