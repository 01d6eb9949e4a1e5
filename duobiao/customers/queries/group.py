"""The corporate group a customer belongs to: who owns whom, as far as the reader may see."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from duobiao.customers.models import Customer
from duobiao.identity.models import User

LONGEST_CHAIN: Final = 20
"""Levels of a group at most."""
MOST_MEMBERS: Final = 300
"""Members of a group that are drawn."""


@dataclass(slots=True)
class Member:
    """One company of a group.

    Attributes:
        customer: None for one the reader may not see; it only holds its place.
        is_here: It is the one the reader looks at.
    """

    customer: Customer | None
    is_here: bool
    subsidiaries: "list[Member]" = field(default_factory=list)

    def everybody(self) -> "Iterator[Member]":
        """Yield this company and all below it."""
        yield self
        for below in self.subsidiaries:
            yield from below.everybody()


@dataclass(frozen=True, slots=True)
class Group:
    """A group from its top company down.

    Attributes:
        is_cut: There are more members than are drawn.
    """

    top: Member
    is_cut: bool

    @property
    def visible(self) -> list[Customer]:
        """The companies that the reader may see."""
        return [row.customer for row in self.top.everybody() if row.customer is not None]

    @property
    def size(self) -> int:
        """How many companies are drawn."""
        return sum(1 for _row in self.top.everybody())


def ancestor_keys(parent_id: int | None) -> list[int]:
    """Return the keys from a parent up to the top, as they are stored now; a circle ends where it closes."""
    found: list[int] = []
    while parent_id is not None and parent_id not in found and len(found) <= LONGEST_CHAIN:
        found.append(parent_id)
        parent_id = Customer.objects.filter(pk=parent_id).values_list("parent_id", flat=True).first()
    return found


def group_of(customer: Customer, *, user: User) -> Group | None:
    """Return the group of a customer; None for one that stands alone. One query a level.

    Companies that the reader may not see hold their place without a name where somebody visible stands below them;
    others are left out.
    """
    top = [customer.pk, *ancestor_keys(customer.parent_id)][-1]
    below, is_cut = _levels(top)
    if len(below) == 1 and not below[top]:
        return None
    keys = list(below)
    seen = {row.pk: row for row in Customer.objects.visible_to(user).select_related("owner").filter(pk__in=keys)}
    found = _member(top, below, seen, customer.pk)
    return None if found is None or sum(1 for _row in found.everybody()) == 1 else Group(found, is_cut)


def _levels(top: int) -> tuple[dict[int, list[int]], bool]:
    below: dict[int, list[int]] = {top: []}
    level = [top]
    while level:
        rows = Customer.objects.live().filter(parent_id__in=level).order_by("name", "pk")
        pairs = [(parent, key) for key, parent in rows.values_list("pk", "parent_id")[: MOST_MEMBERS + 1]]
        level = []
        for parent, key in pairs:
            if parent is None or key in below:
                continue
            if len(below) >= MOST_MEMBERS:
                return below, True
            below[parent].append(key)
            below[key] = []
            level.append(key)
    return below, False


def _member(key: int, below: dict[int, list[int]], seen: dict[int, Customer], here: int) -> Member | None:
    subsidiaries = [found for child in below[key] if (found := _member(child, below, seen, here)) is not None]
    if key not in seen and not subsidiaries:
        return None
    return Member(seen.get(key), key == here, subsidiaries)
