"""Put a task against a rival: to break a barrier, or to close a gap."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import take
from duobiao.competition.events import CounterPlanned
from duobiao.competition.models import Barrier, CounterAction, DealRival
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.add_task import add_task
from duobiao.timeline.actions.record import record


@transaction.atomic
def plan_counter(
    *,
    row: DealRival,
    title: str,
    owner: User,
    due_on: date,
    actor: User,
    now: datetime,
    barrier: Barrier | None = None,
) -> CounterAction:
    """Plan an answer to a rival as a task of the deal.

    Args:
        barrier: The barrier it is to break.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take`` and ``add_task``.
        Invalid: a field does not fit, or the barrier is not one of this rival.
    """
    deal = take(row.opportunity, actor=actor).opportunity
    if barrier is not None and (barrier.deal_rival_id != row.pk or barrier.removed_at is not None):
        message = _("Choose a barrier of this rival.")
        raise Invalid(message, fields={"barrier": message})
    task = add_task(opportunity=deal, title=title, owner=owner, due_on=due_on, actor=actor, now=now, source=Ref.of(row))
    made = CounterAction.objects.create(deal_rival=row, barrier=barrier, task=task)
    data = {"rival": row.rival.name, "text": task.title, "barrier": barrier.ref if barrier is not None else ""}
    record(CounterPlanned(subject=Ref.of(row), chain=deal.ref, data=data), actor=actor, at=now)
    return made
