"""Set the values of a customer and its profile together, as the one form that people see."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from duobiao.customers.actions.field_rules import (
    CUSTOMER_FIELDS,
    PROFILE_FIELDS,
    REVENUE,
    customer_rules,
    revenue_of,
)
from duobiao.customers.actions.field_values import Changes, set_values
from duobiao.customers.models import Customer, CustomerProfile
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid

LARGEST_MINOR = 2**63 - 1


def set_customer_values(customer: Customer, profile: CustomerProfile, values: Mapping[str, Any]) -> Changes:
    """Set those of ``values`` that differ on the two rows; nothing is saved.

    Raises:
        Invalid: some values cannot be accepted; all of them are named at once.
    """
    own = {name: value for name, value in values.items() if name not in (*PROFILE_FIELDS, REVENUE)}
    facts = {name: value for name, value in values.items() if name in PROFILE_FIELDS}
    faults: dict[str, object] = {}
    changes: Changes = {}
    for record, part, allowed, rules in (
        (customer, own, CUSTOMER_FIELDS, customer_rules(customer)),
        (profile, facts, PROFILE_FIELDS, {}),
    ):
        try:
            changes |= set_values(record, part, allowed=allowed, rules=rules)
        except Invalid as refusal:
            faults |= refusal.fields
    if REVENUE in values:
        faults |= _set_revenue(profile, values[REVENUE], changes)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return changes


def current_values(customer: Customer, profile: CustomerProfile, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the present values of the named fields."""
    found: dict[str, Any] = {}
    for name in names:
        if name == REVENUE:
            found[name] = _revenue_text(revenue_of(profile))
        elif name in PROFILE_FIELDS:
            found[name] = getattr(profile, name)
        elif name in CUSTOMER_FIELDS:
            found[name] = getattr(customer, name)
    return found


def _set_revenue(profile: CustomerProfile, value: Any, changes: Changes) -> dict[str, object]:
    if value is not None and (not isinstance(value, Money) or not 0 <= value.amount_minor <= LARGEST_MINOR):
        return {REVENUE: _("Enter an amount of zero or more.")}
    before = revenue_of(profile)
    if before != value:
        changes[REVENUE] = (_revenue_text(before), _revenue_text(value))
        profile.annual_revenue_minor = value.amount_minor if value else None
        profile.annual_revenue_currency = value.currency if value else ""
    return {}


def _revenue_text(value: Money | None) -> str | None:
    return f"{value.amount} {value.currency}" if value is not None else None
