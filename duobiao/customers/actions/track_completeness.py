"""Count what is known, and tell those above when a form becomes complete or ceases to be."""

from datetime import datetime

from duobiao.customers.domain.completeness import CONTACT_ITEMS, CUSTOMER_ITEMS, count_known
from duobiao.customers.events import (
    ContactProfileCompleted,
    ContactProfileIncomplete,
    CustomerProfileCompleted,
    CustomerProfileIncomplete,
)
from duobiao.customers.models import Contact, Customer, CustomerProfile
from duobiao.customers.queries.customers import handler_items_of
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


def customer_items_known(profile: CustomerProfile) -> int:
    """Return how many of the 8 customer items a profile makes known."""
    return count_known(CUSTOMER_ITEMS, vars(profile))


def contact_items_known(contact: Contact) -> int:
    """Return how many of the 4 contact items a contact makes known."""
    return count_known(CONTACT_ITEMS, vars(contact))


def is_complete_handler(contact: Contact) -> bool:
    """Say whether this is a live 经手人 of whom all 4 items are known."""
    return contact.is_live and contact.is_handler is True and contact.profile_items == len(CONTACT_ITEMS)


def tell_customer_completeness(customer: Customer, *, before: int, actor: User | None, now: datetime) -> None:
    """Record that the 8 items became complete, or ceased to be, against the count ``before``."""
    was, is_now = before == len(CUSTOMER_ITEMS), customer.profile_items == len(CUSTOMER_ITEMS)
    if was != is_now:
        event = CustomerProfileCompleted if is_now else CustomerProfileIncomplete
        record(event(subject=Ref.of(customer), data={"known": customer.profile_items}), actor=actor, at=now)


def tell_contact_completeness(contact: Contact, *, was: bool, actor: User | None, now: datetime) -> None:
    """Record that the 4 items of a 经手人 became complete, or ceased to be.

    Args:
        was: What ``is_complete_handler`` said before the change.
    """
    is_now = is_complete_handler(contact)
    if was == is_now:
        return
    event = ContactProfileCompleted if is_now else ContactProfileIncomplete
    record(
        event(
            subject=Ref.of(contact),
            customer=Ref.of(contact.customer),
            chain=contact.customer.ref,
            data={"contact_name": contact.name, "known": contact.profile_items},
        ),
        actor=actor,
        at=now,
    )


def recount_handlers(customer: Customer) -> None:
    """Store how many contact items are known of the best known 经手人."""
    most = handler_items_of(customer)
    if most != customer.handler_items:
        customer.handler_items = most
        customer.save(update_fields=["handler_items"])
