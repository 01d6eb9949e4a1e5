"""Take the rows that an action changes, in one order, so that two actions never wait for each other in a circle."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.group import ancestor_keys
from duobiao.kernel.refusals import Conflict


def lock_customer(customer: Customer, *, live: bool = True) -> Customer:
    """Return the customer as it is stored now, locked until the transaction ends.

    Raises:
        Conflict: it lies in the trash or went into another one, and ``live`` asks for one that does not.
    """
    return lock_customers([customer.pk], live=live)[0]


def lock_customers(keys: Iterable[int], *, live: bool = True) -> list[Customer]:
    """Return customers in the order of ``keys``, locked in the order of their keys.

    Raises:
        Conflict: one lies in the trash or went into another one, and ``live`` asks for ones that do not.
    """
    wanted = list(keys)
    rows = Customer.objects.select_for_update(of=("self",)).select_related("owner").filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if live and not all(row.is_live for row in found.values()):
        raise Conflict(_("This customer lies in the trash or was merged into another one."))
    return [found[key] for key in wanted]


def lock_line(customer: Customer, parent: Customer | None) -> Customer:
    """Return the customer locked together with a new parent and all above it, so that no circle closes meanwhile.

    Raises:
        Conflict: the customer lies in the trash or went into another one.
    """
    keys = [customer.pk, *ancestor_keys(parent.pk if parent is not None else None)]
    list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    return lock_customer(customer)


def lock_contact(contact: Contact, *, live: bool = True) -> Contact:
    """Return the contact as it is stored now; its customer is locked first.

    Raises:
        Conflict: it, or its customer, lies in the trash or went into another one.
    """
    customer = lock_customer(contact.customer, live=live)
    held = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    held.customer = customer
    if live and not held.is_live:
        raise Conflict(_("This contact lies in the trash or was merged into another one."))
    return held


def lock_contacts(keys: Iterable[int]) -> list[Contact]:
    """Return contacts in the order of ``keys``, merged ones too; their customers are locked first, then they by key."""
    wanted = list(keys)
    rows = Contact.objects.filter(pk__in=wanted)
    customers = {row.pk: row for row in lock_customers(set(rows.values_list("customer_id", flat=True)), live=False)}
    found = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    for contact in found.values():
        contact.customer = customers[contact.customer_id]
    return [found[key] for key in wanted]
