"""Let leads follow what happens elsewhere: comments, people who leave, customers and contacts that are merged."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from duobiao.customers.events import ContactsMerged, CustomersMerged
from duobiao.customers.models import Contact, Customer
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.actions.claim_lead import give, release
from duobiao.prospecting.actions.keep_lead import event_data, keep, lock_lead
from duobiao.prospecting.events import LeadReturned
from duobiao.prospecting.models import Campaign, ClaimEnd, FollowUp, Lead, Letter, Pool, Registration, Upstream, WebForm
from duobiao.timeline.actions.record import record
from duobiao.timeline.events import CommentAdded


def comment_added(event: CommentAdded, actor: User, at: datetime) -> None:
    """Count a comment of its owner as work on a lead."""
    if event.subject.kind != Lead.kind:
        return
    lead = Lead.objects.filter(ref=event.subject.ref, owner=actor).first()
    if lead is not None and lead.is_open:
        keep(lock_lead(lead), [], now=at)


def customers_merged(event: CustomersMerged, actor: Any, at: datetime) -> None:
    """Point leads at the customer that was kept."""
    del actor, at
    kept = Customer.objects.get(ref=event.subject.ref)
    Lead.objects.filter(customer__ref=event.merged.ref).update(customer=kept)


def contacts_merged(event: ContactsMerged, actor: Any, at: datetime) -> None:
    """Point leads at the contact that was kept."""
    del actor, at
    kept = Contact.objects.get(ref=event.subject.ref)
    Lead.objects.filter(contact__ref=event.merged.ref).update(contact=kept)


def person_left(event: UserDeactivated, actor: Any, at: datetime) -> None:
    """Give the open leads of a person who left to the successor; without one, those of a pool go back to it.

    Raises:
        Invalid: a lead would belong to nobody, or a web form still gives its leads to this person.
    """
    leaver = event.subject.ref
    successor = User.objects.get(ref=event.successor.ref) if event.successor is not None else None
    if successor is None and WebForm.objects.filter(owner__ref=leaver, is_on=True).exists():
        message = _("A web form gives its leads to this person. Choose who takes over.")
        raise Invalid(message, fields={"successor": message})
    if successor is not None:
        WebForm.objects.filter(owner__ref=leaver).update(owner=successor)
        Campaign.objects.filter(owner__ref=leaver).update(owner=successor)
        Registration.objects.filter(owner__ref=leaver, state__in=("ACTIVE", "PENDING")).update(owner=successor)
        Upstream.objects.live().filter(responsible__ref=leaver).update(responsible=successor)
        Letter.objects.filter(responsible__ref=leaver, ended_at=None).update(responsible=successor)
        FollowUp.objects.open().filter(owner__ref=leaver).update(owner=successor, reminded_on=None)
    for row in Lead.objects.open().filter(owner__ref=leaver).order_by("pk"):
        lead = lock_lead(row)
        if successor is not None:
            give(lead, owner=successor, pool=None, actor=actor, now=at)
        elif lead.pool is not None:
            release(lead, ClaimEnd.RETURNED, now=at)
            data = event_data(lead, pool=lead.pool.name)
            record(LeadReturned(subject=Ref.of(lead), data=data), actor=actor, at=at)
        else:
            message = _("This person owns leads. Choose who takes over.")
            raise Invalid(message, fields={"successor": message})


def keeper_left(event: UserDeactivated, actor: Any, at: datetime) -> None:
    """Let the successor keep the pools of a person who left, before customers come to the successor.

    Raises:
        Invalid: a pool of customers in use would have nobody to keep it.
    """
    del actor, at
    pools = Pool.objects.filter(keeper__ref=event.subject.ref)
    if event.successor is not None:
        pools.update(keeper=User.objects.get(ref=event.successor.ref))
    elif pools.active().exists():
        message = _("This person keeps a pool of customers. Choose who takes over.")
        raise Invalid(message, fields={"successor": message})
