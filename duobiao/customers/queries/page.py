"""What the pages of a customer and of its people show: the ring with its items, people, facts of a contact."""

from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from duobiao.customers.domain.completeness import CONTACT_ITEMS, CUSTOMER_ITEMS, Ring
from duobiao.customers.domain.phones import dial_address
from duobiao.customers.models import BuyingRole, Contact, Customer, Objection, RelationCell
from duobiao.customers.queries.customers import best_known_handler, completeness_of
from duobiao.customers.queries.judged import JudgedFact, judged_facts
from duobiao.identity.models import User

CONTACT_SHOWN: Final = (
    "duties",
    "character",
    "interests",
    "buying_role",
    "function",
    "influence",
    "stance",
    "relation_cells",
    "bridge",
    "is_handler",
    "is_decision_maker",
    "notes",
)


@dataclass(frozen=True, slots=True)
class RingItem:
    """One of the 12 items; ``url`` leads to the form that supplies it."""

    key: str
    known: bool
    url: str


@dataclass(frozen=True, slots=True)
class RingShown:
    """The completeness ring with its items.

    Attributes:
        handler: The best known 经手人, None while there is none.
    """

    ring: Ring
    customer: list[RingItem]
    contact: list[RingItem]
    handler: Contact | None


@dataclass(frozen=True, slots=True)
class ContactFact:
    """A fact of a contact: its field, label and value in words; "" where it is not known.

    Attributes:
        judged: Where it follows from other records and is noted there; None where it is kept on the card alone.
    """

    name: str
    label: str
    value: str
    judged: JudgedFact | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A contact as the customer's page lists it."""

    ref: str
    name: str
    place: str
    role: str
    role_key: str
    is_handler: bool | None
    is_decision_maker: bool | None
    mobile: str
    dial: str
    known: int
    objects: bool


def ring_shown(customer: Customer) -> RingShown:
    """Return the ring; each item leads to the form that supplies it."""
    handler = best_known_handler(customer)
    held = completeness_of(customer, handler=handler)
    edit = reverse("customers:edit", args=[customer.ref])
    if handler is not None:
        person = reverse("customers:edit_contact", args=[handler.ref])
    else:
        person = f"{reverse('customers:new_contact', args=[customer.ref])}?handler=1"
    mark = "&" if "?" in person else "?"
    return RingShown(
        ring=held,
        customer=[RingItem(key, known, f"{edit}?at={CUSTOMER_ITEMS[key][0]}") for key, known in held.customer.items()],
        contact=[
            RingItem(key, known, f"{person}{mark}at={CONTACT_ITEMS[key][0]}") for key, known in held.handler.items()
        ],
        handler=handler,
    )


def people_of(customer: Customer) -> list[PersonRow]:
    """Return the live contacts, deciders and 经手人 first."""
    rows = list(customer.contacts.filter(trashed_at__isnull=True, merged_into__isnull=True).order_by("name", "pk"))
    standing = Objection.objects.filter(contact__customer=customer, lifted_at__isnull=True)
    objecting = set(standing.values_list("contact_id", flat=True)) if rows else set()
    rows.sort(key=lambda contact: (contact.is_decision_maker is not True, contact.is_handler is not True))
    return [person_row(contact, objects=contact.pk in objecting) for contact in rows]


def person_row(contact: Contact, *, objects: bool = False) -> PersonRow:
    """Describe one contact; the number of somebody who objects is not dialled."""
    known_role = contact.buying_role != BuyingRole.UNKNOWN
    return PersonRow(
        ref=contact.ref,
        name=contact.name,
        place=" · ".join(filter(None, [contact.department, contact.position])),
        role=str(BuyingRole(contact.buying_role).label) if known_role else "",
        role_key=contact.buying_role,
        is_handler=contact.is_handler,
        is_decision_maker=contact.is_decision_maker,
        mobile=contact.mobile or contact.phone,
        dial="" if objects else dial_address(contact.mobile or contact.phone),
        known=contact.profile_items,
        objects=objects,
    )


def contact_facts(contact: Contact, reader: User) -> list[ContactFact]:
    """Return the facts of a contact beyond its head, known or not."""
    judged = judged_facts(contact, reader)
    yes_no = {True: gettext("yes"), False: gettext("no"), None: ""}
    facts = []
    for name in CONTACT_SHOWN:
        field: Any = contact._meta.get_field(name)
        value: Any = judged[name].value if name in judged else getattr(contact, name)
        if name == "relation_cells":
            worded = gettext(", ").join(str(RelationCell(cell).label) for cell in value)
        elif value is None or isinstance(value, bool):
            worded = yes_no[value]
        elif name == "buying_role" and value == BuyingRole.UNKNOWN:
            worded = ""
        else:
            worded = str(dict(field.flatchoices).get(value, value))
        facts.append(ContactFact(name, str(field.verbose_name), worded, judged.get(name)))
    return facts
