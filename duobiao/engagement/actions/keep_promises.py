"""What we promised at a visit becomes tasks of its deal, so that no promise is forgotten."""

from datetime import datetime

from django.utils.text import Truncator

from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.models import Visit
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.workdays import add_workdays
from duobiao.opportunities.actions.add_task import LONGEST, put_task
from duobiao.opportunities.actions.finish_task import drop_tasks
from duobiao.opportunities.actions.lock import lock

PROMISED_WORKDAYS = 5
"""A promise is due so many working days after the visit, until somebody gives its task another day."""


def keep_promises(visit: Visit, *, reason: str, actor: User, now: datetime) -> None:
    """Make the tasks that a held visit led to those that it promises, one a line, all of its host.

    A promise that stands there already keeps its task, done or not; the open task of one that is gone is dropped.
    Visits without a deal lead to no tasks.

    Args:
        reason: Why tasks are dropped.
    """
    if visit.opportunity is None or visit.held_on is None:
        return
    deal = lock(visit.opportunity)
    source = Ref.of(visit)
    wanted = promised(visit.our_promises)
    drop_tasks(deal, source.ref, reason=reason, keep=wanted, actor=actor, now=now)
    standing = set(deal.tasks.filter(source_ref=source.ref, dropped=False).values_list("title", flat=True))
    due_on = max(add_workdays(visit.held_on, PROMISED_WORKDAYS), local_day(now, zone_for(actor)))
    for title in wanted:
        if title not in standing:
            put_task(deal, title=title, owner=visit.host, due_on=due_on, source=source, by=actor, actor=actor, now=now)


def promised(text: str) -> list[str]:
    """Return the promises in a text, one a line, each once, as the titles of tasks."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(Truncator(line).chars(LONGEST) for line in lines if line))
