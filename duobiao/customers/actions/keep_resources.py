"""Put a resource to work for a customer, change it, take it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.models import AccountResource, Customer
from duobiao.customers.work_events import ResourceAdded, ResourceChanged, ResourceRemoved
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound
from duobiao.timeline.actions.record import record

RESOURCE_FIELDS: Final = ("side", "name", "role", "allocation", "reached_by")
MOST_RESOURCES: Final = 200


@transaction.atomic
def add_resource(*, customer: Customer, values: Mapping[str, Any], actor: User, now: datetime) -> AccountResource:
    """Put a resource to work for a customer.

    Args:
        values: By field name, see ``RESOURCE_FIELDS``; a name is needed.

    Raises:
        NotAllowed: the actor may not edit this customer.
        Conflict: the customer has as many resources as are kept.
        Invalid: a value cannot be accepted.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    if held.resources.filter(removed_at__isnull=True).count() >= MOST_RESOURCES:
        raise Conflict(_("A customer has at most %(n)d resources.") % {"n": MOST_RESOURCES})
    resource = AccountResource(customer=held, created_at=now, created_by=actor)
    set_values(resource, {"name": "", **values}, allowed=RESOURCE_FIELDS)
    _require_name(resource)
    _save(resource, new=True)
    _touch(held, now)
    event = ResourceAdded(
        subject=Ref.of(held), data={"resource": resource.ref, "name": resource.name, "role": resource.role}
    )
    record(event, actor=actor, at=now)
    return resource


@transaction.atomic
def edit_resource(
    *, resource: AccountResource, version: int, values: Mapping[str, Any], actor: User, now: datetime
) -> AccountResource:
    """Change a resource.

    Raises:
        NotAllowed: the actor may not edit this customer.
        NotFound: the resource was taken out.
        StaleVersion: somebody changed it since.
        Invalid: a value cannot be accepted.
    """
    customer = lock_customer(resource.customer)
    require(actor, "customers.edit", customer)
    held = _present(resource, customer)
    if held.version != version:
        raise stale({name: getattr(held, name) for name in values if name in RESOURCE_FIELDS}, version=held.version)
    changes = set_values(held, values, allowed=RESOURCE_FIELDS)
    if not changes:
        return held
    _require_name(held)
    held.version += 1
    _save(held)
    _touch(customer, now)
    data = {"resource": held.ref, "name": held.name, "changes": json_changes(changes)}
    record(ResourceChanged(subject=Ref.of(customer), data=data), actor=actor, at=now)
    return held


@transaction.atomic
def remove_resource(*, resource: AccountResource, actor: User, now: datetime) -> None:
    """Take a resource out; its row stays.

    Raises:
        NotAllowed: the actor may not edit this customer.
        NotFound: the resource was taken out before.
    """
    customer = lock_customer(resource.customer)
    require(actor, "customers.edit", customer)
    held = _present(resource, customer)
    held.removed_at, held.removed_by = now, actor
    held.version += 1
    held.save(update_fields=["removed_at", "removed_by", "version"])
    _touch(customer, now)
    record(
        ResourceRemoved(subject=Ref.of(customer), data={"resource": held.ref, "name": held.name}), actor=actor, at=now
    )


def _present(resource: AccountResource, customer: Customer) -> AccountResource:
    held = AccountResource.objects.filter(pk=resource.pk, removed_at__isnull=True).first()
    if held is None:
        raise NotFound(_("There is no such resource."))
    held.customer = customer
    return held


def _require_name(resource: AccountResource) -> None:
    if not resource.name:
        raise Invalid(_("Please correct the marked fields."), fields={"name": _("Name the resource.")})


def _save(resource: AccountResource, *, new: bool = False) -> None:
    resource.save(force_insert=new)


def _touch(customer: Customer, now: datetime) -> None:
    customer.touched_at = now
    customer.save(update_fields=["touched_at"])
