"""Set milestones and reviews of a plan, change them, note what came of them, remind of those that are due."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.follow_leavers import heir_for, may_take_over, successor_of
from duobiao.customers.actions.locks import lock_customer
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.planning.actions.plans import hold_plan, note_change, plan_url, require_version, take_plan, words_of
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.planning.events import PlanDateDone, PlanDateDue, PlanDateGiven
from duobiao.planning.models import AccountPlan, DateKind, PlanDate, PlanState
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

RUNNING: Final = (PlanState.DRAFT, PlanState.APPROVED)
MOST_DATES: Final = 100
LONGEST_OUTCOME: Final = 1000
BATCH: Final = 500


class DateDone(Conflict):
    """The milestone is reached, or the review was held; it stays as it was."""

    code = "date_done"


@transaction.atomic
def set_date(*, plan: AccountPlan, values: Mapping[str, Any], actor: User, now: datetime) -> PlanDate:
    """Set a milestone or a review; who sees to it is told.

    Args:
        values: ``what`` (``MILESTONE`` or ``REVIEW``), ``title``, ``owner``, ``due_on``.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: the plan waits for approval, or is closed.
        Conflict: it has as many dates as are kept.
        Invalid: a value does not fit.
    """
    held = take_plan(plan, actor, states=RUNNING)
    if held.dates.count() >= MOST_DATES:
        raise Conflict(_("A plan has at most %(n)d milestones and reviews.") % {"n": MOST_DATES})
    row = PlanDate(plan=held, created_at=now)
    _set(row, values, held)
    row.save(force_insert=True)
    note_change(held, row.what, actor=actor, now=now, title=row.title, date=date_words(row))
    _tell(row, held, actor=actor, now=now)
    return row


@transaction.atomic
def edit_date(*, row: PlanDate, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> PlanDate:
    """Change a milestone or review that is still to come.

    Raises:
        NotAllowed, PlanFixed, Invalid: as ``set_date``.
        NotFound: it was taken out.
        DateDone: it is done.
        StaleVersion: somebody changed it since.
    """
    plan = take_plan(row.plan, actor, states=RUNNING)
    held = _open(row)
    require_version(held, version)
    before, owner = date_words(held), held.owner_id
    _set(held, values, plan)
    if date_words(held) == before:
        return held
    held.version += 1
    held.reminded_on = None
    held.save()
    said = date_words(held)
    note_change(plan, held.what, actor=actor, now=now, title=held.title, before=before, date=said)
    if held.owner_id != owner:
        _tell(held, plan, actor=actor, now=now)
    return held


@transaction.atomic
def finish_date(*, row: PlanDate, done_on: date, outcome: str, actor: User, now: datetime) -> PlanDate:
    """Note that a milestone was reached, or what came of a review; the owner of the customer is told.

    Whose milestone or review it is may always do this.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: the plan waits for approval, or is closed.
        DateDone: it is done already.
        Invalid: the day lies ahead, or a review has no outcome.
    """
    plan = take_plan(row.plan, actor, states=RUNNING, entitled=row.owner_id == actor.pk)
    held = _open(row)
    faults: Faults = {}
    review = held.what == DateKind.REVIEW
    text = checked_text("outcome", outcome, longest=LONGEST_OUTCOME, faults=faults, required=review, lines=True)
    checked_past("done_on", done_on, actor=actor, now=now, faults=faults)
    refuse(faults)
    held.done_on, held.done_by, held.outcome = done_on, actor, text
    held.version += 1
    held.save(update_fields=["done_on", "done_by", "outcome", "version"])
    data = words_of(plan, part=held.what, title=held.title, note=text[:200], date=date_words(held))
    record(PlanDateDone(subject=Ref.of(plan), chain=plan.customer.ref, data=data), actor=actor, at=now)
    told = [person for person in (held.owner, plan.customer.owner) if person != actor]
    notify(told, event=PlanDateDone.name, url=plan_url(plan.ref), at=now, data=data)
    return held


@transaction.atomic
def remove_date(*, row: PlanDate, actor: User, now: datetime) -> None:
    """Take out a milestone or review that is still to come; the audit keeps it.

    Raises:
        NotAllowed, PlanFixed: as ``set_date``.
        NotFound: it was taken out before.
        DateDone: it is done.
    """
    plan = take_plan(row.plan, actor, states=RUNNING)
    held = _open(row)
    said = date_words(held)
    held.delete()
    note_change(plan, "date_removed", actor=actor, now=now, title=said["title"], date=said)


def remind_of_dates(*, on: date, now: datetime) -> int:
    """Tell whose milestones and reviews are due, each once for its day; return how many."""
    rows = PlanDate.objects.filter(done_on=None, reminded_on=None, due_on__lte=on, owner__is_active=True)
    rows = rows.filter(plan__state__in=RUNNING).select_related("owner", "plan__customer")
    count = 0
    for row in rows.order_by("due_on", "pk")[:BATCH]:
        with transaction.atomic():
            if not PlanDate.objects.filter(pk=row.pk, done_on=None, reminded_on=None).update(reminded_on=on):
                continue
            data = words_of(row.plan, part=row.what, title=row.title, note=row.due_on.isoformat())
            notify([row.owner], event=PlanDateDue.name, url=plan_url(row.plan.ref), at=now, data=data)
            count += 1
    return count


def give_dates_on(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Give the open milestones and reviews of a person who left to the successor, else to the customer's owner."""
    successor = successor_of(event)
    rows = PlanDate.objects.filter(owner__ref=event.subject.ref, done_on=None).select_related("plan__customer")
    for row in rows.order_by("plan__customer", "plan", "pk"):
        customer = lock_customer(row.plan.customer, live=False)
        plan = hold_plan(row.plan.ref)
        plan.customer, before = customer, date_words(row)
        row.owner = heir_for(customer, successor)
        if date_words(row) == before:
            continue
        row.version += 1
        row.reminded_on = None
        row.save(update_fields=["owner", "reminded_on", "version"])
        note_change(plan, row.what, actor=actor, now=at, title=row.title, before=before, date=date_words(row))
        _tell(row, plan, actor=actor, now=at)


