"""Customers and contacts of another system, by the same actions that people use."""

from collections.abc import Sequence
from typing import Any

from duobiao.customers.actions.create_contacts import Newcomer, create_contacts
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.actions.customer_values import set_customer_values
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.actions.field_rules import CONTACT_FIELDS, CONTACT_RULES
from duobiao.customers.actions.field_values import set_values
from duobiao.customers.actions.handover_customer import handover_customer
from duobiao.customers.models import Contact, Customer, CustomerProfile
from duobiao.identity.models import User
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.models import ImportedRecord
from duobiao.kernel.refusals import Refusal

PLACEHOLDER_ID = "(none)"
"""External id of the customer that stands for all rows which name none."""


def check_customer(_context: Context, values: Values, _new: bool) -> None:
    """Check the facts of a customer as its form does."""
    customer = Customer()
    set_customer_values(customer, CustomerProfile(customer=customer), _facts(values))


def create_one(context: Context, row: Planned) -> int:
    """Enter a customer; the ids tell rows apart, so equal names are no duplicates here."""
    customer = create_customer(
        name=row.values["name"],
        actor=context.actor,
        now=context.now,
        owner=_person(row.values.get("owner")) or context.owner,
        values={name: value for name, value in _facts(row.values).items() if name != "name"},
        duplicate_confirmed=True,
        external=(context.source, row.external_id),
    )
    return customer.pk


def change_customer(context: Context, pk: int, values: Values) -> None:
    """Change the given facts of a customer."""
    customer = Customer.objects.get(pk=pk)
    facts = _facts(values)
    if "parent" in values:
        facts["parent"] = Customer.objects.filter(pk=values["parent"]).first() if values["parent"] else None
    if facts:
        edit_customer(customer=customer, version=customer.version, values=facts, actor=context.actor, now=context.now)
    owner = _person(values.get("owner"))
    if owner is not None and owner.pk != customer.owner_id:
        customer.refresh_from_db()
        handover_customer(customer=customer, to=owner, actor=context.actor, now=context.now)


def check_contact(_context: Context, values: Values, _new: bool) -> None:
    """Check the facts of a contact as its form does."""
    set_values(Contact(), _own(values), allowed=CONTACT_FIELDS, rules=CONTACT_RULES)


def create_people(context: Context, rows: Sequence[Planned]) -> list[int | Refusal]:
    """Enter contacts, many at once."""
    newcomers = [Newcomer(row.values["customer"], _own(row.values), (context.source, row.external_id)) for row in rows]
    outcomes = create_contacts(newcomers, actor=context.actor, now=context.now)
    return [made if isinstance(made, Refusal) else made.pk for made in outcomes]


def change_contact(context: Context, pk: int, values: Values) -> None:
    """Change the given facts of a contact; people do not change their customer by an import."""
    contact = Contact.objects.get(pk=pk)
    if facts := _own(values):
        edit_contact(contact=contact, version=contact.version, values=facts, actor=context.actor, now=context.now)


def placeholder(context: Context, name: str) -> int:
    """Return the one customer that stands for all that the source does not name; make it when first needed."""
    known = context.references.known(Target.CUSTOMERS, PLACEHOLDER_ID)
    if known is not None:
        return known.object_id
    customer = create_customer(
        name=name,
        actor=context.actor,
        now=context.now,
        owner=context.owner,
        duplicate_confirmed=True,
        external=(context.source, PLACEHOLDER_ID),
        is_placeholder=True,
    )
    ImportedRecord.objects.create(
        source=context.source, target=Target.CUSTOMERS, external_id=PLACEHOLDER_ID, object_id=customer.pk
    )
    context.references.remember(Target.CUSTOMERS, [(PLACEHOLDER_ID, customer.pk, {})])
    return customer.pk


def _facts(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("owner", "parent")}


def _own(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "customer"}


def _person(pk: int | None) -> User | None:
    return User.objects.get_queryset().filter(pk=pk).first() if pk else None
