"""The days on which a chain changed: steps of its replay."""

from datetime import date

from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.models import DealPerson, InfluenceLink, Observation


def days_of_change(deal: Opportunity) -> list[date]:
    """Return the days on which somebody joined or left, something was observed, a line began or ended; one query."""
    people = DealPerson.objects.filter(opportunity=deal)
    links = InfluenceLink.objects.filter(opportunity=deal)
    seen = Observation.objects.filter(person__opportunity=deal, retracted_at__isnull=True)
    rows = people.order_by().values_list("joined_on")
    parts = [
        people.filter(left_on__isnull=False).order_by().values_list("left_on"),
        seen.order_by().values_list("observed_on"),
        links.order_by().values_list("since"),
        links.filter(until__isnull=False).order_by().values_list("until"),
    ]
    return sorted({day for (day,) in rows.union(*parts)})


def around(days: list[date], on: date, today: date) -> tuple[date | None, date | None]:
    """Return the day of change before a day and the next one after it, at most today."""
    earlier = [day for day in days if day < on]
    later = [day for day in days if on < day <= today]
    following = later[0] if later else today if on < today else None
    return (earlier[-1] if earlier else None), following
