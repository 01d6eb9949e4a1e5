"""Bring in calls and visits of another system: with who had them and when, as records of that day.

They are judged as those that people log here, and what they show becomes evidence of its own day, known since then; the
audit says who brought them in, and when. No visit is planned and nobody is told: all that is past.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.customers.models import Contact, Customer
from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.actions.call_checks import check_call, company_zone
from duobiao.engagement.actions.follow_evidence import follow_evidence, takes_evidence
from duobiao.engagement.actions.note_spoken import note_call, note_visit
from duobiao.engagement.actions.people import check_companies, settle_handler
from duobiao.engagement.actions.record_visit import check_held
from duobiao.engagement.actions.values import CALL_RULES, VISIT_RULES
from duobiao.engagement.domain.calls import OWN_KEYS, proves
from duobiao.engagement.domain.visits import proves_visit
from duobiao.engagement.events.calls import CallImported
from duobiao.engagement.events.visits import VisitImported
from duobiao.engagement.models import Call, Visit
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

NOON: Final = time(12)
CALL_COLUMNS: Final = (
    "ended_at",
    "result",
    "was_handler",
    "problem",
    "problem_since",
    "tried",
    "tried_result",
    "interest",
    "attitude",
    "next_step",
    "notes",
)
VISIT_COLUMNS: Final = (
    "face_to_face",
    "met_others",
    "reaction",
    "cases",
    "trends",
    "problem",
    "impact",
    "wanted_by",
    "budget_range",
    "budget_source",
    "purchase_process",
    "rivals",
    "our_promises",
    "next_step",
    "summary",
)
PLACE: Final = ("place", "topic")


@transaction.atomic
def import_call(
    *,
    contact: Contact,
    author: User,
    started_at: datetime,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    opportunity: Opportunity | None = None,
    call: Call | None = None,
) -> Call:
    """Keep a call of another system, or change one that came in before.

    Args:
        author: Who called.
        values: By field, see ``CALL_COLUMNS``.
        call: The call that came in before.

    Raises:
        NotAllowed: the actor may not log calls here.
        Invalid: a value cannot be accepted.
        Conflict: somebody withdrew the call here.
    """
    policy.require(actor, "engagement.log_call", opportunity or contact.customer)
    if call is not None and not call.is_live:
        raise Conflict(_("This call was withdrawn here."))
    check_companies([contact], field="contact", customer=contact.customer, opportunity=opportunity)
    held = call or Call(created_at=now, created_by=actor)
    before = held.opportunity
    held.opportunity, held.customer, held.contact, held.caller = opportunity, contact.customer, contact, author
    held.started_at = started_at
    set_values(held, values, allowed=CALL_COLUMNS, rules=CALL_RULES)
    check_call(held, now=now)
    held.called_on = local_day(started_at, author.time_zone or company_zone())
    held.was_handler = settle_handler(contact, held.was_handler, actor=actor, now=now)
    held.version += 0 if call is None else 1
    held.save()
    data = {"contact_name": contact.name, "words": held.words[:200], "author": str(author), "on": str(held.called_on)}
    record(CallImported(subject=Ref.of(held), chain=_chain(held), data=data), actor=actor, at=now)
    note_call(held, actor=actor, now=now)
    shown = [row for row in proves(held.facts(zone=company_zone())) if row.evidence in OWN_KEYS]
    _prove(held, before, shown, known_at=held.ended_at or started_at, actor=actor, now=now)
    return held


@transaction.atomic
def import_visit(
    *,
    customer: Customer,
    host: User,
    held_on: date,
    values: Mapping[str, Any],
    met: Sequence[Contact],
    actor: User,
    now: datetime,
    opportunity: Opportunity | None = None,
    visit: Visit | None = None,
) -> Visit:
    """Keep a visit of another system that took place, or change one that came in before.

    People of either side who were added here stay on it.

    Args:
        host: Who of ours led it.
        values: By field, see ``VISIT_COLUMNS`` and ``PLACE``.
        visit: The visit that came in before.

    Raises:
        NotAllowed: the actor may not plan visits here.
        Invalid: a value cannot be accepted.
    """
    policy.require(actor, "engagement.plan_visit", opportunity or customer)
    check_companies(met, field="met", customer=customer, opportunity=opportunity)
    held = visit or Visit(created_at=now, created_by=actor)
    before = held.opportunity
    if visit is not None:
        _leave_behind(visit, customer, host)
    held.opportunity, held.customer, held.host, held.held_on = opportunity, customer, host, held_on
    held.planned_at = datetime.combine(held_on, NOON, ZoneInfo(host.time_zone or company_zone()))
    held.recorded_at, held.recorded_by = now, actor
    set_values(held, values, allowed=(*PLACE, *VISIT_COLUMNS), rules=VISIT_RULES)
    check_held(held, actor=actor, now=now)
    held.version += 0 if visit is None else 1
    held.save()
    held.met.add(*met)
    held.contacts.add(*met)
    held.our_people.add(host)
    if held.handler_met is None or held.handler_met not in held.met.all():
        held.handler_met = held.met.filter(is_handler=True).order_by("pk").first()
        held.save(update_fields=["handler_met"])
    data = {"met": ", ".join(person.name for person in met), "author": str(host), "on": held_on.isoformat()}
    record(VisitImported(subject=Ref.of(held), chain=chain_of(held), data=data), actor=actor, at=now)
    note_visit(held, actor=actor, now=now)
    shown = proves_visit(held.facts(zone=company_zone()))
    _prove(held, before, shown, known_at=held.planned_at, actor=actor, now=now)
    return held


def _leave_behind(visit: Visit, customer: Customer, host: User) -> None:
    """Take off a visit that came in before who cannot stay: the earlier host, and people of an earlier customer."""
    if visit.host != host:
        visit.our_people.remove(visit.host)
    if visit.customer != customer:
        visit.met.clear()
        visit.contacts.clear()


def _chain(call: Call) -> str:
    return call.opportunity.ref if call.opportunity is not None else call.customer.ref


def _prove(
    source: Call | Visit,
    before: Opportunity | None,
    shown: Sequence[Any],
    *,
    known_at: datetime,
    actor: User,
    now: datetime,
) -> None:
    reason = _("the import was changed")
    if before is not None and before.pk != (source.opportunity.pk if source.opportunity is not None else None):
        follow_evidence(source, [], reason=reason, actor=actor, now=now, opportunity=before)
    if takes_evidence(source.opportunity):
        follow_evidence(source, shown, reason=reason, actor=actor, now=now, known_at=known_at)
