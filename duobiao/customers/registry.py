"""How other capabilities find customers and contacts: as subjects of comments, and in search."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.models import Admission, Contact, Customer, Outsider
from duobiao.customers.queries.findables import every_contact, every_customer
from duobiao.search.registry import SearchKind, register_kind
from duobiao.timeline.registry import Subject, register_subject


def find_customer(user: Any, ref: str) -> Customer | None:
    """Return the live customer if this person may see it."""
    return Customer.objects.visible_to(user).select_related("owner").filter(ref=ref).first()


def find_contact(user: Any, ref: str) -> Contact | None:
    """Return the live contact if this person may see it."""
    return Contact.objects.visible_to(user).select_related("customer__owner").filter(ref=ref).first()


def find_admission(user: Any, ref: str) -> Admission | None:
    """Return the supplier admission if this person may see it."""
    return Admission.objects.visible_to(user).select_related("customer__owner", "responsible").filter(ref=ref).first()


def register_subjects() -> None:
    """Let comments, notifications and files lead to customers and contacts."""
    register_subject(
        Customer.kind,
        Subject(
            find=find_customer,
            url=lambda ref: reverse("customers:customer", args=[ref]),
            label=lambda customer: customer.name,
            chain=lambda customer: customer.ref,
            seen=lambda user, refs: (
                Customer.objects.visible_to(user).filter(ref__in=refs).values_list("ref", flat=True)
            ),
        ),
    )
    register_subject(
        Contact.kind,
        Subject(
            find=find_contact,
            url=lambda ref: reverse("customers:contact", args=[ref]),
            label=lambda contact: contact.name,
            chain=lambda contact: contact.customer.ref,
        ),
    )
    register_subject(
        Outsider.kind,
        Subject(
            find=lambda user, ref: Outsider.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: reverse("customers:outsider", args=[ref]),
            label=str,
            chain=lambda outsider: outsider.ref,
        ),
    )

    register_subject(
        Admission.kind,
        Subject(
            find=find_admission,
            url=lambda ref: reverse("customers:admission", args=[ref]),
            label=str,
            chain=lambda row: row.customer.ref,
            hold=lambda row: lock_customer(row.customer, live=False),
        ),
    )


def register_search_kinds() -> None:
    """Let search find customers and contacts; who sees the customer finds both."""
    register_kind(SearchKind(Customer.kind, _("Customers"), "building", "customers.view", 20, every_customer))
    register_kind(SearchKind(Contact.kind, _("Contacts"), "user", "customers.view", 30, every_contact))
