"""The days of the calendar page: a month of whole weeks, a week, or a list of the days on which something stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from duobiao.integrations.queries.agenda import Entry, Wanted, agenda
from duobiao.kernel.days import next_month
from duobiao.kernel.workdays import is_day_off, is_made_up, is_provisional

IN_A_CELL = 4
LISTED_DAYS = 30
WEEK = timedelta(days=7)


class View(StrEnum):
    """How the calendar is looked at."""

    MONTH = "month"
    WEEK = "week"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Day:
    """One day.

    Attributes:
        outside: It fills the first or last week of a month.
        off: A public holiday; ``made_up``: people work on a weekend in exchange.
        more: Entries beyond those in ``entries``.
    """

    on: date
    entries: Sequence[Entry]
    more: int
    today: bool
    outside: bool
    off: bool
    made_up: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What is looked at.

    Attributes:
        begin, end: First and last day shown.
        before, after: A day of the page before and after.
        provisional: Years whose holidays are not published yet.
    """

    view: View
    begin: date
    end: date
    before: date
    after: date
    weeks: Sequence[Sequence[Day]]
    provisional: Sequence[int]

    @property
    def days(self) -> list[Day]:
        """All days, one after another."""
        return [day for week in self.weeks for day in week]


def span(view: View, on: date) -> tuple[date, date]:
    """Return the first and last day of the page that shows a day."""
    monday = on - timedelta(days=on.weekday())
    if view is View.WEEK:
        return monday, monday + WEEK - timedelta(days=1)
    if view is View.LIST:
        return on, on + timedelta(days=LISTED_DAYS - 1)
    first = on.replace(day=1)
    last = next_month(first) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def calendar_page(view: View, on: date, wanted: Wanted) -> Page:
    """Return a page of the calendar.

    Args:
        on: A day of it.
        wanted: Whose entries; from the first to the last day of ``span``.
    """
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for row in agenda(wanted):
        by_day[row.day].append(row)
    days = [wanted.begin + timedelta(days=number) for number in range((wanted.end - wanted.begin).days + 1)]
    shown = [_day(day, by_day, view, on, wanted.today) for day in days]
    if view is View.LIST:
        shown = [day for day in shown if day.entries]
    before, after = _neighbours(view, on)
    return Page(
        view,
        wanted.begin,
        wanted.end,
        before,
        after,
        [shown[start : start + 7] for start in range(0, len(shown), 7)],
        sorted({day.year for day in days if is_provisional(day)}),
    )


def _day(day: date, by_day: Mapping[date, Sequence[Entry]], view: View, on: date, today: date) -> Day:
    rows = by_day.get(day, ())
    most = IN_A_CELL if view is View.MONTH else len(rows)
    return Day(
        day,
        rows[:most],
        max(0, len(rows) - most),
        day == today,
        view is View.MONTH and day.month != on.month,
        is_day_off(day),
        is_made_up(day),
    )


def _neighbours(view: View, on: date) -> tuple[date, date]:
    if view is View.MONTH:
        first = on.replace(day=1)
        return (first - timedelta(days=1)).replace(day=1), next_month(first)
    step = WEEK if view is View.WEEK else timedelta(days=LISTED_DAYS)
    return on - step, on + step
