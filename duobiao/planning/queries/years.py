"""The picture of a plan's year: the customer's budget cycle above, milestones, reviews and signatures below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dates import MONTHS_3

from duobiao.opportunities.models import Opportunity
from duobiao.planning.domain.plans import (
    HEAD,
    MONTH_WIDTH,
    MONTHS,
    ROW_HEIGHT,
    YEAR_LEFT,
    Bar,
    bars_of,
    lanes,
    phase_at,
    place_of,
)
from duobiao.planning.models import BudgetPhase, DateKind
from duobiao.planning.queries.plans import DateLine
from duobiao.web.formats import day

SPAN = 142
"""How much room a mark takes with its words, so that those of one line do not run into each other."""
HALF = 10
WORDS = 9
"""Characters of a mark's words in the picture; the table holds them whole."""


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """What the customer does, in which months; the row begins ``y`` below the top."""

    title: str
    bars: tuple[Bar, ...]
    y: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day; ``tone`` ok done, bad late, ours to come, buyer a signature.

    Attributes:
        leftward: Its words stand left of it, because the year ends to its right.
    """

    title: str
    short: str
    when: str
    x: float
    y: int
    shape: str
    tone: str
    leftward: bool


@dataclass(frozen=True, slots=True)
class Year:
    """A drawn year.

    Attributes:
        today: Where today lies; None in another year.
        now: What the customer does with its budget this month, in words.
    """

    width: int
    height: int
    left: int
    month: int
    months: tuple[tuple[float, int, str], ...]
    phases: tuple[PhaseRow, ...]
    marks: tuple[Mark, ...]
    today: float | None
    now: tuple[str, ...]
    split: int


def year_of(
    year: int, phases: Sequence[BudgetPhase], dates: Sequence[DateLine], deals: Sequence[Opportunity], *, on: date
) -> Year:
    """Lay out a year.

    Args:
        phases: The budget cycle of the customer, in the order of the year.
    """
    rows = tuple(
        PhaseRow(str(row.get_phase_display()), bars_of(row.first_month, row.last_month), HEAD + n * ROW_HEIGHT)
        for n, row in enumerate(phases)
    )
    split = HEAD + len(rows) * ROW_HEIGHT
    marks = _marks(year, dates, deals, split)
    height = max((mark.y for mark in marks), default=split) + ROW_HEIGHT
    held = [(row.phase, row.first_month, row.last_month) for row in phases]
    names = {row.phase: str(row.get_phase_display()) for row in phases}
    return Year(
        width=YEAR_LEFT + MONTHS * MONTH_WIDTH,
        height=height,
        left=YEAR_LEFT,
        month=MONTH_WIDTH,
        months=tuple(
            (YEAR_LEFT + (n - 1) * MONTH_WIDTH, n, str(MONTHS_3[n]).capitalize()) for n in range(1, MONTHS + 1)
        ),
        phases=rows,
        marks=marks,
        today=place_of(on) if on.year == year else None,
        now=tuple(names[key] for key in phase_at(held, on.month)) if on.year == year else (),
        split=split,
    )


def _marks(year: int, dates: Sequence[DateLine], deals: Sequence[Opportunity], split: int) -> tuple[Mark, ...]:
    found = [
        (line.row.due_on, line.row.title, "diamond" if line.row.what == DateKind.MILESTONE else "circle", _tone(line))
        for line in dates
        if line.row.due_on.year == year
    ]
    found += [
        (deal.expected_close_on, deal.name, "square", "buyer")
        for deal in deals
        if deal.is_open and deal.expected_close_on is not None and deal.expected_close_on.year == year
    ]
    found.sort(key=lambda row: (row[0], row[1]))
    places = [place_of(when) for when, _title, _shape, _tone in found]
    rows = lanes([_span(x) for x in places])
    return tuple(
        Mark(title, _short(title), day(when), x, split + ROW_HEIGHT // 2 + lane * ROW_HEIGHT, shape, tone, _leftward(x))
        for (when, title, shape, tone), x, lane in zip(found, places, rows, strict=True)
    )


def _leftward(x: float) -> bool:
    return x + SPAN > YEAR_LEFT + MONTHS * MONTH_WIDTH


def _span(x: float) -> tuple[float, float]:
    return (x - SPAN, x + HALF) if _leftward(x) else (x - HALF, x + SPAN)


def _tone(line: DateLine) -> str:
    if not line.row.is_open:
        return "ok"
    return "bad" if line.late else "ours"


def _short(title: str) -> str:
    return title if len(title) <= WORDS else f"{title[: WORDS - 1]}…"
