"""Let deals follow customers and contacts whose merge was undone: who sees them, and what they prove."""

from datetime import datetime

from django.db.models import Q

from duobiao.customers.models import Contact, Customer
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.models import User
from duobiao.opportunities.actions.follow_customer import (
    HANDLER_KEY,
    PROFILE_KEY,
    customer_evidence,
    follow_admissions,
    follow_assessments,
)
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.retract_proof import withdraw
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.models import Opportunity, Proof


def merge_undone(event: MergeUndone, actor: User, at: datetime) -> None:
    """Let who works on the deals of each customer see it, and judge the deals by what each proves by itself."""
    refs = [event.subject.ref, event.parted.ref]
    if event.subject.kind == Contact.kind:
        contact = Contact.objects.select_related("customer").get(ref=event.subject.ref)
        _take_back(contact.customer, [contact.customer.ref], actor, at)
    if event.subject.kind != Customer.kind:
        return
    for customer in Customer.objects.filter(ref__in=refs).order_by("pk"):
        joined = Q(customer=customer) | Q(participants__customer=customer)
        for deal in Opportunity.objects.filter(joined).select_related("customer").distinct().order_by("pk"):
            share_deal(deal, now=at)
        _take_back(customer, refs, actor, at)
        follow_assessments(customer, MergeUndone.name, actor, at)
        follow_admissions(customer, event, actor, at)


def _take_back(customer: Customer, sources: list[str], actor: User, now: datetime) -> None:
    """Take back on the open deals of a customer what only the merged record showed, and judge them anew."""
    keys = [draft.key for draft in customer_evidence(customer, on=company_day(now))]
    shown = Q(source_ref=customer.ref, key__in=keys)
    for row in Opportunity.objects.open().filter(customer=customer).order_by("pk"):
        deal = lock(row)
        proofs = Proof.objects.filter(opportunity=deal, key__in=(PROFILE_KEY, HANDLER_KEY), source_ref__in=sources)
        if gone := list(proofs.filter(retracted_on=None).exclude(shown)):
            withdraw(deal, gone, reason=str(MergeUndone.title), actor=actor, now=now)
        reassess(lock(deal), actor=actor, now=now, cause=Cause(MergeUndone.name, customer.ref, {"key": PROFILE_KEY}))
