"""Calls, visits, notes and tasks of another system: with their authors, on their days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.customers.models import Contact, Customer
from duobiao.engagement.actions.import_activities import (
    CALL_COLUMNS,
    PLACE,
    VISIT_COLUMNS,
    import_call,
    import_visit,
)
from duobiao.engagement.actions.values import CALL_RULES, VISIT_RULES
from duobiao.engagement.models import Call, Visit
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.events import NoteImported, TaskImported
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.models import DealTask, Opportunity
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Comment

NOON: Final = time(12)


def check_call(context: Context, values: Values, _new: bool) -> None:
    """Check the words of a call, and that it lies in the past."""
    with _also_refusing(_future(context, values, "started_at")):
        set_values(Call(), _only(values, CALL_COLUMNS), allowed=CALL_COLUMNS, rules=CALL_RULES)


def create_call(context: Context, row: Planned) -> int:
    """Keep a call."""
    return _call(context, None, row.values).pk


def change_call(context: Context, pk: int, values: Values) -> None:
    """Change what the source says of a call."""
    _call(context, Call.objects.select_related("contact__customer", "opportunity", "caller").get(pk=pk), values)


def check_visit(context: Context, values: Values, _new: bool) -> None:
    """Check the words of a visit, and that it lies in the past."""
    columns = (*PLACE, *VISIT_COLUMNS)
    with _also_refusing(_future(context, values, "held_on")):
        set_values(Visit(), _only(values, columns), allowed=columns, rules=VISIT_RULES)


def create_visit(context: Context, row: Planned) -> int:
    """Keep a visit."""
    return _visit(context, None, row.values).pk


def change_visit(context: Context, pk: int, values: Values) -> None:
    """Change what the source says of a visit."""
    _visit(context, Visit.objects.select_related("customer", "opportunity", "host").get(pk=pk), values)


def check_note(context: Context, values: Values, new: bool) -> None:
    """Check that a note says something about something."""
    with _also_refusing(_future(context, values, "noted_at")):
        if new and values.get("customer") is None and values.get("opportunity") is None:
            raise _unfit("customer", _("Name the customer or the deal."))


def create_note(context: Context, row: Planned) -> int:
    """Keep a note as a comment of its author on its day."""
    values = row.values
    subject = _deal(values) or Customer.objects.select_related("owner").get(pk=values["customer"])
    policy.require(context.actor, "timeline.comment", subject)
    author = _author(context, values)
    at = _moment(context, values["noted_at"])
    comment = Comment.objects.create(
        subject_kind=subject.kind, subject_ref=subject.ref, author=author, at=at, body=values["body"]
    )
    data = {"note": comment.body[:120], "comment": comment.ref, "author": str(author), "on": at.date().isoformat()}
    record(NoteImported(subject=Ref.of(subject), chain=subject.ref, data=data), actor=context.actor, at=context.now)
    return comment.pk


def change_note(context: Context, pk: int, values: Values) -> None:
    """Change words, author or day of a note; what it hangs on stays."""
    comment = Comment.objects.get(pk=pk)
    policy.require(context.actor, "timeline.comment", _subject_of(comment))
    comment.body = values.get("body") or comment.body
    if "author" in values:
        comment.author = _author(context, values)
    if values.get("noted_at"):
        comment.at = _moment(context, values["noted_at"])
    comment.save(update_fields=["body", "author", "at"])
    subject = Ref(comment.subject_kind, comment.subject_ref)
    data = {"note": comment.body[:120], "comment": comment.ref, "author": str(comment.author)}
    record(NoteImported(subject=subject, chain=subject.ref, data=data), actor=context.actor, at=context.now)


def check_task(context: Context, values: Values, _new: bool) -> None:
    """Check the words of a task, and that what is done is past."""
    with _also_refusing(_future(context, values, "done_on")):
        set_values(DealTask(), _only(values, ("title", "result")), allowed=("title", "result"))


def create_task(context: Context, row: Planned) -> int:
    """Keep a task of a deal."""
    return _task(context, DealTask(added_at=context.now, added_by=context.actor, version=0), row.values).pk


def change_task(context: Context, pk: int, values: Values) -> None:
    """Change what the source says of a task."""
    _task(context, DealTask.objects.select_related("opportunity", "owner").get(pk=pk), values)


def _call(context: Context, held: Call | None, values: Values) -> Call:
    contact = _contact(values) or (held.contact if held is not None else None)
    said = values.get("started_at")
    started = _moment(context, said) if said else held.started_at if held is not None else None
    if contact is None or started is None:
        raise _unfit("contact" if contact is None else "started_at", _("not found"))
    return import_call(
        contact=contact,
        author=_author(context, values, held.caller if held is not None else None),
        started_at=started,
        opportunity=_deal_of(values, held),
        values=_only(values, CALL_COLUMNS),
        call=held,
        actor=context.actor,
        now=context.now,
    )


def _visit(context: Context, held: Visit | None, values: Values) -> Visit:
    customer = held.customer if held is not None else None
    if values.get("customer"):
        customer = Customer.objects.get(pk=values["customer"])
    day = values.get("held_on") or (held.held_on if held is not None else None)
    if customer is None or day is None:
        raise _unfit("customer" if customer is None else "held_on", _("not found"))
    contact = _contact(values)
    met = list(held.met.all()) if held is not None and "contact" not in values else [contact] if contact else []
    return import_visit(
        customer=customer,
        host=_author(context, values, held.host if held is not None else None),
        held_on=day,
        opportunity=_deal_of(values, held),
        values=_only(values, (*PLACE, *VISIT_COLUMNS)),
        met=met,
        visit=held,
        actor=context.actor,
        now=context.now,
    )


def _task(context: Context, task: DealTask, values: Values) -> DealTask:
    is_new = task.version == 0
    if not is_new:
        policy.require(context.actor, "opportunities.task", task.opportunity)
    if values.get("opportunity"):
        task.opportunity = Opportunity.objects.get(pk=values["opportunity"])
    policy.require(context.actor, "opportunities.task", lock(task.opportunity))
    set_values(task, _only(values, ("title", "result")), allowed=("title", "result"))
    if "author" in values or is_new:
        task.owner = _author(context, values)
    task.due_on = values.get("due_on") or task.due_on
    if "done_on" in values:
        done = values["done_on"]
        task.done_at, task.done_by = (_moment(context, done), task.owner) if done else (None, None)
    if is_new and values.get("added_on"):
        task.added_at, task.added_by = _moment(context, values["added_on"]), task.owner
    task.version += 1
    task.save()
    data = {"task": task.title, "owner": str(task.owner), "due_on": task.due_on.isoformat(), "note": task.title}
    chain = task.opportunity.ref
    record(TaskImported(subject=Ref.of(task), chain=chain, data=data), actor=context.actor, at=context.now)
    return task


def _subject_of(comment: Comment) -> Customer | Opportunity:
    """Return what a note that came in hangs on: a deal, else a customer."""
    if comment.subject_kind == Opportunity.kind:
        return Opportunity.objects.select_related("owner").get(ref=comment.subject_ref)
    return Customer.objects.select_related("owner").get(ref=comment.subject_ref)


def _contact(values: Values) -> Contact | None:
    key = values.get("contact")
    return Contact.objects.select_related("customer").get(pk=key) if key else None


def _deal_of(values: Values, held: Call | Visit | None) -> Opportunity | None:
    return held.opportunity if held is not None and "opportunity" not in values else _deal(values)


def _only(values: Values, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _author(context: Context, values: Values, held: User | None = None) -> User:
    key = values.get("author")
    return User.objects.get_queryset().get(pk=key) if key else held or context.owner


def _deal(values: Values) -> Opportunity | None:
    key = values.get("opportunity")
    return Opportunity.objects.select_related("customer", "owner").get(pk=key) if key else None


def _moment(context: Context, said: date | datetime) -> datetime:
    """Return a moment of the file as one where the company sits; a day alone is its noon."""
    zone = ZoneInfo(context.zone)
    if isinstance(said, datetime):
        return said if said.tzinfo is not None else said.replace(tzinfo=zone)
    return datetime.combine(said, NOON, zone)


def _future(context: Context, values: Values, name: str) -> dict[str, object]:
    said = values.get(name)
    if said and local_day(_moment(context, said), context.zone) > local_day(context.now, context.zone):
        return {name: _("This lies in the future.")}
    return {}


@contextmanager
def _also_refusing(faults: dict[str, object]) -> Iterator[None]:
    """Name faults together with those found inside."""
    try:
        yield
    except Invalid as refusal:
        raise Invalid(refusal.message, fields={**faults, **refusal.fields}) from refusal
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)


def _unfit(name: str, reason: str) -> Invalid:
    return Invalid(reason, fields={name: reason})
