"""Which fields people may set, and the rules that go beyond their types."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Field
from django.utils.translation import gettext as _

from duobiao.customers.domain.credit_code import is_credit_code
from duobiao.customers.domain.phones import UnreadableNumber, normal_phone
from duobiao.customers.models import Customer, CustomerProfile, RelationCell
from duobiao.customers.queries.group import LONGEST_CHAIN, ancestor_keys
from duobiao.kernel.money import Money

CUSTOMER_FIELDS: Final = (
    "name",
    "short_name",
    "industry",
    "credit_code",
    "phone",
    "website",
    "region",
    "address",
    "parent",
    "notes",
)
PROFILE_FIELDS: Final = tuple(
    field.name
    for field in CustomerProfile._meta.get_fields()
    if isinstance(field, Field) and not field.primary_key and not field.name.startswith("annual_revenue")
)
REVENUE: Final = "annual_revenue"
CONTACT_FIELDS: Final = (
    "name",
    "department",
    "position",
    "duties",
    "mobile",
    "phone",
    "email",
    "wechat",
    "character",
    "interests",
    "buying_role",
    "function",
    "influence",
    "stance",
    "relation_cells",
    "bridge",
    "is_handler",
    "is_decision_maker",
    "notes",
)


def phone(text: Any) -> str:
    """Spell a telephone number in the one way we keep.

    Raises:
        ValueError: it is not a number anybody could dial.
    """
    try:
        return normal_phone(str(text or ""))
    except UnreadableNumber as error:
        raise ValueError(_("This is not a telephone number. Example: 138 1234 5678 or 0512 6666 8888.")) from error


def credit_code(text: Any) -> str:
    """Accept a unified social credit code with its check character.

    Raises:
        ValueError: it is not one.
    """
    code = str(text or "").upper().replace(" ", "")
    if code and not is_credit_code(code):
        raise ValueError(_("This is not a unified social credit code: 18 characters with a matching last one."))
    return code


def website(text: Any) -> str:
    """Accept a web address, completing it with ``https://``.

    Raises:
        ValueError: it is an address of another kind.
    """
    address = str(text or "")
    if not address or address.startswith(("http://", "https://")):
        return address
    if ":" in address.split("/", maxsplit=1)[0] or " " in address or "." not in address:
        raise ValueError(_("This is not a web address. Example: www.example.com"))
    return f"https://{address}"


def relation_cells(value: Any) -> list[str]:
    """Accept cells of the relation matrix, in their fixed order.

    Raises:
        ValueError: something else is among them.
    """
    wanted = list(value or []) if isinstance(value, list | tuple | set) else None
    if wanted is None or any(cell not in RelationCell.values for cell in wanted):
        raise ValueError(_("Choose among the cells of the relation matrix."))
    return [cell for cell in RelationCell.values if cell in wanted]


def parent_rule(customer: Customer) -> Callable[[Any], Customer | None]:
    """Return the rule for the parent of ``customer``: no circle of subsidiaries."""

    def rule(parent: Any) -> Customer | None:
        if not parent:
            return None
        above = ancestor_keys(parent.pk)
        if customer.pk is not None and customer.pk in above:
            raise ValueError(_("A customer cannot be its own subsidiary."))
        if len(above) >= LONGEST_CHAIN:
            raise ValueError(_("A group has at most %(n)d levels.") % {"n": LONGEST_CHAIN})
        found: Customer = parent
        return found

    return rule


CONTACT_RULES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "mobile": phone,
    "phone": phone,
    "relation_cells": relation_cells,
}


def customer_rules(customer: Customer) -> Mapping[str, Callable[[Any], Any]]:
    """Return the rules of a customer's fields."""
    return {"phone": phone, "website": website, "credit_code": credit_code, "parent": parent_rule(customer)}


def revenue_of(profile: CustomerProfile) -> Money | None:
    """Return the annual revenue; None while unknown."""
    if profile.annual_revenue_minor is None:
        return None
    return Money(profile.annual_revenue_minor, profile.annual_revenue_currency)
