"""What stands in a calendar: visits, reviews, tasks, dates of deals, account plans, admissions; a few queries for any number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.queries.admissions import admissions_ending
from duobiao.engagement.models import Visit, VisitStatus
from duobiao.identity.models import User
from duobiao.kernel.days import end_of_day, start_of_day
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import DealTask, Opportunity, TeamMember
from duobiao.planning.queries.plans import dates_between
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.gates import gate_title

MOST = 500
"""Entries of one kind at most; a month of a large team stays below it."""


class Kind(StrEnum):
    """What an entry is about."""

    VISIT = "visit"
    REVIEW = "review"
    TASK = "task"
    CLOSE = "close"
    DEADLINE = "deadline"
    PLAN = "plan"
    ADMISSION = "admission"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a day.

    Attributes:
        ref: Of the record; with ``kind`` it names the entry for ever.
        at: Moment in the reader's zone; None: the whole day.
        about: Deal, else customer.
        state: ``planned``, ``held``, ``cancelled`` or ``late``.
        movable: The reader may give the visit another day.
        since: When the record was made; its last change is looked up where it matters.
    """

    kind: Kind
    ref: str
    title: str
    day: date
    at: datetime | None
    about: str
    url: str
    who: str
    state: str
    since: datetime
    version: int
    place: str = ""
    movable: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries.

    Attributes:
        begin, end: First and last day in ``zone``.
        team: Everything in the reader's sight, not only what is their own.
        deal: Only what belongs to it; then everything on it.
    """

    user: User
    begin: date
    end: date
    zone: str
    today: date
    team: bool = False
    deal: Opportunity | None = None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """First moment of the first day, and first moment after the last."""
        return start_of_day(self.begin, self.zone), end_of_day(self.end, self.zone)

    @property
    def own(self) -> bool:
        """Whether only the reader's own entries are wanted."""
        return not self.team and self.deal is None


def agenda(wanted: Wanted) -> list[Entry]:
    """Return the entries of some days: in the order of days, whole days first; eight queries."""
    kinds = (_visits, _reviews, _tasks, _deal_dates, _plan_dates, _admission_dates)
    found = [row for entries in kinds for row in entries(wanted)]
    return sorted(found, key=lambda row: (row.day, row.at is not None, row.at or row.since, row.kind, row.ref))


def _visits(wanted: Wanted) -> Iterator[Entry]:
    first, last = wanted.moments
    planned = Q(held_on=None, planned_at__gte=first, planned_at__lt=last)
    held_then = Q(held_on__gte=wanted.begin, held_on__lte=wanted.end)
    rows = Visit.objects.visible_to(wanted.user).filter(planned | held_then)
    if wanted.deal is not None:
        rows = rows.filter(opportunity=wanted.deal)
    elif wanted.own:
        invited = Visit.objects.filter(our_people=wanted.user).values("pk")
        rows = rows.filter(Q(host=wanted.user) | Q(pk__in=invited))
    held = list(rows.select_related("customer", "opportunity", "host").order_by("planned_at", "pk")[:MOST])
    movable = _movable(held, wanted.user)
    for visit in held:
        at = visit.planned_at.astimezone(ZoneInfo(wanted.zone))
        day = visit.held_on or at.date()
        yield Entry(
            kind=Kind.VISIT,
            ref=visit.ref,
            title=visit.topic or _("Visit to %(name)s") % {"name": visit.customer.label},
            day=day,
            at=at if day == at.date() else None,
            about=visit.opportunity.name if visit.opportunity else visit.customer.label,
            url=f"/visits/{visit.ref}/",
            who=visit.host.name,
            state=_visit_state(visit, day < wanted.today),
            since=visit.created_at,
            version=visit.version,
            place=visit.place,
            movable=visit.pk in movable,
        )


def _visit_state(visit: Visit, past: bool) -> str:
    if visit.status is VisitStatus.PLANNED:
        return "late" if past else "planned"
    return "held" if visit.status is VisitStatus.HELD else "cancelled"


def _movable(visits: Iterable[Visit], user: User) -> set[int]:
    """Return the planned visits that a person may move, by their keys; one query."""
    planned = [visit for visit in visits if visit.status is VisitStatus.PLANNED]
    deals = {visit.opportunity_id for visit in planned if visit.opportunity_id is not None}
    reach = Opportunity.objects.within(user, "engagement.plan_visit").filter(pk__in=deals)
    allowed = set(reach.values_list("pk", flat=True)) if deals else set()
    return {
        visit.pk
        for visit in planned
        if visit.opportunity_id in allowed or (visit.opportunity_id is None and visit.host_id == user.pk)
    }


