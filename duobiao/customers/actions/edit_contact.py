"""Change facts of a contact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from duobiao.customers.actions.field_rules import CONTACT_FIELDS, CONTACT_RULES
from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.customers.actions.index_customers import index_contact
from duobiao.customers.actions.locks import lock_contact
from duobiao.customers.actions.track_completeness import (
    contact_items_known,
    is_complete_handler,
    recount_handlers,
    tell_contact_completeness,
)
from duobiao.customers.events import ContactChanged
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def edit_contact(*, contact: Contact, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> Contact:
    """Set the given fields; what does not differ is not written and leaves no trace.

    Args:
        version: The version the actor saw.
        values: New values by field name, see ``field_rules.CONTACT_FIELDS``.

    Raises:
        NotAllowed: the actor may not edit this contact.
        StaleVersion: somebody changed it since; ``details["current"]`` holds the present values of the fields.
        Invalid: a value cannot be accepted.
    """
    held = lock_contact(contact)
    require(actor, "customers.edit", held)
    if held.version != version:
        current = {name: getattr(held, name) for name in values if name in CONTACT_FIELDS}
        raise stale(current, version=held.version)
    was_complete = is_complete_handler(held)
    changes = set_values(held, values, allowed=CONTACT_FIELDS, rules=CONTACT_RULES)
    if not changes:
        return held
    held.profile_items = contact_items_known(held)
    held.version += 1
    held.touched_at = now
    held.save()
    recount_handlers(held.customer)
    index_contact(held)
    event = ContactChanged(
        subject=Ref.of(held),
        customer=Ref.of(held.customer),
        chain=held.customer.ref,
        data={"contact_name": held.name, "changes": json_changes(changes)},
    )
    record(event, actor=actor, at=now)
    tell_contact_completeness(held, was=was_complete, actor=actor, now=now)
    return held
