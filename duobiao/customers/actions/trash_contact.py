"""Put a contact into the trash and take it out again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.customers.actions.index_customers import index_contact
from duobiao.customers.actions.locks import lock_contact
from duobiao.customers.actions.track_completeness import (
    is_complete_handler,
    recount_handlers,
    tell_contact_completeness,
)
from duobiao.customers.actions.trash_customer import refuse_held
from duobiao.customers.events import ContactRestored, ContactTrashed
from duobiao.customers.models import Contact, Erasure
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.timeline.actions.record import record


@transaction.atomic
def trash_contact(*, contact: Contact, actor: User, now: datetime, version: int | None = None) -> Contact:
    """Put a contact into the trash.

    Raises:
        NotAllowed: the actor may not do this.
        Held: something above needs the contact.
        StaleVersion: somebody changed it since.
        Conflict: it lies in the trash already.
    """
    held = lock_contact(contact)
    require(actor, "customers.trash", held)
    if version is not None and held.version != version:
        raise stale({"name": held.name}, version=held.version)
    refuse_held(held.holds.all(), now)
    was_complete = is_complete_handler(held)
    held.trashed_at, held.trashed_by = now, actor
    _keep(held, ContactTrashed, actor=actor, now=now, was_complete=was_complete)
    return held


@transaction.atomic
def restore_contact(*, contact: Contact, actor: User, now: datetime) -> Contact:
    """Take a contact out of the trash.

    Raises:
        NotAllowed: the actor may not do this.
        Conflict: it does not lie in the trash, its customer does, or the person was erased.
    """
    held = lock_contact(contact, live=False)
    require(actor, "customers.trash", held)
    if Erasure.objects.filter(contact=held).exists():
        raise Conflict(_("The data of this person were erased; nothing is left to restore."))
    if held.trashed_at is None:
        raise Conflict(_("This contact does not lie in the trash."))
    if not held.customer.is_live:
        raise Conflict(_("Restore the customer of this contact first."))
    held.trashed_at = held.trashed_by = None
    held.touched_at = now
    _keep(held, ContactRestored, actor=actor, now=now, was_complete=False)
    return held


def _keep(
    contact: Contact,
    event: type[ContactTrashed] | type[ContactRestored],
    *,
    actor: User,
    now: datetime,
    was_complete: bool,
) -> None:
    contact.version += 1
    contact.save(update_fields=["trashed_at", "trashed_by", "version", "touched_at"])
    recount_handlers(contact.customer)
    index_contact(contact)
    customer = Ref.of(contact.customer)
    happened = event(
        subject=Ref.of(contact), customer=customer, chain=customer.ref, data={"contact_name": contact.name}
    )
    record(happened, actor=actor, at=now)
    tell_contact_completeness(contact, was=was_complete, actor=actor, now=now)
