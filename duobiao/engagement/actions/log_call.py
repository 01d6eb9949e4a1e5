"""Log a telephone call: keep it, plan the visit it agreed, and prove exactly what it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.customers.models import Contact, Customer
from duobiao.engagement.actions.agreed_visit import follow_visit
from duobiao.engagement.actions.call_checks import check_call, company_zone, zone_for
from duobiao.engagement.actions.follow_evidence import follow_evidence, takes_evidence
from duobiao.engagement.actions.note_spoken import note_call
from duobiao.engagement.actions.people import NewContact, check_companies, enter_contact, settle_handler
from duobiao.engagement.actions.values import CALL_FIELDS, CALL_RULES
from duobiao.engagement.domain.calls import OWN_KEYS, proves
from duobiao.engagement.events.calls import CallLogged
from duobiao.engagement.models import Call, Visit
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.confirm_evidence import Confirmed
from duobiao.opportunities.actions.create_opportunity import create_opportunity
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A deal to open from this call."""

    name: str
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of a call.

    Attributes:
        visit: The visit it agreed, where it did.
        confirmed: The proofs it led to, those of the agreed visit among them.
    """

    call: Call
    visit: Visit | None
    confirmed: list[Confirmed]


@transaction.atomic
def log_call(
    *,
    customer: Customer,
    contact: Contact | NewContact,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    opportunity: Opportunity | None = None,
    deal: NewDeal | None = None,
    meeting_contacts: Sequence[Contact] = (),
) -> Logged:
    """Log a call.

    Args:
        customer: Whom we called; a contact of another company of the project is kept under that company.
        contact: Who spoke, or who they are if they are not entered yet.
        values: Fields by name, see ``values.CALL_FIELDS``; ``started_at`` defaults to now, ``was_handler`` to what
            is known of the contact.
        deal: Opens a deal for the customer, unless one is given.

    Raises:
        NotAllowed: the actor may not log calls here, or not open a deal.
        Invalid: a value cannot be accepted.
    """
    policy.require(actor, "engagement.log_call", opportunity or customer)
    check_companies([_entered(contact)], field="contact", customer=customer, opportunity=opportunity)
    if isinstance(contact, NewContact):
        contact = enter_contact(contact, customer=customer, actor=actor, now=now)
    check_companies(meeting_contacts, field="meeting_contacts", customer=customer, opportunity=opportunity)
    if deal is not None and opportunity is None:
        opportunity = _open(deal, customer=customer, actor=actor, now=now)
    call = Call(opportunity=opportunity, customer=contact.customer, contact=contact, caller=actor, created_by=actor)
    call.created_at = call.started_at = now
    set_values(call, values, allowed=CALL_FIELDS, rules=CALL_RULES)
    check_call(call, now=now)
    call.called_on = local_day(call.started_at, zone_for(actor))
    call.was_handler = settle_handler(contact, call.was_handler, actor=actor, now=now)
    call.save(force_insert=True)
    call.meeting_contacts.set(meeting_contacts)
    return _prove(call, actor=actor, now=now)


def _entered(contact: Contact | NewContact) -> Contact | None:
    return contact if isinstance(contact, Contact) else None


def _open(deal: NewDeal, *, customer: Customer, actor: User, now: datetime) -> Opportunity:
    try:
        return create_opportunity(name=deal.name, customer=customer, amount=deal.amount, actor=actor, now=now)
    except Invalid as refusal:
        names = {"name": "deal_name", "amount": "deal_amount"}
        fields = {names.get(name, name): reason for name, reason in refusal.fields.items()}
        raise Invalid(refusal.message, fields=fields) from refusal


def _prove(call: Call, *, actor: User, now: datetime) -> Logged:
    shown = proves(call.facts(zone=company_zone()))
    counted = shown if takes_evidence(call.opportunity) else []
    data = {
        "contact_name": call.contact.name,
        "interest": call.interest,
        "words": call.words[:200],
        "result": call.result,
        "proved": len(counted),
    }
    chain = call.opportunity.ref if call.opportunity else call.customer.ref
    record(CallLogged(subject=Ref.of(call), chain=chain, data=data), actor=actor, at=now)
    note_call(call, actor=actor, now=now)
    own = [row for row in shown if row.evidence in OWN_KEYS]
    confirmed = follow_evidence(call, own, reason=_("the call was corrected"), actor=actor, now=now)
    visit, agreed = follow_visit(call, before=None, actor=actor, now=now)
    return Logged(call, visit, [*confirmed, *agreed])
