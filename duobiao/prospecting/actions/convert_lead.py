"""Turn a lead into a customer, a contact and a deal, or into ones that are there already; once, whoever asks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.create_opportunity import create_opportunity
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.lock import require_open as require_open_deal
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.follow_up import hand_to_deal
from duobiao.prospecting.actions.keep_lead import end_claim, event_data, keep, lock_lead, require_open, require_version
from duobiao.prospecting.events import CameFromLead, LeadConverted
from duobiao.prospecting.models import ClaimEnd, Lead, LeadState
from duobiao.timeline.actions.record import record

LONGEST_SOURCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Into:
    """What a lead is to become.

    Attributes:
        customer, contact, opportunity: Existing ones; None makes a new one.
        with_contact: Make a contact where none is given and the lead names a person.
        with_deal: Open a deal where none is given.
        deal_name: Of the new deal; "" takes company and need.
        duplicate_confirmed: A new customer is wanted though one of this name exists.
    """

    customer: Customer | None = None
    contact: Contact | None = None
    opportunity: Opportunity | None = None
    with_contact: bool = True
    with_deal: bool = True
    deal_name: str = ""
    amount: Money | None = None
    duplicate_confirmed: bool = False


@transaction.atomic
def convert_lead(*, lead: Lead, into: Into, version: int | None, actor: User, now: datetime) -> Lead:
    """Convert an open lead; what is named in ``into`` was found among what the actor may see.

    Raises:
        NotAllowed: the actor may not work on this lead, or not enter customers, contacts or deals.
        LeadClosed: it is converted already (``details`` name what it became), or discarded.
        StaleVersion: somebody changed it meanwhile.
        DuplicateCustomer: a customer of this name exists and was not confirmed.
        Invalid: the contact or the deal belongs to another customer.
    """
    held = lock_lead(lead)
    require(actor, "prospecting.work", held)
    require_open(held)
    require_version(held, version)
    _check(into)
    customer = into.customer or (into.opportunity.customer if into.opportunity is not None else None)
    if customer is None:
        customer = _new_customer(held, into, actor=actor, now=now)
    held.customer = customer
    held.contact = into.contact or _new_contact(held, customer, into, actor=actor, now=now)
    held.opportunity = into.opportunity or _new_deal(held, customer, into, actor=actor, now=now)
    held.state, held.ended_at, held.ended_by = LeadState.CONVERTED, now, actor
    keep(held, ["state", "customer", "contact", "opportunity", "ended_at", "ended_by"], now=now)
    end_claim(held, ClaimEnd.CONVERTED, now=now)
    if held.opportunity is not None:
        hand_to_deal(held, held.opportunity, actor=actor, now=now)
    _tell(held, actor=actor, now=now)
    return held


def _check(into: Into) -> None:
    faults: dict[str, object] = {}
    if into.opportunity is not None:
        require_open_deal(lock(into.opportunity))
        if into.customer is not None and into.opportunity.customer_id != into.customer.pk:
            faults["opportunity"] = _("This project belongs to another customer.")
    owner = into.customer or (into.opportunity.customer if into.opportunity is not None else None)
    if into.contact is not None and (owner is None or into.contact.customer_id != owner.pk):
        faults["contact"] = _("This contact belongs to another customer.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)


def _new_customer(lead: Lead, into: Into, *, actor: User, now: datetime) -> Customer:
    values = {"region": lead.region, "phone": lead.phone}
    return create_customer(
        name=lead.company,
        actor=actor,
        now=now,
        owner=_owner_for(lead, actor),
        values={name: value for name, value in values.items() if value},
        duplicate_confirmed=into.duplicate_confirmed,
    )


def _new_contact(lead: Lead, customer: Customer, into: Into, *, actor: User, now: datetime) -> Contact | None:
    if not (into.with_contact and lead.contact_name):
        return None
    values = {name: getattr(lead, name) for name in ("position", "mobile", "phone", "email")}
    return create_contact(
        customer=customer,
        name=lead.contact_name,
        actor=actor,
        now=now,
        values={name: value for name, value in values.items() if value},
    )


def _new_deal(lead: Lead, customer: Customer, into: Into, *, actor: User, now: datetime) -> Opportunity | None:
    if not into.with_deal:
        return None
    return create_opportunity(
        name=into.deal_name.strip() or suggested_name(lead),
        customer=customer,
        amount=into.amount,
        actor=actor,
        now=now,
        owner=_owner_for(lead, actor),
        values={"source": _source_words(lead), "description": lead.need},
    )


def _source_words(lead: Lead) -> str:
    """Return where a deal came from, in words: the campaign where there was one, else the way."""
    return str(lead.campaign or lead.get_source_display())[:LONGEST_SOURCE]


def _owner_for(lead: Lead, actor: User) -> User | None:
    """Return whose the new records are: the lead's owner's, also where a manager converts."""
    return lead.owner if lead.owner is not None and lead.owner.is_active else actor


def suggested_name(lead: Lead) -> str:
    """Return a name for the deal: the company and the first line of the need."""
    first = lead.need.strip().split("\n", 1)[0][:40].strip()
    return f"{lead.company} {first}".strip()[:160]


def _tell(lead: Lead, *, actor: User, now: datetime) -> None:
    names = {
        "customer": lead.customer.name if lead.customer is not None else "",
        "contact": lead.contact.name if lead.contact is not None else "",
        "deal": lead.opportunity.name if lead.opportunity is not None else "",
    }
    record(LeadConverted(subject=Ref.of(lead), data=event_data(lead, **names)), actor=actor, at=now)
    origin = lead.opportunity or lead.customer
    if origin is not None:
        data = event_data(lead, source=lead.source, lead=lead.ref)
        record(CameFromLead(subject=Ref.of(origin), data=data), actor=actor, at=now)
