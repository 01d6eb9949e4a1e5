"""Put a customer into the trash and take it out again."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.events import CustomerRestored, CustomerTrashed
from duobiao.customers.models import Customer, Hold
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.timeline.actions.record import record


class Held(Conflict):
    """Something above needs the record, e.g. an open deal (409); ``details["holds"]`` says what."""

    code = "held"


@transaction.atomic
def trash_customer(*, customer: Customer, actor: User, now: datetime, version: int | None = None) -> Customer:
    """Put a customer into the trash; its contacts disappear with it.

    Args:
        version: The version the actor saw, where the edge knows it.

    Raises:
        NotAllowed: the actor may not do this.
        Held: something above needs the customer.
        StaleVersion: somebody changed it since.
        Conflict: it lies in the trash already.
    """
    held = lock_customer(customer)
    require(actor, "customers.trash", held)
    if version is not None and held.version != version:
        raise stale({"name": held.name}, version=held.version)
    refuse_held(held.holds.filter(contact=None), now)
    held.trashed_at, held.trashed_by = now, actor
    held.version += 1
    held.save(update_fields=["trashed_at", "trashed_by", "version"])
    index_customers([held.pk])
    record(CustomerTrashed(subject=Ref.of(held), data={"name": held.name}), actor=actor, at=now)
    return held


@transaction.atomic
def restore_customer(*, customer: Customer, actor: User, now: datetime) -> Customer:
    """Take a customer out of the trash, with the contacts that went with it.

    Raises:
        NotAllowed: the actor may not do this.
        Conflict: it does not lie in the trash.
    """
    held = lock_customer(customer, live=False)
    require(actor, "customers.trash", held)
    if held.trashed_at is None:
        raise Conflict(_("This customer does not lie in the trash."))
    held.trashed_at = held.trashed_by = None
    held.version += 1
    held.touched_at = now
    held.save(update_fields=["trashed_at", "trashed_by", "version", "touched_at"])
    index_customers([held.pk])
    record(CustomerRestored(subject=Ref.of(held), data={"name": held.name}), actor=actor, at=now)
    return held


def refuse_held(holds: QuerySet[Hold], now: datetime) -> None:
    """Refuse while one of ``holds`` stands.

    Raises:
        Held: one stands; the message gives the first reasons.
    """
    reasons = list(holds.filter(pk__in=Hold.objects.standing(local_day(now))).values_list("reason", flat=True)[:5])
    if reasons:
        message = _("Still needed by: %(reasons)s. Finish or close that first.")
        raise Held(message % {"reasons": _(", ").join(reasons)}, details={"holds": reasons})
