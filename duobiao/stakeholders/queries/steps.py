"""The days on which a chain changed: steps of its replay."""

from dataclasses import dataclass
from datetime import date

from django.db.models.functions import TruncDate

from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.models import DealPerson, InfluenceLink, Observation, PersonPast, RelationRecord


def days_of_change(deal: Opportunity) -> list[date]:
    """Return the days on which somebody joined, left or changed part, or of observations, relations, lines."""
    people = DealPerson.objects.filter(opportunity=deal)
    links = InfluenceLink.objects.filter(opportunity=deal)
    seen = Observation.objects.filter(person__opportunity=deal, retracted_at__isnull=True)
    rows = people.order_by().values_list("joined_on")
    parts = [
        people.filter(left_on__isnull=False).order_by().values_list("left_on"),
        people.filter(removed_at__isnull=False).order_by().annotate(day=TruncDate("removed_at")).values_list("day"),
        PersonPast.objects.filter(person__opportunity=deal).order_by().values_list("until"),
        RelationRecord.objects.filter(person__opportunity=deal, retracted_at__isnull=True)
        .order_by()
        .values_list("happened_on"),
        seen.order_by().values_list("observed_on"),
        links.order_by().values_list("since"),
        links.filter(until__isnull=False).order_by().values_list("until"),
    ]
    return sorted({day for (day,) in rows.union(*parts)})


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a day stands among the days of change.

    Attributes:
        earlier, later: The day of change before, and the next one after, at most today.
        place: How many changes had come by that day.
    """

    days: list[date]
    earlier: date | None
    later: date | None
    place: int


def steps_of(deal: Opportunity, on: date, today: date) -> Steps:
    """Return where a day stands among the days on which the chain of a deal changed; one query."""
    days = [day for day in days_of_change(deal) if day <= today]
    later = next((day for day in days if day > on), today if on < today else None)
    return Steps(days, max((day for day in days if day < on), default=None), later, sum(day <= on for day in days))