def _reviews(wanted: Wanted) -> Iterator[Entry]:
    rows = GateReview.objects.visible_to(wanted.user).upcoming()
    rows = rows.filter(planned_on__gte=wanted.begin, planned_on__lte=wanted.end)
    if wanted.deal is not None:
        rows = rows.filter(opportunity=wanted.deal)
    elif wanted.own:
        part = Q(planned_by=wanted.user) | Q(opportunity__owner=wanted.user)
        rows = rows.filter(part | Q(pk__in=GateReview.objects.filter(attendees__user=wanted.user).values("pk")))
    for review in rows.select_related("opportunity", "planned_by").order_by("planned_on", "pk")[:MOST]:
        yield Entry(
            kind=Kind.REVIEW,
            ref=review.ref,
            title=gate_title(review.gate),
            day=review.planned_on,
            at=None,
            about=review.opportunity.name,
            url=f"/gate-reviews/{review.ref}/",
            who=review.planned_by.name,
            state="late" if review.planned_on < wanted.today else "planned",
            since=review.planned_at,
            version=review.version,
        )


def _tasks(wanted: Wanted) -> Iterator[Entry]:
    rows = DealTask.objects.filter(done_at=None, due_on__gte=wanted.begin, due_on__lte=wanted.end)
    if wanted.deal is not None:
        rows = rows.filter(opportunity=wanted.deal)
    elif wanted.own:
        rows = rows.filter(owner=wanted.user)
    else:
        rows = rows.filter(opportunity__in=Opportunity.objects.visible_to(wanted.user).values("pk"))
    for task in rows.select_related("opportunity", "owner").order_by("due_on", "pk")[:MOST]:
        yield Entry(
            kind=Kind.TASK,
            ref=task.ref,
            title=task.title,
            day=task.due_on,
            at=None,
            about=task.opportunity.name,
            url=deal_url(task.opportunity.ref),
            who=task.owner.name,
            state="late" if task.due_on < wanted.today else "planned",
            since=task.added_at,
            version=task.version,
        )


def _deal_dates(wanted: Wanted) -> Iterator[Entry]:
    first, last = wanted.moments
    signing = Q(expected_close_on__gte=wanted.begin, expected_close_on__lte=wanted.end)
    rows = _deals(wanted).filter(signing | Q(bid_deadline_at__gte=first, bid_deadline_at__lt=last))
    for deal in rows.select_related("owner").order_by("expected_close_on", "pk")[:MOST]:
        closing, deadline = deal.expected_close_on, deal.bid_deadline_at
        if closing is not None and wanted.begin <= closing <= wanted.end:
            yield _deal_entry(deal, Kind.CLOSE, _("Signature expected"), day=closing, today=wanted.today)
        if deadline is not None and first <= deadline < last:
            at = deadline.astimezone(ZoneInfo(wanted.zone))
            yield _deal_entry(deal, Kind.DEADLINE, _("Bid deadline"), day=at.date(), today=wanted.today, at=at)


def _plan_dates(wanted: Wanted) -> Iterator[Entry]:
    """Yield the milestones and reviews of account plans; they belong to a customer, so to no single deal."""
    if wanted.deal is not None:
        return
    for row in dates_between(wanted.user, wanted.begin, wanted.end, own=wanted.own)[:MOST]:
        yield Entry(
            kind=Kind.PLAN,
            ref=row.ref,
            title=row.title,
            day=row.due_on,
            at=None,
            about=row.plan.customer.label,
            url=f"/account-plans/{row.plan.ref}/",
            who=row.owner.name,
            state="late" if row.due_on < wanted.today else "planned",
            since=row.created_at,
            version=row.version,
        )


def _admission_dates(wanted: Wanted) -> Iterator[Entry]:
    """Yield the last days of supplier admissions; they belong to a customer, so to no single deal."""
    if wanted.deal is not None:
        return
    for row in admissions_ending(wanted.user, wanted.begin, wanted.end, own=wanted.own)[:MOST]:
        if row.valid_until is not None:
            yield Entry(
                kind=Kind.ADMISSION,
                ref=row.ref,
                title=_("%(name)s ends") % {"name": row.name},
                day=row.valid_until,
                at=None,
                about=row.customer.label,
                url=f"/admissions/{row.ref}/",
                who=row.responsible.name,
                state="late" if row.valid_until < wanted.today else "planned",
                since=row.created_at,
                version=row.version,
            )


def _deals(wanted: Wanted) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.visible_to(wanted.user).open()
    if wanted.deal is not None:
        return rows.filter(pk=wanted.deal.pk)
    if wanted.own:
        team = TeamMember.objects.filter(user=wanted.user).values("opportunity_id")
        return rows.filter(Q(owner=wanted.user) | Q(pk__in=team))
    return rows


def _deal_entry(
    deal: Opportunity, kind: Kind, title: str, *, day: date, today: date, at: datetime | None = None
) -> Entry:
    return Entry(
        kind=kind,
        ref=deal.ref,
        title=title,
        day=day,
        at=at,
        about=deal.name,
        url=deal_url(deal.ref),
        who=deal.owner.name,
        state="late" if day < today else "planned",
        since=deal.created_at,
        version=deal.version,
    )
