"""Plan a visit; prove the appointment where a 经手人 agreed to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.customers.models import Contact, Customer
from duobiao.engagement.actions.agreed_visit import chain_of, tell_planned
from duobiao.engagement.actions.call_checks import company_zone, zone_for
from duobiao.engagement.actions.follow_evidence import follow_evidence
from duobiao.engagement.actions.people import check_companies, settle_handler
from duobiao.engagement.actions.values import PLAN_FIELDS, VISIT_RULES, check_not_too_far, invalid
from duobiao.engagement.domain.visits import ledger_of
from duobiao.engagement.events.visits import VisitInvited
from duobiao.engagement.models import Visit
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.confirm_evidence import Confirmed
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.notify import notify


class VisitInThePast(Invalid):
    """A visit can only be planned ahead; one that took place is recorded."""

    code = "visit_in_the_past"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who at the customer agreed, and how.

    Attributes:
        handler: Whether they are the 经手人 or above; None: as known of the contact.
    """

    contact: Contact
    channel: str = ""
    handler: bool | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit and the proofs it led to."""

    visit: Visit
    confirmed: list[Confirmed] = field(default_factory=list)


@transaction.atomic
def plan_visit(
    *,
    customer: Customer,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    opportunity: Opportunity | None = None,
    agreed: Agreement | None = None,
    contacts: Sequence[Contact] = (),
    our_people: Sequence[User] = (),
) -> Planned:
    """Plan a visit.

    Args:
        values: Fields by name, see ``values.PLAN_FIELDS``; ``planned_at`` is required.
        agreed: None while nobody at the customer has agreed: the plan is kept and proves nothing.

    Raises:
        NotAllowed: the actor may not plan visits here.
        VisitInThePast: the time has passed.
        Invalid: a value cannot be accepted.
    """
    policy.require(actor, "engagement.plan_visit", opportunity or customer)
    visit = Visit(customer=customer, opportunity=opportunity, host=actor, created_at=now, created_by=actor)
    set_values(visit, values, allowed=PLAN_FIELDS, rules=VISIT_RULES)
    check_ahead(visit.planned_at, now=now)
    everybody = [*contacts, *([agreed.contact] if agreed else [])]
    check_companies(everybody, field="contacts", customer=customer, opportunity=opportunity)
    set_agreement(visit, agreed, actor=actor, now=now)
    visit.save(force_insert=True)
    visit.contacts.set(contacts or ([agreed.contact] if agreed else []))
    visit.our_people.set({actor, *our_people})
    tell_planned(visit, actor=actor, now=now)
    invite(visit, [user for user in our_people if user != actor], now=now)
    findings = ledger_of(visit.facts(zone=company_zone()))
    return Planned(visit, follow_evidence(visit, findings, reason="", actor=actor, now=now))


def check_ahead(at: datetime | None, *, now: datetime) -> None:
    """Refuse a time that cannot be planned.

    Raises:
        Invalid: there is none, or it lies years ahead.
        VisitInThePast: it has passed.
    """
    if at is None:
        raise invalid("planned_at", _("Say when."))
    if at <= now:
        message = _("This time has passed. Record a visit that took place instead.")
        raise VisitInThePast(message, fields={"planned_at": message})
    check_not_too_far("planned_at", at, now=now)


def set_agreement(visit: Visit, agreed: Agreement | None, *, actor: User, now: datetime) -> None:
    """Note on the visit who agreed, today."""
    if agreed is None:
        visit.agreed_with = visit.agreed_on = visit.agreed_with_handler = None
        visit.agreed_channel = ""
        return
    set_values(visit, {"agreed_channel": agreed.channel}, allowed=("agreed_channel",))
    visit.agreed_with = agreed.contact
    visit.agreed_with_handler = settle_handler(agreed.contact, agreed.handler, actor=actor, now=now)
    visit.agreed_on = local_day(now, zone_for(actor))


def invite(visit: Visit, people: Sequence[User], *, now: datetime) -> None:
    """Tell colleagues that they are asked to come along."""
    data = {"customer": visit.customer.label, "at": visit.planned_at.isoformat(), "topic": visit.topic}
    notify(people, event=VisitInvited.name, url=f"/visits/{visit.ref}/", at=now, data={**data, "deal": chain_of(visit)})