def date_words(row: PlanDate) -> dict[str, Any]:
    """Return what the timeline says about a milestone or review."""
    return {
        "ref": row.ref,
        "what": row.what,
        "title": row.title,
        "owner": row.owner.ref,
        "due_on": row.due_on.isoformat(),
    }


def _tell(row: PlanDate, plan: AccountPlan, *, actor: User, now: datetime) -> None:
    if row.owner_id != actor.pk:
        data = words_of(plan, part=row.what, title=row.title, note=row.due_on.isoformat())
        notify([row.owner], event=PlanDateGiven.name, url=plan_url(plan.ref), at=now, data=data)


def _open(row: PlanDate) -> PlanDate:
    held = PlanDate.objects.select_related("owner").filter(pk=row.pk).first()
    if held is None:
        raise NotFound(_("This was taken out of the plan."))
    if not held.is_open:
        raise DateDone(_("This is done and stays as it was."))
    return held


def _set(row: PlanDate, values: Mapping[str, Any], plan: AccountPlan) -> None:
    faults: Faults = {}
    row.what = str(values.get("what", row.what))
    if row.what not in DateKind.values:
        faults["what"] = _("Choose one of: %(names)s.") % {"names": ", ".join(DateKind.values)}
    row.title = checked_text("title", str(values.get("title", row.title)), longest=200, faults=faults, required=True)
    owner, due_on = values.get("owner") or plan.customer.owner, values.get("due_on", row.due_on)
    if not isinstance(owner, User) or not may_take_over(plan.customer, owner):
        faults["owner"] = _("Choose somebody who works here and may see this customer.")
    else:
        row.owner = owner
    if not isinstance(due_on, date) or not date(plan.year, 1, 1) <= due_on <= date(plan.year + 1, 3, 31):
        faults["due_on"] = _("Choose a day from %(first)s to %(last)s.") % {
            "first": f"{plan.year}-01-01",
            "last": f"{plan.year + 1}-03-31",
        }
    else:
        row.due_on = due_on
    refuse(faults)
