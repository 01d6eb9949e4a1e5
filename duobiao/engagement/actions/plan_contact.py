"""Plan how often a person at a customer is spoken to; the plan follows calls and visits."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.customers.actions.locks import lock_contact
from duobiao.customers.domain.texts import NulCharacter, clean_line
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.contacts import objection_of
from duobiao.engagement.events.calls import ContactPlanEnded, ContactPlanned
from duobiao.engagement.models import Call, CallResult, ContactCycle, Visit
from duobiao.engagement.models.cycle import LONGEST, SHORTEST
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound
from duobiao.timeline.actions.record import record

LONGEST_AIM = 200


@transaction.atomic
def plan_contact(
    *, contact: Contact, every_days: int, actor: User, now: datetime, aim: str = "", version: int | None = None
) -> ContactCycle:
    """Set how often a person is spoken to, or change it.

    Args:
        version: The version of the running plan that the actor saw; None where they saw none.

    Raises:
        NotAllowed: the actor may not plan visits with this customer.
        Invalid: the days or the aim do not fit.
        StaleVersion: somebody changed the plan meanwhile.
        Conflict: the person does not want to be called, the contact lies in the trash, or somebody made a plan at the same moment.
    """
    held = lock_contact(contact)
    policy.require(actor, "engagement.plan_visit", held)
    if objection_of(held) is not None:
        raise Conflict(_("This person does not want to be called. Take the objection back first, if they agree again."))
    aim = _checked(every_days, aim)
    running = ContactCycle.objects.filter(contact=held, ended_at__isnull=True).first()
    if (running.version if running is not None else None) != version:
        present = running.version if running is not None else 0
        current = {"every_days": running.every_days, "aim": running.aim} if running is not None else {}
        raise stale(current, version=present)
    before = [running.every_days, running.aim] if running is not None else None
    cycle = running or ContactCycle(contact=held, started_on=local_day(now), version=0)
    cycle.every_days, cycle.aim, cycle.set_at, cycle.set_by = every_days, aim, now, actor
    cycle.version += 1
    cycle.last_on = _last_spoken([held.pk]).get(held.pk)
    cycle.due_on = _due(cycle)
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError as error:
        raise Conflict(_("Somebody made a plan for this person at the same moment. Look at it first.")) from error
    data = {"contact_name": held.name, "every_days": every_days, "aim": aim, "before": before}
    event = ContactPlanned(subject=Ref.of(held), chain=held.customer.ref, data=data)
    record(event, actor=actor, at=now)
    return cycle


@transaction.atomic
def end_contact_plan(*, contact: Contact, actor: User, now: datetime) -> None:
    """End the plan of a person; its row stays.

    Raises:
        NotAllowed: the actor may not plan visits with this customer.
        NotFound: no plan runs.
    """
    held = lock_contact(contact)
    policy.require(actor, "engagement.plan_visit", held)
    if not stop_plan(held, actor=actor, now=now):
        raise NotFound(_("No contact plan runs for this person."))


def stop_plan(contact: Contact, *, actor: User, now: datetime) -> bool:
    """End the plan of a person if one runs; say whether one did. The caller holds the contact."""
    running = ContactCycle.objects.filter(contact=contact, ended_at__isnull=True).first()
    if running is None:
        return False
    running.ended_at, running.ended_by = now, actor
    running.version += 1
    running.save(update_fields=["ended_at", "ended_by", "version"])
    data = {"contact_name": contact.name, "every_days": running.every_days}
    record(ContactPlanEnded(subject=Ref.of(contact), chain=contact.customer.ref, data=data), actor=actor, at=now)
    return True


def follow_spoken(customer: Customer) -> None:
    """Bring the plans of a customer's people to the calls and visits as they now are."""
    cycles = list(ContactCycle.objects.filter(contact__customer=customer, ended_at__isnull=True))
    if not cycles:
        return
    last = _last_spoken([cycle.contact_id for cycle in cycles])
    moved = []
    for cycle in cycles:
        if cycle.last_on != last.get(cycle.contact_id):
            cycle.last_on = last.get(cycle.contact_id)
            cycle.due_on = _due(cycle)
            moved.append(cycle)
    ContactCycle.objects.bulk_update(moved, ["last_on", "due_on"])


def keep_one_plan(kept: Contact, merged: Contact, *, actor: User, now: datetime) -> None:
    """Let a merged contact's plan run on for the kept one, unless that has its own."""
    rows = ContactCycle.objects.filter(contact=merged, ended_at__isnull=True)
    if ContactCycle.objects.filter(contact=kept, ended_at__isnull=True).exists():
        rows.update(ended_at=now, ended_by=actor)
    ContactCycle.objects.filter(contact=merged).update(contact=kept)
    follow_spoken(kept.customer)


def _checked(every_days: int, aim: str) -> str:
    faults: dict[str, object] = {}
    if not SHORTEST <= every_days <= LONGEST:
        faults["every_days"] = _("Between %(least)d and %(most)d days.") % {"least": SHORTEST, "most": LONGEST}
    try:
        aim = clean_line(aim)
    except NulCharacter:
        faults["aim"] = _("Null characters are not allowed.")
    if len(aim) > LONGEST_AIM:
        faults["aim"] = _("At most %(n)d characters.") % {"n": LONGEST_AIM}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return aim


def _due(cycle: ContactCycle) -> date:
    if cycle.last_on is None:
        return cycle.started_on
    return max(cycle.last_on + timedelta(days=cycle.every_days), cycle.started_on)


def _last_spoken(contacts: list[int]) -> dict[int, date]:
    """Return the last day on which each person was spoken to; two queries."""
    calls = Call.objects.live().filter(contact_id__in=contacts, result=CallResult.SPOKE).order_by()
    found: dict[int, date] = {}
    for key, moment in calls.values_list("contact_id").annotate(last=Max("started_at")):
        found[key] = local_day(moment)
    visits = Visit.objects.filter(met__in=contacts, held_on__isnull=False, cancelled_at__isnull=True).order_by()
    for key, day in visits.values_list("met").annotate(last=Max("held_on")):
        found[key] = max(day, found.get(key, day))
    return found
