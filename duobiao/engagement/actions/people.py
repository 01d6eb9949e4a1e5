"""Who a call or visit concerns: contacts of the deal's companies, and whether they are the 经手人."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.models import Contact, Customer
from duobiao.engagement.actions.values import invalid
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity


@dataclass(frozen=True, slots=True)
class NewContact:
    """A person spoken to for the first time."""

    name: str
    position: str = ""
    mobile: str = ""


def enter_contact(person: NewContact, *, customer: Customer, actor: User, now: datetime) -> Contact:
    """Enter a person at a customer; what is not known is left open."""
    values = {"position": person.position, "mobile": person.mobile}
    return create_contact(customer=customer, name=person.name, values=values, actor=actor, now=now)


def check_companies(
    contacts: Iterable[Contact | None], *, field: str, customer: Customer, opportunity: Opportunity | None
) -> None:
    """Refuse people who belong to none of the companies concerned.

    Raises:
        Invalid: somebody belongs elsewhere; named by ``field``.
    """
    companies = {customer.pk}
    if opportunity is not None:
        companies = {opportunity.customer_id, *opportunity.participants.values_list("customer_id", flat=True)}
    if any(contact is not None and contact.customer_id not in companies for contact in contacts):
        raise invalid(field, _("This person does not belong to a company of this project."))


def settle_handler(contact: Contact, said: bool | None, *, actor: User, now: datetime) -> bool | None:
    """Return whether the contact is the 经手人, and let the contact's own record follow what was learnt.

    Args:
        said: What the caller says; None: as on record.
    """
    if said is None or said == contact.is_handler:
        return contact.is_handler
    edited = edit_contact(contact=contact, version=contact.version, values={"is_handler": said}, actor=actor, now=now)
    contact.is_handler, contact.version = edited.is_handler, edited.version
    return said
