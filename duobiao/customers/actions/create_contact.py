"""Enter a person at a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from duobiao.customers.actions.field_rules import CONTACT_FIELDS, CONTACT_RULES
from duobiao.customers.actions.field_values import set_values
from duobiao.customers.actions.index_customers import index_contact
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.actions.track_completeness import (
    contact_items_known,
    recount_handlers,
    tell_contact_completeness,
)
from duobiao.customers.events import ContactCreated
from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def create_contact(
    *,
    customer: Customer,
    name: str,
    actor: User,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    external: tuple[str, str] = ("", ""),
) -> Contact:
    """Enter a person at a customer.

    Args:
        values: Further fields by name, see ``field_rules.CONTACT_FIELDS``.
        external: Name of the source and its id of this contact; for imports.

    Raises:
        NotAllowed: the actor may not edit this customer.
        Invalid: a value cannot be accepted.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    contact = Contact(customer=held, created_at=now, created_by=actor, touched_at=now)
    contact.external_source, contact.external_id = external
    set_values(contact, {**(values or {}), "name": name}, allowed=CONTACT_FIELDS, rules=CONTACT_RULES)
    contact.profile_items = contact_items_known(contact)
    contact.save(force_insert=True)
    recount_handlers(held)
    index_contact(contact)
    event = ContactCreated(
        subject=Ref.of(contact), customer=Ref.of(held), chain=held.ref, data={"contact_name": contact.name}
    )
    record(event, actor=actor, at=now)
    tell_contact_completeness(contact, was=False, actor=actor, now=now)
    return contact
