"""Call to mind what is due: people who asked to be called now, visits of the next day."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.events.calls import CallBackDue
from duobiao.engagement.events.visits import VisitDue
from duobiao.engagement.models import CallListEntry, Visit
from duobiao.timeline.actions.notify import Line, notify_many

AHEAD: Final = timedelta(hours=24)
MOST: Final = 1000


@transaction.atomic
def remind_of_call_backs(*, now: datetime) -> int:
    """Tell who calls, once, that somebody asked to be called by now; return how many."""
    rows = CallListEntry.objects.may_be_called().filter(
        list__closed_at__isnull=True, list__owner__is_active=True, call_back_at__lte=now, reminded_at__isnull=True
    )
    due = list(rows.select_related("list__owner", "contact", "customer", "lead").order_by("call_back_at", "pk")[:MOST])
    lines = [
        Line(
            entry.list.owner,
            CallBackDue.name,
            f"/calls/lists/{entry.list.ref}/work/?entry={entry.ref}",
            {
                "name": entry.name,
                "company": entry.company,
                "at": entry.call_back_at.isoformat() if entry.call_back_at else "",
            },
        )
        for entry in due
    ]
    notify_many(lines, at=now)
    CallListEntry.objects.filter(pk__in=[entry.pk for entry in due]).update(reminded_at=now)
    return len(due)


@transaction.atomic
def remind_of_visits(*, now: datetime) -> int:
    """Tell everybody of ours, once, of a visit within a day; return how many visits."""
    rows = Visit.objects.planned().filter(planned_at__gt=now, planned_at__lte=now + AHEAD, reminded_at__isnull=True)
    due = list(rows.select_related("customer", "opportunity", "host").prefetch_related("our_people")[:MOST])
    lines = []
    for visit in due:
        people = {user.pk: user for user in (visit.host, *visit.our_people.all()) if user.is_active}
        data = {"customer": visit.customer.label, "at": visit.planned_at.isoformat(), "topic": visit.topic}
        data["deal"] = chain_of(visit)
        lines += [Line(user, VisitDue.name, f"/visits/{visit.ref}/", data) for user in people.values()]
    notify_many(lines, at=now)
    Visit.objects.filter(pk__in=[visit.pk for visit in due]).update(reminded_at=now)
    return len(due)
