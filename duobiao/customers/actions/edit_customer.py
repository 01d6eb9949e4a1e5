"""Change facts of a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from duobiao.customers.actions.customer_values import current_values, set_customer_values
from duobiao.customers.actions.field_values import json_changes, stale
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.actions.track_completeness import customer_items_known, tell_customer_completeness
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.events import CustomerChanged
from duobiao.customers.models import Customer
from duobiao.customers.queries.customers import get_profile
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record

FOUND_BY = frozenset({"name", "short_name", "industry", "region", "credit_code", "phone", "website"})


@transaction.atomic
def edit_customer(
    *, customer: Customer, version: int, values: Mapping[str, Any], actor: User, now: datetime
) -> Customer:
    """Set the given fields; what does not differ is not written and leaves no trace.

    Args:
        version: The version the actor saw.
        values: New values by field name, see ``field_rules``.

    Raises:
        NotAllowed: the actor may not edit this customer.
        StaleVersion: somebody changed it since; ``details["current"]`` holds the present values of the fields.
        Invalid: a value cannot be accepted.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    profile = get_profile(held)
    if held.version != version:
        raise stale(current_values(held, profile, values), version=held.version)
    known_before = held.profile_items
    changes = set_customer_values(held, profile, values)
    if not changes:
        return held
    held.normal_name = normal_name(held.name)
    held.profile_items = customer_items_known(profile)
    held.version += 1
    held.touched_at = now
    held.save()
    profile.save()
    if FOUND_BY & changes.keys():
        index_customers([held.pk])
    record(CustomerChanged(subject=Ref.of(held), data={"changes": json_changes(changes)}), actor=actor, at=now)
    tell_customer_completeness(held, before=known_before, actor=actor, now=now)
    return held
