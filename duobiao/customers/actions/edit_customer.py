"""Change facts of a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from duobiao.customers.actions.customer_values import current_values, set_customer_values
from duobiao.customers.actions.field_values import json_changes, stale
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.actions.locks import lock_line
from duobiao.customers.actions.note_sources import Origin, checked_origin, note_sources
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
    *,
    customer: Customer,
    version: int,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    origin: Origin | None = None,
) -> Customer:
    """Set the given fields; what does not differ is not written and leaves no trace.

    Args:
        version: The version the actor saw.
        values: New values by field name, see ``field_rules``.
        origin: Where the new values come from.

    Raises:
        NotAllowed: the actor may not edit this customer.
        StaleVersion: somebody changed it since; ``details["current"]`` holds the present values of the fields.
        Invalid: a value, or its origin, cannot be accepted.
    """
    held = lock_line(customer, values.get("parent"))
    require(actor, "customers.edit", held)
    profile = get_profile(held)
    if held.version != version:
        raise stale(current_values(held, profile, values), version=held.version)
    known_before = held.profile_items
    sourced = checked_origin(origin, actor=actor, now=now)
    changes = set_customer_values(held, profile, values)
    if not changes:
        return held
    held.normal_name = normal_name(held.name)
    held.profile_items = customer_items_known(profile)
    held.version += 1
    held.touched_at = now
    held.save()
    profile.save()
    note_sources(held, profile, changes, sourced, actor=actor, now=now)
    if FOUND_BY & changes.keys():
        index_customers([held.pk])
    data = {"changes": json_changes(changes), **({"source": sourced.source} if sourced.source else {})}
    record(CustomerChanged(subject=Ref.of(held), data=data), actor=actor, at=now)
    tell_customer_completeness(held, before=known_before, actor=actor, now=now)
    return held
