"""Give a customer to another owner; stage, history and authors of everything stay."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.actions.locks import lock_customer, lock_customers
from duobiao.customers.events import CustomerHandedOver
from duobiao.customers.models import Customer
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record


@transaction.atomic
def handover_customer(
    *, customer: Customer, to: User, actor: User, now: datetime, version: int | None = None
) -> Customer:
    """Give a customer to ``to``.

    Raises:
        NotAllowed: the actor may not edit this customer.
        Invalid: ``to`` has left.
        StaleVersion: somebody changed it since.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    if version is not None and held.version != version:
        raise stale({"owner": held.owner}, version=held.version)
    if not to.is_active:
        raise Invalid(_("This person no longer works here."), fields={"owner": _("no longer active")})
    if held.owner_id != to.pk:
        give_customer(held, to, actor=actor, now=now)
        index_customers([held.pk])
    return held


def follow_deactivation(event: UserDeactivated, actor: Any, at: datetime) -> None:
    """Give all customers of a person who left to the successor."""
    if event.successor is None:
        if Customer.objects.live().filter(owner__ref=event.subject.ref).exists():
            message = _("This person owns customers. Choose who takes over.")
            raise Invalid(message, fields={"successor": message})
        return
    successor = User.objects.get(ref=event.successor.ref)
    keys = list(Customer.objects.filter(owner__ref=event.subject.ref).order_by("pk").values_list("pk", flat=True))
    for customer in lock_customers(keys, live=False):
        give_customer(customer, successor, actor=actor, now=at)
    index_customers(keys)


def give_customer(customer: Customer, to: User, *, actor: User | None, now: datetime) -> None:
    """Give a locked customer to a person; the caller checked the right, and indexes it afterwards.

    Args:
        actor: None where a rule does it.
    """
    before, customer.owner = customer.owner, to
    customer.version += 1
    customer.touched_at = now
    customer.save(update_fields=["owner", "version", "touched_at"])
    event = CustomerHandedOver(
        subject=Ref.of(customer),
        before=Ref.of(before),
        after=Ref.of(to),
        data={"before": str(before), "after": str(to)},
    )
    record(event, actor=actor, at=now)
