"""Let deals follow what happens to their customers: profiles completed, assessments, admissions, customers merged."""

from datetime import date, datetime

from duobiao.customers.events import (
    ContactProfileCompleted,
    ContactProfileIncomplete,
    ContactsMerged,
    CustomerAssessed,
    CustomerProfileCompleted,
    CustomerProfileIncomplete,
    CustomersMerged,
)
from duobiao.customers.models import Admission, Assessment, Contact, Customer
from duobiao.customers.queries.admissions import holding_admissions
from duobiao.customers.queries.assessments import meeting_assessment
from duobiao.customers.work_events import (
    AdmissionAdded,
    AdmissionChanged,
    AdmissionExpired,
    AdmissionMoved,
    AdmissionRemoved,
)
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.confirm_evidence import LONGEST_VALIDITY, Draft, confirm_known
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.retract_proof import withdraw
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.models import Confirmation, Grade, Opportunity, Participant, Proof

PROFILE_KEY = "customers.profile_completed"
HANDLER_KEY = "customers.handler_profile_completed"
CRITERIA_KEY = "customers.target_criteria_met"
SUPPLIER_KEY = "procurement.supplier_registered"
ALL_CUSTOMER_ITEMS = 8
ALL_HANDLER_ITEMS = 4
AdmissionEvent = AdmissionAdded | AdmissionChanged | AdmissionMoved | AdmissionExpired | AdmissionRemoved
ADMISSION_EVENTS = (AdmissionAdded, AdmissionChanged, AdmissionMoved, AdmissionExpired, AdmissionRemoved)


def customer_evidence(customer: Customer, *, on: date) -> list[Draft]:
    """Return what a customer's own record proves today."""
    source = Ref.of(customer)
    drafts = []
    if customer.profile_items == ALL_CUSTOMER_ITEMS:
        drafts.append(Draft(PROFILE_KEY, Grade.DOCUMENTED, on, source=source))
    if customer.handler_items == ALL_HANDLER_ITEMS:
        drafts.append(Draft(HANDLER_KEY, Grade.DOCUMENTED, on, source=source))
    return [*drafts, *_criteria_met(customer), *_admitted(customer, on=on)]


def profile_completed(event: CustomerProfileCompleted | ContactProfileCompleted, actor: User, at: datetime) -> None:
    """Prove the information item on every open deal of the customer."""
    customer = _customer_of(event)
    on = company_day(at)
    for deal in Opportunity.objects.open().filter(customer=customer).select_related("owner"):
        confirm_known(opportunity=deal, drafts=customer_evidence(customer, on=on), actor=actor, now=at)


def profile_incomplete(event: CustomerProfileIncomplete | ContactProfileIncomplete, actor: User, at: datetime) -> None:
    """Retract what the customer's record no longer shows, on every open deal."""
    customer = _customer_of(event)
    shown = {draft.key for draft in customer_evidence(customer, on=company_day(at))}
    gone = {PROFILE_KEY, HANDLER_KEY} - shown
    reason = str(type(event).title)
    for deal in Opportunity.objects.open().filter(customer=customer):
        locked = lock(deal)
        proofs = list(
            Proof.objects.filter(opportunity=locked, key__in=gone, source_ref=customer.ref, retracted_on=None)
        )
        if proofs:
            withdraw(locked, proofs, reason=reason, actor=actor, now=at)
            cause = Cause(type(event).name, customer.ref, {"key": proofs[0].key})
            reassess(locked, actor=actor, now=at, cause=cause)


def customer_assessed(event: CustomerAssessed, actor: User, at: datetime) -> None:
    """Prove on every open deal that the customer meets the target criteria, or retract it."""
    follow_assessments(Customer.objects.get(ref=event.subject.ref), type(event).name, actor, at)


def admission_followed(event: AdmissionEvent, actor: User | None, at: datetime) -> None:
    """Prove on every open deal that we are on the customer's register or platform, or retract it."""
    follow_admissions(Customer.objects.get(ref=event.data["customer"]), event, actor, at)


