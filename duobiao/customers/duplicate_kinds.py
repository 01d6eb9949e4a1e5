"""How customers and contacts are compared, shown side by side, merged and parted; registered with duplicates."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.actions.field_rules import CONTACT_FIELDS, CUSTOMER_FIELDS, PROFILE_FIELDS
from duobiao.customers.actions.locks import lock_contacts, lock_customers
from duobiao.customers.actions.merge_contacts import CONTACT_STAYS, merge_contacts
from duobiao.customers.actions.merge_customers import CUSTOMER_STAYS, merge_customers
from duobiao.customers.actions.part_customers import settle_contacts, settle_customers
from duobiao.customers.domain import likeness
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.customers import get_profile
from duobiao.customers.queries.likely import comparable_customers, contact_signs, customer_signs
from duobiao.duplicates.queries.sides import facts_side_by_side
from duobiao.duplicates.registry import Choice, DuplicateKind, register_kind

REASONS = {
    likeness.NAME: _("same name"),
    likeness.SPELLING: _("same name in another script, width or punctuation"),
    likeness.FORM: _("same name but for the legal form"),
    likeness.PLACE: _("same name but for the place"),
    likeness.SOUND: _("names sound the same (pinyin)"),
    likeness.NEAR: _("names nearly the same"),
    likeness.SHORT: _("same short name"),
    likeness.CODE: _("same unified social credit code"),
    likeness.PHONE: _("same telephone number"),
    likeness.DOMAIN: _("same web site"),
    likeness.EMAIL: _("same e-mail address"),
    likeness.WECHAT: _("same WeChat"),
    likeness.POST: _("same position"),
}


def customer_choices(first: Customer, second: Customer) -> list[Choice]:
    """Return the facts of two customers side by side."""
    own = facts_side_by_side(first, second, (name for name in CUSTOMER_FIELDS if name != "parent"))
    return [*own, *facts_side_by_side(get_profile(first), get_profile(second), PROFILE_FIELDS)]


def contact_choices(first: Contact, second: Contact) -> list[Choice]:
    """Return the facts of two contacts side by side."""
    return facts_side_by_side(first, second, CONTACT_FIELDS)


def _merge_customers(keeper: Any, other: Any, take: frozenset[str], actor: Any, now: datetime) -> None:
    merge_customers(keeper=keeper, other=other, take=take, actor=actor, now=now)


def _merge_contacts(keeper: Any, other: Any, take: frozenset[str], actor: Any, now: datetime) -> None:
    merge_contacts(keeper=keeper, other=other, take=take, actor=actor, now=now)


def _customer_lines(rows: Iterable[Any]) -> dict[str, str]:
    return {row.ref: " · ".join(filter(None, [row.industry, row.region, str(row.owner)])) for row in rows}


def _contact_lines(rows: Iterable[Any]) -> dict[str, str]:
    return {row.ref: " · ".join(filter(None, [row.customer.label, row.department, row.position])) for row in rows}


def register() -> None:
    """Let duplicates of customers and contacts be found and merged."""
    register_kind(
        DuplicateKind(
            key=Customer.kind,
            title=_("Customers"),
            icon="building",
            order=10,
            view="customers.view",
            verb="customers.merge",
            model=Customer,
            live=comparable_customers,
            seen_by=lambda user: comparable_customers().within_reach(user).select_related("owner"),
            load=lambda refs: Customer.objects.select_related("owner").filter(ref__in=list(refs)),
            signs=customer_signs,
            keys=likeness.company_keys,
            compare=likeness.company_likeness,
            reasons=REASONS,
            headline=_customer_lines,
            choices=customer_choices,
            name="name",
            lock=lambda keys: lock_customers(keys, live=False),
            merge=_merge_customers,
            settle=settle_customers,
            url=lambda ref: reverse("customers:customer", args=[ref]),
            owner=lambda customer: customer.owner,
            stays=CUSTOMER_STAYS,
            drops=frozenset(
                ("customers.CustomerGrant", "customers.Hold", "customers.CustomerProfile", "customers.Standing")
            ),
        )
    )
    register_kind(
        DuplicateKind(
            key=Contact.kind,
            title=pgettext_lazy("people", "Contacts"),
            icon="user",
            order=20,
            view="customers.view",
            verb="customers.merge",
            model=Contact,
            live=Contact.objects.live,
            seen_by=lambda user: Contact.objects.visible_to(user).select_related("customer__owner"),
            load=lambda refs: Contact.objects.select_related("customer__owner").filter(ref__in=list(refs)),
            signs=contact_signs,
            keys=likeness.person_keys,
            compare=likeness.person_likeness,
            reasons=REASONS,
            headline=_contact_lines,
            choices=contact_choices,
            name="name",
            lock=lock_contacts,
            merge=_merge_contacts,
            settle=settle_contacts,
            url=lambda ref: reverse("customers:contact", args=[ref]),
            owner=lambda contact: contact.customer.owner,
            among=lambda rows, contact: rows.filter(customer=contact.customer_id),
            stays=CONTACT_STAYS,
            drops=frozenset(("customers.Hold",)),
        )
    )
