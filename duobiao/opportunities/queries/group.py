"""What is open with the companies of a group, as far as the reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from duobiao.customers.models import Customer
from duobiao.customers.queries.group import Group, Member
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.opportunities.models import Opportunity


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """Open deals: how many, and their amounts by currency."""

    count: int
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One company of a group with what is open.

    Attributes:
        own: With the company itself.
        below: With it and all companies below it.
    """

    member: Member
    own: OpenAmount
    below: OpenAmount
    branches: tuple["Branch", ...]


def group_branches(group: Group, *, user: User) -> Branch:
    """Return the group with the open deals that the reader may see; one query."""
    return _branch(group.top, _open(group.visible, user))


def _open(customers: Iterable[Customer], user: User) -> dict[int, OpenAmount]:
    rows = (
        Opportunity.objects.visible_to(user)
        .open()
        .filter(customer__in=[row.pk for row in customers])
        .order_by("currency")
        .values_list("customer_id", "currency")
        .annotate(n=Count("pk"), total=Sum("amount_minor"))
    )
    found: dict[int, OpenAmount] = {}
    for key, currency, count, total in rows:
        amount = OpenAmount(count, (Money(total, currency),) if total else ())
        found[key] = _sum([found[key], amount]) if key in found else amount
    return found


def _branch(member: Member, held: Mapping[int, OpenAmount]) -> Branch:
    nothing = OpenAmount(0, ())
    own = held.get(member.customer.pk, nothing) if member.customer is not None else nothing
    branches = tuple(_branch(row, held) for row in member.subsidiaries)
    return Branch(member, own, _sum([own, *(row.below for row in branches)]), branches)


def _sum(rows: Iterable[OpenAmount]) -> OpenAmount:
    count, minor = 0, dict[str, int]()
    for row in rows:
        count += row.count
        for amount in row.amounts:
            minor[amount.currency] = minor.get(amount.currency, 0) + amount.amount_minor
    return OpenAmount(count, tuple(Money(total, currency) for currency, total in sorted(minor.items())))
