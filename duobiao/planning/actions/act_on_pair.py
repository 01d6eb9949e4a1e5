"""Set two entries of a sheet against each other: what is done about it is a task of a deal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.add_task import add_task
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.sheets import sheet_for, take_subject, touch
from duobiao.planning.domain.sheets import About, Definition
from duobiao.planning.events import PairActed
from duobiao.planning.models import SheetAction, SheetEntry
from duobiao.planning.queries.sheets import SheetShown, sheet_shown
from duobiao.planning.queries.subjects import Subject
from duobiao.timeline.actions.record import record


@dataclass(frozen=True, slots=True)
class Todo:
    """What is to be done: for which deal, by whom, by when."""

    opportunity: Opportunity
    title: str
    owner: User
    due_on: date


@transaction.atomic
def act_on_pair(
    *,
    subject: Subject,
    definition: Definition,
    pair: str,
    inner: SheetEntry,
    outer: SheetEntry,
    todo: Todo,
    actor: User,
    now: datetime,
) -> SheetAction:
    """Put a task on a deal because of two entries; who is to do it is told.

    Args:
        pair: ``SO``, ``WO``, ``ST``, ``WT``.
        inner, outer: Entries that stand on the sheet, own or taken over.

    Raises:
        NotAllowed: the actor may not write this sheet, or not put tasks on the deal.
        DealClosed: the deal is closed.
        Invalid: the entries do not belong to the pair, or a field of the task does not fit.
    """
    held = take_subject(subject, actor)
    found = definition.pair_of(pair)
    if found is None:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(row.key for row in definition.pairs) or "–"}
        raise Invalid(message, fields={"pair": message})
    shown = sheet_shown(held, definition, actor, on=own_day(actor, now))
    _require_standing(shown, {"inner": (inner, found.inner), "outer": (outer, found.outer)})
    deal = todo.opportunity
    if deal.pk != held.record.pk if held.about is About.DEAL else deal.customer_id != held.record.pk:
        message = _("Choose a project of this customer.")
        raise Invalid(message, fields={"opportunity": message})
    sheet = sheet_for(held, definition, actor=actor, now=now)
    task = add_task(
        opportunity=deal,
        title=todo.title,
        owner=todo.owner,
        due_on=todo.due_on,
        source=Ref.of(sheet),
        actor=actor,
        now=now,
    )
    action = SheetAction.objects.create(sheet=sheet, pair=pair, inner=inner, outer=outer, task=task)
    touch(sheet, now)
    data = {
        "sheet": dict(definition.title),
        "definition": definition.key,
        "pair": pair,
        "task": task.title,
        "task_ref": task.ref,
        "inner": inner.text,
        "outer": outer.text,
    }
    record(PairActed(subject=held.source, data=data), actor=actor, at=now)
    return action


def _require_standing(shown: SheetShown, wanted: Mapping[str, tuple[SheetEntry, str]]) -> None:
    standing = {line.entry.pk: line.entry.section for line in shown.lines}
    faults = {
        name: _("Choose an entry that stands on this sheet.")
        for name, (entry, section) in wanted.items()
        if standing.get(entry.pk) != section
    }
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
