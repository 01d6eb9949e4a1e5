"""Make one contact out of two entries of the same person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_rules import CONTACT_FIELDS
from duobiao.customers.actions.index_customers import index_contact
from duobiao.customers.actions.locks import lock_contact
from duobiao.customers.actions.track_completeness import (
    contact_items_known,
    is_complete_handler,
    recount_handlers,
    tell_contact_completeness,
)
from duobiao.customers.events import ContactsMerged
from duobiao.customers.models import Contact, Hold, Issue
from duobiao.documents.actions.move_attachments import move_attachments
from duobiao.duplicates.actions.remember import remembered, repoint
from duobiao.duplicates.queries.sides import fill_gaps
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Comment

CONTACT_STAYS = frozenset(("customers.Contact.merged_into",))


@transaction.atomic
def merge_contacts(
    *, keeper: Contact, other: Contact, actor: User, now: datetime, take: frozenset[str] = frozenset()
) -> Contact:
    """Move everything of ``other`` to ``keeper``; facts of the keeper win, its gaps are filled.

    Args:
        take: Names of facts to take from the other one all the same.

    Raises:
        NotAllowed: the actor may not merge contacts of this customer.
        Invalid: both are the same, or they belong to different customers.
        Conflict: one lies in the trash or was merged before.
    """
    if keeper.pk == other.pk:
        raise Invalid(_("Choose two different contacts."), fields={"merge": _("the same contact")})
    if keeper.customer_id != other.customer_id:
        reason = _("belongs to another customer")
        raise Invalid(_("Only contacts of one customer can be merged."), fields={"merge": reason})
    keeper, other = lock_contact(keeper), lock_contact(other)
    other.customer = keeper.customer
    require(actor, "customers.merge", keeper)
    with remembered(keeper=keeper, other=other, actor=actor, now=now):
        _merge(keeper, other, take=take, actor=actor, now=now)
        repoint(keeper, other, stays=CONTACT_STAYS)
    return keeper


def _merge(keeper: Contact, other: Contact, *, take: frozenset[str], actor: User, now: datetime) -> None:
    was_complete = is_complete_handler(keeper)
    fill_gaps(keeper, other, CONTACT_FIELDS, take=take)
    _move_rows(keeper, other)
    keeper.profile_items = contact_items_known(keeper)
    keeper.version += 1
    keeper.touched_at = now
    keeper.save()
    other.merged_into = keeper
    other.version += 1
    other.save()
    recount_handlers(keeper.customer)
    index_contact(keeper)
    index_contact(other)
    event = ContactsMerged(
        subject=Ref.of(keeper),
        merged=Ref.of(other),
        customer=Ref.of(keeper.customer),
        chain=keeper.customer.ref,
        data={"contact_name": keeper.name, "merged": other.ref, "merged_name": other.name},
    )
    record(event, actor=actor, at=now)
    tell_contact_completeness(keeper, was=was_complete, actor=actor, now=now)


def _move_rows(keeper: Contact, other: Contact) -> None:
    Contact.objects.filter(merged_into=other).update(merged_into=keeper)
    Issue.objects.filter(contact=other).update(contact=keeper)
    held = set(Hold.objects.filter(contact=keeper).values_list("source_kind", "source_ref"))
    for hold in Hold.objects.filter(contact=other):
        if (hold.source_kind, hold.source_ref) in held:
            hold.delete()
        else:
            Hold.objects.filter(pk=hold.pk).update(contact=keeper)
    move_attachments(source=Ref.of(other), target=Ref.of(keeper), chain=keeper.customer.ref)
    Comment.objects.filter(subject_kind=Contact.kind, subject_ref=other.ref).update(subject_ref=keeper.ref)
