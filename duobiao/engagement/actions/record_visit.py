"""Record a visit that took place; prove exactly what the record shows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.customers.models import Contact, Customer
from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.actions.call_checks import company_zone, zone_for
from duobiao.engagement.actions.keep_promises import keep_promises
from duobiao.engagement.actions.lock_visit import follow, lock_visit
from duobiao.engagement.actions.people import check_companies, settle_handler
from duobiao.engagement.actions.plan_visit import Planned
from duobiao.engagement.actions.values import EARLIEST, PEOPLE_FIELDS, PLAN_FIELDS, RECORD_FIELDS, VISIT_RULES, invalid
from duobiao.engagement.domain.visits import proves_visit
from duobiao.engagement.events.visits import VisitRecorded
from duobiao.engagement.models import Visit
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record


@transaction.atomic
def record_visit(
    *, visit: Visit, version: int, values: Mapping[str, Any], met: Sequence[Contact], actor: User, now: datetime
) -> Planned:
    """Record that a planned visit took place.

    Args:
        values: Fields by name, see ``values.RECORD_FIELDS``; ``held_on`` is required.
        met: Who of the customer took part.

    Raises:
        Invalid: a value cannot be accepted.
        NotAllowed, StaleVersion, VisitCancelledBefore, VisitRecordedBefore: see ``lock_visit``.
    """
    held = lock_visit(visit, version=version, actor=actor, planned_only=True)
    held.version += 1
    return _record(held, values, met=met, actor=actor, now=now)


@transaction.atomic
def log_visit(
    *,
    customer: Customer,
    values: Mapping[str, Any],
    met: Sequence[Contact],
    actor: User,
    now: datetime,
    opportunity: Opportunity | None = None,
) -> Planned:
    """Record a visit that nobody planned.

    Args:
        values: Fields by name, see ``values.PLAN_FIELDS`` and ``RECORD_FIELDS``; ``held_on`` is required.

    Raises: as ``record_visit``.
    """
    policy.require(actor, "engagement.plan_visit", opportunity or customer)
    visit = Visit(customer=customer, opportunity=opportunity, host=actor, created_at=now, created_by=actor)
    on = values.get("held_on")
    if not isinstance(on, date):
        raise invalid("held_on", _("Say on which day."))
    plan = {name: values[name] for name in PLAN_FIELDS if name in values}
    zone = zone_for(actor)
    noon = datetime.combine(on, time(12), ZoneInfo(zone))
    set_values(visit, {"planned_at": noon, **plan}, allowed=PLAN_FIELDS, rules=VISIT_RULES)
    visit.recorded_at, visit.recorded_by, visit.held_on = now, actor, on
    check_held(visit, actor=actor, now=now)
    visit.save(force_insert=True)
    visit.contacts.set(met)
    visit.our_people.set([actor])
    rest = {name: value for name, value in values.items() if name not in plan}
    return _record(visit, rest, met=met, actor=actor, now=now)


def _record(visit: Visit, values: Mapping[str, Any], *, met: Sequence[Contact], actor: User, now: datetime) -> Planned:
    set_record(visit, values, met=met, actor=actor, now=now)
    visit.recorded_at, visit.recorded_by = now, actor
    visit.save()
    visit.met.set(met)
    shown = proves_visit(visit.facts(zone=company_zone()))
    names = ", ".join(contact.name for contact in met)
    data = {"met": names, "summary": (visit.summary or visit.problem)[:200], "proved": len(shown)}
    record(VisitRecorded(subject=Ref.of(visit), chain=chain_of(visit), data=data), actor=actor, at=now)
    confirmed = follow(visit, reason=_("the visit was recorded"), actor=actor, now=now)
    keep_promises(visit, reason=_("the visit was recorded"), actor=actor, now=now)
    return Planned(visit, confirmed)


def set_record(
    visit: Visit, values: Mapping[str, Any], *, met: Sequence[Contact], actor: User, now: datetime
) -> dict[str, tuple[Any, Any]]:
    """Set what the record says, checked; returns what changed.

    Raises:
        Invalid: a value cannot be accepted.
    """
    changes = set_values(visit, values, allowed=RECORD_FIELDS, rules=VISIT_RULES)
    check_held(visit, actor=actor, now=now)
    people = [getattr(visit, name) for name in PEOPLE_FIELDS]
    check_companies(people, field="met", customer=visit.customer, opportunity=visit.opportunity)
    check_companies(met, field="met", customer=visit.customer, opportunity=visit.opportunity)
    found = visit.found_handler
    if found is not None and visit.handler_facts.strip():
        settle_handler(found, True, actor=actor, now=now)
    handlers = [row for row in met if row.is_handler or row == found]
    before = visit.handler_met
    if before is None or before not in met or before not in handlers:
        visit.handler_met = handlers[0] if handlers else None
    return changes


def check_held(visit: Visit, *, actor: User, now: datetime) -> None:
    """Refuse days that cannot be.

    Raises:
        Invalid: a day lies in the future or impossibly far back.
    """
    today = local_day(now, zone_for(actor))
    if visit.held_on is None:
        raise invalid("held_on", _("Say on which day."))
    for name in ("held_on", "requested_on"):
        day = getattr(visit, name)
        if day is not None and day > today:
            raise invalid(name, _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()})
        if day is not None and day < EARLIEST:
            raise invalid(name, _("The day lies too far in the past."))
