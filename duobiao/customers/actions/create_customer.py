"""Enter a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.check_duplicates import refuse_duplicates
from duobiao.customers.actions.customer_values import set_customer_values
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.actions.note_sources import checked_origin, note_sources
from duobiao.customers.actions.track_completeness import customer_items_known, tell_customer_completeness
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.events import CustomerCreated
from duobiao.customers.models import Customer, CustomerProfile
from duobiao.customers.queries.customers import duplicates_of
from duobiao.identity.models import User
from duobiao.identity.policy import owner_in_scope, require, scope_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotAllowed
from duobiao.timeline.actions.record import record


@transaction.atomic
def create_customer(
    *,
    name: str,
    actor: User,
    now: datetime,
    owner: User | None = None,
    values: Mapping[str, Any] | None = None,
    duplicate_confirmed: bool = False,
    external: tuple[str, str] = ("", ""),
    is_placeholder: bool = False,
) -> Customer:
    """Enter a customer; the actor owns it unless another ``owner`` within their reach is named.

    Args:
        values: Further fields by name, see ``field_rules``; ``annual_revenue`` takes ``Money``.
        duplicate_confirmed: The actor knows of the customers of the same name and means another one.
        external: Name of the source and its id of this customer; for imports.
        is_placeholder: Stands for customers that a source did not name; for imports.

    Raises:
        NotAllowed: the actor may not create customers, or not for this owner.
        DuplicateCustomer: a customer of this name exists and was not confirmed.
        Invalid: a value cannot be accepted.
    """
    require(actor, "customers.create")
    owner = owner or actor
    if owner != actor and not owner_in_scope(owner, actor, scope_of(actor, "customers.edit")):
        raise NotAllowed(_("You may not enter customers for this person."), fields={"owner": _("beyond your reach")})
    customer = Customer(owner=owner, created_at=now, created_by=actor, touched_at=now, is_placeholder=is_placeholder)
    customer.external_source, customer.external_id = external
    profile = CustomerProfile(customer=customer)
    changes = set_customer_values(customer, profile, {**(values or {}), "name": name})
    customer.normal_name = normal_name(customer.name)
    if not duplicate_confirmed:
        refuse_duplicates(duplicates_of(name=customer.name, user=actor))
    customer.profile_items = customer_items_known(profile)
    customer.save(force_insert=True)
    if changes.keys() - {"name", "industry"}:
        profile.customer = customer
        profile.save(force_insert=True)
        note_sources(customer, profile, changes, checked_origin(None, actor=actor, now=now), actor=actor, now=now)
    index_customers([customer.pk])
    record(CustomerCreated(subject=Ref.of(customer), data={"name": customer.name}), actor=actor, at=now)
    tell_customer_completeness(customer, before=0, actor=actor, now=now)
    return customer
