"""After a merge was undone: bring into step what follows from the rows of both customers, or of both contacts."""

from datetime import datetime

from duobiao.customers.actions.assess_customer import stand_anew
from duobiao.customers.actions.index_customers import index_contact, index_customers
from duobiao.customers.actions.track_completeness import contact_items_known, customer_items_known, recount_handlers
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.customers import get_profile
from duobiao.identity.models import User


def settle_customers(keeper: Customer, other: Customer, actor: User, now: datetime) -> None:
    """Count, place and index both customers anew."""
    del actor
    stand_anew([keeper, other])
    for customer in (keeper, other):
        customer.normal_name = normal_name(customer.name)
        customer.profile_items = customer_items_known(get_profile(customer))
        customer.touched_at = now
        customer.save(update_fields=["normal_name", "profile_items", "touched_at"])
        recount_handlers(customer)
    index_customers([keeper.pk, other.pk])


def settle_contacts(keeper: Contact, other: Contact, actor: User, now: datetime) -> None:
    """Count and index both contacts anew."""
    del actor
    for contact in (keeper, other):
        contact.profile_items = contact_items_known(contact)
        contact.touched_at = now
        contact.save(update_fields=["profile_items", "touched_at"])
        recount_handlers(contact.customer)
        index_contact(contact)
