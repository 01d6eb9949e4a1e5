"""Weekly reports: drafted from the timeline, and as they were sent."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.engagement.models import CallListEntry, Visit, WeeklyReport
from duobiao.identity.models import User
from duobiao.kernel.days import start_of_day
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.models import Entry
from duobiao.timeline.queries import TimelineRow, timeline_rows
from duobiao.web import formats

WEEK = timedelta(days=7)
MOST_ENTRIES = 300
MOST_LINES = 80
TOLD = (
    "engagement.call_logged",
    "engagement.visit_planned",
    "engagement.visit_recorded",
    "engagement.draft_submitted",
    "engagement.draft_answered",
    "engagement.process_recorded",
    "engagement.lead_called",
    "prospecting.lead_converted",
    "opportunities.opportunity_created",
    "opportunities.opportunity_closed",
    "opportunities.stage_changed",
    "opportunities.proof_confirmed",
    "opportunities.task_finished",
)
"""Events that a manager wants to read of, by name."""


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def drafted(person: User, *, week_on: date, zone: str) -> tuple[str, str]:
    """Return what the timeline says a person did in a week, and what stands in the calendar of the next.

    Seven queries for any number of entries.
    """
    begin = start_of_day(week_on, zone)
    end = start_of_day(week_on + WEEK, zone)
    rows = Entry.objects.filter(actor=person, at__gte=begin, at__lt=end, event__in=TOLD)
    told = timeline_rows(rows.order_by("at", "sequence", "pk")[:MOST_ENTRIES])
    return _done(told), _plans(person, begin=end, week_on=week_on + WEEK, zone=zone)


def _done(told: list[TimelineRow]) -> str:
    names = dict(Opportunity.objects.filter(ref__in={row.chain for row in told}).values_list("ref", "name"))
    grouped: dict[str, list[str]] = {}
    for row in told:
        line = " · ".join(filter(None, [formats.day(row.at), row.title, row.detail]))
        lines = grouped.setdefault(names.get(row.chain, ""), [])
        if line not in lines:
            lines.append(line)
    named = [(name, lines) for name, lines in grouped.items() if name]
    others = [(_("Without a project"), grouped[""])] if "" in grouped else []
    return _written([*named, *others])


def _written(groups: Iterable[tuple[str, list[str]]]) -> str:
    lines: list[str] = []
    for name, held in groups:
        lines += [name, *(f"- {line}" for line in held), ""]
    return "\n".join(lines[:MOST_LINES]).strip()


def _plans(person: User, *, begin: object, week_on: date, zone: str) -> str:
    end = start_of_day(week_on + WEEK, zone)
    visits = Visit.objects.visible_to(person).planned().filter(host=person, planned_at__gte=begin, planned_at__lt=end)
    lines = [
        f"- {formats.weekday(visit.planned_at)} {formats.time(visit.planned_at)} {visit.customer.label} {visit.topic}"
        for visit in visits.select_related("customer").order_by("planned_at", "pk")
    ]
    backs = (
        CallListEntry.objects.visible_to(person)
        .may_be_called()
        .filter(list__owner=person, call_back_at__gte=begin, call_back_at__lt=end)
    )
    lines += [
        "- "
        + _("%(day)s call back %(name)s (%(company)s)")
        % {"day": formats.weekday(entry.call_back_at), "name": entry.name, "company": entry.company}
        for entry in backs.select_related("contact", "customer", "lead").order_by("call_back_at", "pk")
    ]
    return "\n".join(lines)


def reports_seen(user: User) -> QuerySet[WeeklyReport]:
    """Return the reports a person may see, the latest week first."""
    rows = WeeklyReport.objects.visible_to(user).select_related("person").distinct()
    return rows.order_by("-week_on", "person__name", "pk")


def report_of(person: User, week_on: date) -> WeeklyReport | None:
    """Return the report of a person for a week, if there is one."""
    return WeeklyReport.objects.filter(person=person, week_on=week_on).first()


def get_report(*, ref: str, user: User) -> WeeklyReport:
    """Return a report the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    found = WeeklyReport.objects.visible_to(user).select_related("person").filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such report, or you may not see it."))
    return found
