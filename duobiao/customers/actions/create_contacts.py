"""Enter many people at once, with all that ``create_contact`` would leave; for imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_rules import CONTACT_FIELDS, CONTACT_RULES
from duobiao.customers.actions.field_values import set_values
from duobiao.customers.actions.track_completeness import (
    contact_items_known,
    is_complete_handler,
    tell_contact_completeness,
)
from duobiao.customers.events import ContactCreated
from duobiao.customers.models import BuyingRole, Contact, Customer
from duobiao.customers.queries.findables import findable_contacts
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Refusal
from duobiao.search.actions.index import index_many
from duobiao.timeline.actions.record import record_many


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to enter.

    Attributes:
        customer_id: Key of the customer.
        values: Fields by name, see ``field_rules.CONTACT_FIELDS``; a name is needed.
        external: Name of the source and its id of this contact.
    """

    customer_id: int
    values: Mapping[str, Any]
    external: tuple[str, str] = ("", "")


@transaction.atomic
def create_contacts(newcomers: Sequence[Newcomer], *, actor: User, now: datetime) -> list[Contact | Refusal]:
    """Enter people; a few queries for any number. One that is refused keeps no other.

    Returns:
        For each newcomer, in order, the contact or why there is none.
    """
    customers = _locked({row.customer_id for row in newcomers})
    outcomes = [_made(row, customers, actor=actor, now=now) for row in newcomers]
    made = [row for row in outcomes if isinstance(row, Contact)]
    Contact.objects.bulk_create(made, batch_size=250)
    _raise_known(made)
    index_many(list(findable_contacts(made)))
    record_many([_event(contact) for contact in made], actor=actor, at=now)
    for contact in made:
        if is_complete_handler(contact):
            tell_contact_completeness(contact, was=False, actor=actor, now=now)
    return outcomes


def _locked(keys: set[int]) -> dict[int, Customer]:
    rows = Customer.objects.select_for_update(of=("self",)).select_related("owner").filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def _made(row: Newcomer, customers: Mapping[int, Customer], *, actor: User, now: datetime) -> Contact | Refusal:
    customer = customers.get(row.customer_id)
    if customer is None or not customer.is_live:
        return Conflict(_("This customer lies in the trash or was merged into another one."))
    contact = Contact(customer=customer, created_at=now, created_by=actor, touched_at=now)
    contact.external_source, contact.external_id = row.external
    try:
        require(actor, "customers.edit", customer)
        set_values(contact, row.values, allowed=CONTACT_FIELDS, rules=CONTACT_RULES)
    except Refusal as refusal:
        return refusal
    contact.profile_items = contact_items_known(contact)
    return contact


def _raise_known(made: Sequence[Contact]) -> None:
    """Store for the customers what is known of their best known 经手人; new people only add to it."""
    grown: dict[int, Customer] = {}
    for contact in made:
        customer = contact.customer
        if contact.is_handler is True and contact.profile_items > customer.handler_items:
            customer.handler_items = contact.profile_items
            grown[customer.pk] = customer
    Customer.objects.bulk_update(grown.values(), ["handler_items"], batch_size=250)


def _event(contact: Contact) -> ContactCreated:
    customer = Ref.of(contact.customer)
    decides = contact.buying_role == BuyingRole.DECIDER or contact.is_decision_maker is True
    data = {"contact_name": contact.name}
    return ContactCreated(subject=Ref.of(contact), customer=customer, chain=customer.ref, data=data, decides=decides)