def customers_merged(event: CustomersMerged, actor: User, at: datetime) -> None:
    """Point deals, participations and confirmations at the customer that was kept."""
    kept = Customer.objects.get(ref=event.subject.ref)
    merged = Customer.objects.get(ref=event.merged.ref)
    deals = list(Opportunity.objects.filter(customer=merged))
    joined = list(Opportunity.objects.filter(participants__customer=merged).exclude(customer=merged).distinct())
    Opportunity.objects.filter(customer=merged).update(customer=kept)
    Confirmation.objects.filter(customer=merged).update(customer=kept)
    for row in Participant.objects.filter(customer=merged):
        if Participant.objects.filter(opportunity=row.opportunity_id, customer=kept, role=row.role).exists():
            row.delete()
        else:
            row.customer = kept
            row.save(update_fields=["customer"])
    for deal in [*deals, *joined]:
        deal.refresh_from_db()
        share_deal(deal, now=at)
    follow_assessments(kept, type(event).name, actor, at)
    follow_admissions(kept, event, actor, at)


def contacts_merged(event: ContactsMerged, actor: User, at: datetime) -> None:
    """Point proofs and confirmations at the contact that was kept."""
    del actor, at
    kept = Contact.objects.get(ref=event.subject.ref)
    Proof.objects.filter(contact__ref=event.merged.ref).update(contact=kept)
    Confirmation.objects.filter(contact__ref=event.merged.ref).update(contact=kept)


def _criteria_met(customer: Customer) -> list[Draft]:
    found = meeting_assessment(customer)
    if found is None:
        return []
    return [Draft(CRITERIA_KEY, Grade.DOCUMENTED, found.assessed_on, source=Ref.of(found))]


def follow_assessments(customer: Customer, event: str, actor: User, at: datetime) -> None:
    """Prove on every open deal of a customer that it meets the target criteria, or take it back."""
    drafts = _criteria_met(customer)
    for deal in Opportunity.objects.open().filter(customer=customer).select_related("owner"):
        if drafts:
            confirm_known(opportunity=deal, drafts=drafts, actor=actor, now=at)
            continue
        locked = lock(deal)
        shown = Proof.objects.filter(opportunity=locked, key=CRITERIA_KEY, source_kind=Assessment.kind)
        if gone := list(shown.filter(retracted_on=None)):
            withdraw(locked, gone, reason=str(CustomerAssessed.title), actor=actor, now=at)
            reassess(locked, actor=actor, now=at, cause=Cause(event, customer.ref, {"key": CRITERIA_KEY}))


def _admitted(customer: Customer, *, on: date) -> list[Draft]:
    found = []
    for row in holding_admissions(customer, on=on):
        last = row.valid_until and min(row.valid_until, row.since_on + LONGEST_VALIDITY)
        source = Ref.of(row)
        found.append(Draft(SUPPLIER_KEY, Grade.DOCUMENTED, row.since_on, source=source, valid_until=last))
    return found


def follow_admissions(
    customer: Customer, event: AdmissionEvent | CustomersMerged | MergeUndone, actor: User | None, at: datetime
) -> None:
    """Prove on every open deal of a customer that we are on its register or platform, or take it back."""
    drafts = _admitted(customer, on=company_day(at))
    for deal in Opportunity.objects.open().filter(customer=customer).select_related("owner"):
        kept = confirm_known(opportunity=deal, drafts=drafts, actor=actor, now=at).confirmed if drafts else []
        locked = lock(deal)
        rows = Proof.objects.filter(opportunity=locked, key=SUPPLIER_KEY, source_kind=Admission.kind, retracted_on=None)
        if gone := list(rows.exclude(pk__in=[row.proof.pk for row in kept])):
            withdraw(locked, gone, reason=str(type(event).title), actor=actor, now=at)
            cause = Cause(type(event).name, customer.ref, {"key": SUPPLIER_KEY})
            reassess(locked, actor=actor, now=at, cause=cause)


def _customer_of(event: object) -> Customer:
    ref = event.customer.ref if isinstance(event, ContactProfileCompleted | ContactProfileIncomplete) else ""
    if isinstance(event, CustomerProfileCompleted | CustomerProfileIncomplete):
        ref = event.subject.ref
    return Customer.objects.get(ref=ref)
