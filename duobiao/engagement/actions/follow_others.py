"""Let calls and visits follow what happens below: customers and contacts merged, people who leave."""

from datetime import datetime

from django.db.models import Exists, F, Model, OuterRef, Q

from duobiao.customers.events import ContactsMerged, CustomersMerged
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.contacts import objecting_contacts
from duobiao.customers.work_events import ContactErased, ContactObjected
from duobiao.engagement.actions.plan_contact import keep_one_plan, stop_plan
from duobiao.engagement.models import (
    Call,
    CallList,
    CallListEntry,
    CallOutcome,
    DraftVersion,
    ProcessDuty,
    PurchaseProcess,
    SurveyAnswer,
    Visit,
)
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User

SINGLE = ("agreed_with", "handler_met", "found_handler", "confirmed_by", "requested_by")
MANY = ("contacts", "met")

PEOPLE_ON: dict[type[Model], tuple[str, ...]] = {
    DraftVersion: ("received_by", "remark_by"),
    PurchaseProcess: ("project_lead", "decider", "told_by"),
    ProcessDuty: ("contact",),
    SurveyAnswer: ("contact",),
}
"""Records that name contacts, by their fields."""


def customers_merged(event: CustomersMerged, actor: User, at: datetime) -> None:
    """Point calls and visits at the customer that was kept."""
    del actor, at
    kept = Customer.objects.get(ref=event.subject.ref)
    merged = Customer.objects.get(ref=event.merged.ref)
    Call.objects.filter(customer=merged).update(customer=kept)
    Visit.objects.filter(customer=merged).update(customer=kept)
    CallListEntry.objects.filter(customer=merged).update(customer=kept)


def contacts_merged(event: ContactsMerged, actor: User, at: datetime) -> None:
    """Point calls, visits and the contact plan at the contact that was kept."""
    kept = Contact.objects.get(ref=event.subject.ref)
    merged = Contact.objects.get(ref=event.merged.ref)
    Call.objects.filter(contact=merged).update(contact=kept)
    CallListEntry.objects.filter(contact=merged).update(contact=kept)
    for model, names in PEOPLE_ON.items():
        for name in names:
            model._default_manager.filter(**{name: merged}).update(**{name: kept})
    for call in Call.objects.filter(meeting_contacts=merged):
        call.meeting_contacts.add(kept)
        call.meeting_contacts.remove(merged)
    for name in SINGLE:
        Visit.objects.filter(**{name: merged}).update(**{name: kept})
    for name in MANY:
        for visit in Visit.objects.filter(**{name: merged}):
            getattr(visit, name).add(kept)
            getattr(visit, name).remove(merged)
    keep_one_plan(kept, merged, actor=actor, now=at)
    if objecting_contacts().filter(contact__in=[kept, merged]).exists():
        stop_plan(kept, actor=actor, now=at)
        _settle_waiting(kept, at)


def contact_unreachable(event: ContactErased | ContactObjected, actor: User, at: datetime) -> None:
    """End the plan to speak to a person who does not want it, or whose data were erased; no list offers them any more."""
    contact = Contact.objects.select_related("customer").get(ref=event.subject.ref)
    stop_plan(contact, actor=actor, now=at)
    _settle_waiting(contact, at)


def _settle_waiting(contact: Contact, at: datetime) -> None:
    """Take a person off all lists; an entry stays, settled, where a call was made from it, be it withdrawn since."""
    theirs = Q(contact=contact) | Q(contact__isnull=True, lead__contact=contact)
    waiting = CallListEntry.objects.waiting().filter(theirs)
    untried = waiting.filter(outcome="")
    untried.filter(~Exists(Call.objects.filter(entry=OuterRef("pk")))).delete()
    untried.update(outcome=CallOutcome.SKIPPED, settled_at=at, version=F("version") + 1)
    waiting.update(settled_at=at, call_back_at=None, version=F("version") + 1)


def host_left(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Give planned visits and open calling lists of a person who left to their successor; what was held keeps its author."""
    del actor, at
    if event.successor is None:
        return
    leaver = User.objects.get(ref=event.subject.ref)
    successor = User.objects.get(ref=event.successor.ref)
    for calls in CallList.objects.open().filter(owner=leaver):
        CallList.objects.filter(pk=calls.pk).update(owner=successor, version=calls.version + 1)
    for visit in Visit.objects.planned().filter(host=leaver):
        Visit.objects.filter(pk=visit.pk).update(host=successor, version=visit.version + 1)
        visit.our_people.add(successor)
        visit.our_people.remove(leaver)
