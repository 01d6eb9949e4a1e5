"""Review meetings: which deals, what changed on each, what was noted and decided."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, When

from duobiao.identity.models import Unit, User
from duobiao.identity.policy import subtree_ids
from duobiao.opportunities.models import Opportunity, Risk
from duobiao.opportunities.queries.tasks import TaskLine, tasks_from
from duobiao.strategy.models import MeetingDeal, ReviewMeeting
from duobiao.strategy.queries.changes import Change, ChangeLine, change_lines, changes_since

MOST_DEALS = 80
USUAL = timedelta(days=14)
SHOWN = 50
WORST_FIRST = Case(When(risk=Risk.RED, then=0), When(risk=Risk.AMBER, then=1), default=2)
STANDING = ("stage", "rate_percent", "buyer_stage", "risk", "amount_minor", "currency", "outcome")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands, or stood when the meeting ended."""

    stage: int
    rate_percent: int
    buyer_stage: int
    risk: str
    amount_minor: int | None
    currency: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReviewedDeal:
    """One deal of a meeting as its reader may see it.

    Attributes:
        tasks: What was decided here.
    """

    row: MeetingDeal
    deal: Opportunity
    standing: Standing
    changes: list[ChangeLine]
    tasks: list[TaskLine]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The deals of a meeting that its reader may see, in their order; ``hidden`` how many they may not see."""

    meeting: ReviewMeeting
    deals: list[ReviewedDeal]
    hidden: int

    @property
    def noted(self) -> int:
        """How many were talked about."""
        return sum(bool(one.row.noted_at) for one in self.deals)


def deals_to_review(actor: User, *, unit: Unit | None, person: User | None) -> list[Opportunity]:
    """Return the open deals of a unit or a seller that a person may see: the riskiest first, then the largest."""
    rows = Opportunity.objects.visible_to(actor).open()
    if unit is not None:
        rows = rows.filter(owner__unit__in=subtree_ids(unit.pk))
    if person is not None:
        rows = rows.filter(owner=person)
    ordered = rows.select_related("owner").order_by(WORST_FIRST, F("amount_minor").desc(nulls_last=True), "pk")
    return list(ordered[:MOST_DEALS])


def reviewed_before(deals: Sequence[Opportunity], *, now: datetime) -> dict[int, datetime]:
    """Return when each deal was last in a meeting that ended; else two weeks ago; one query."""
    rows = MeetingDeal.objects.filter(opportunity__in=deals, meeting__ended_at__isnull=False)
    last = dict(rows.order_by().values_list("opportunity_id").annotate(at=Max("meeting__opened_at")))
    return {deal.pk: last.get(deal.pk) or now - USUAL for deal in deals}


def past_meetings(user: User) -> QuerySet[ReviewMeeting]:
    """Return the meetings a person may see, the newest first, with how many deals and notes; at most 50."""
    rows = ReviewMeeting.objects.visible_to(user).select_related("led_by", "unit", "person")
    counted = rows.annotate(
        deal_count=Count("deals"), noted_count=Count("deals", filter=Q(deals__noted_at__isnull=False))
    )
    return counted.order_by("-opened_at", "-pk")[:SHOWN]


def agenda_of(meeting: ReviewMeeting, reader: User, *, on: date) -> Agenda:
    """Return the deals of a meeting; eight queries for any number of them, three for one that ended."""
    rows = list(
        meeting.deals.filter(opportunity__in=Opportunity.objects.visible_to(reader).values("pk"))
        .select_related("opportunity__owner", "opportunity__customer", "noted_by")
        .order_by("place")
    )
    tasks: dict[int, list[TaskLine]] = defaultdict(list)
    for line in tasks_from(meeting.ref, reader, on=on):
        tasks[line.task.opportunity_id].append(line)
    live = live_changes(rows) if meeting.is_open else {}
    deals = [_reviewed(row, live.get(row.opportunity_id), tasks[row.opportunity_id]) for row in rows]
    return Agenda(meeting, deals, meeting.deals.count() - len(rows))


def live_changes(rows: Sequence[MeetingDeal]) -> dict[int, list[Change]]:
    """Return what changed on the deals of an open meeting."""
    since = {row.opportunity_id: row.since for row in rows}
    return changes_since(since, [row.opportunity for row in rows])


def standing_of(deal: Opportunity) -> dict[str, Any]:
    """Return where a deal stands, as minutes keep it."""
    return {name: getattr(deal, "stage_number" if name == "stage" else name) for name in STANDING}


def _reviewed(row: MeetingDeal, changes: list[Change] | None, tasks: list[TaskLine]) -> ReviewedDeal:
    held: Mapping[str, Any] = row.snapshot.get("standing") or standing_of(row.opportunity)
    shown = changes if changes is not None else row.snapshot.get("changes", [])
    standing = Standing(**{name: held[name] for name in STANDING})
    return ReviewedDeal(row, row.opportunity, standing, change_lines(shown), tasks)
