"""How completely a customer is known: exactly the 8 + 4 items of information that stage 1 asks for.

Customer (1.I1): scale, standing in the industry, profitability, investment, credit standing, size of the project,
value of the project to the customer, weight given to it. Its 经手人 (1.I2): position, duties, character, interests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from duobiao.customers.domain.dimensions import is_filled

CUSTOMER_ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "scale": ("scale",),
    "industry_position": ("industry_position", "industry_position_note"),
    "profitability": ("profitability", "profitability_note"),
    "investment": ("investment_trend", "investment_note"),
    "credit": ("credit_standing", "credit_note"),
    "project_scale": ("project_scale",),
    "project_value": ("project_value",),
    "project_importance": ("project_importance", "project_importance_note"),
}
"""Item → the fields of which any one makes it known; the first is the one to ask for."""

CONTACT_ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "position": ("position",),
    "duties": ("duties",),
    "character": ("character",),
    "interests": ("interests",),
}
"""Item → the fields of which any one makes it known."""


def known_items(items: Mapping[str, tuple[str, ...]], values: Mapping[str, object]) -> dict[str, bool]:
    """Say for each item, in order, whether it is known.

    Args:
        items: ``CUSTOMER_ITEMS`` or ``CONTACT_ITEMS``.
        values: Value by field name; blank text and None are not known.
    """
    return {item: any(is_filled(values.get(name)) for name in names) for item, names in items.items()}


def count_known(items: Mapping[str, tuple[str, ...]], values: Mapping[str, object]) -> int:
    """Return how many items are known."""
    return sum(known_items(items, values).values())


@dataclass(frozen=True, slots=True)
class Ring:
    """The completeness ring of one customer.

    Attributes:
        customer: Known or not, by customer item.
        handler: Known or not, by contact item, of the best known 经手人; all unknown without one.
    """

    customer: dict[str, bool]
    handler: dict[str, bool]

    @property
    def known(self) -> int:
        """How many items are known."""
        return sum(self.customer.values()) + sum(self.handler.values())

    @property
    def total(self) -> int:
        """How many items there are: 12."""
        return len(self.customer) + len(self.handler)

    @property
    def percent(self) -> int:
        """Share known in whole percent, rounded down, so that only the last item makes 100."""
        return self.known * 100 // self.total


def ring(customer: Mapping[str, object], handler: Mapping[str, object] | None) -> Ring:
    """Build the ring from the values of the customer's profile and of its best known 经手人."""
    return Ring(known_items(CUSTOMER_ITEMS, customer), known_items(CONTACT_ITEMS, handler or {}))
