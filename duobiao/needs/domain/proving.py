"""What the needs of a deal show as evidence, by key of the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duobiao.needs.domain.priorities import Fit, Priority, Ranked, must_haves
from duobiao.needs.domain.steps import verified

PROBLEM = "needs.problem_recorded"
GROWTH = "needs.growth_recorded"
ANALYSIS = "needs.analysis_completed"
REVIEWED = "needs.reviewed_with_customer"
COVERED = "needs.must_haves_covered"
FOUR_STEPS = "needs.four_steps_verified"


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A need as evidence sees it.

    Attributes:
        said_on: Day of the customer's words or figures; None while it is assumed.
        effect: What it does to the customer, in words or money.
        wanted_by: By when it is wanted, in words.
        forecast_years: How many years ahead its growth was told; None without.
        steps: Steps of verification done.
        sourced: It is known who said the words, or in which call or visit.
    """

    text: str
    words: str
    said_on: date | None
    effect: str
    wanted_by: str
    forecast: str
    forecast_years: int | None
    priority: Priority | None
    fit: Fit
    steps: int
    sourced: bool = True

    @property
    def is_assumed(self) -> bool:
        """Whether nothing of the customer's own stands behind it."""
        return not self.words or self.said_on is None or not self.sourced


def shows_problem(need: NeedFacts) -> bool:
    """Say whether need, effect and wanted date are recorded in the customer's words."""
    return not need.is_assumed and bool(need.effect) and bool(need.wanted_by)


def shows_growth(need: NeedFacts) -> bool:
    """Say whether growth of the next three to five years is told by the customer."""
    return not need.is_assumed and bool(need.forecast) and need.forecast_years is not None


def covers_must_haves(needs: Iterable[NeedFacts]) -> bool:
    """Say whether all P0 are met in full and all P1 met or substituted."""
    return must_haves(Ranked(row.priority, row.fit) for row in needs).covered


def went_through(needs: Iterable[NeedFacts]) -> bool:
    """Say whether every P0 and P1 went through all four steps."""
    return verified([row.steps for row in needs if row.priority in (Priority.P0, Priority.P1)])


def lacks_for_analysis(needs: Iterable[NeedFacts]) -> list[str]:
    """Return what keeps a requirement analysis from being complete: ``empty``, ``unranked``, ``assumed``."""
    rows = list(needs)
    lacking = []
    if not rows:
        lacking.append("empty")
    if any(row.priority is None for row in rows):
        lacking.append("unranked")
    if any(row.is_assumed and row.priority in (Priority.P0, Priority.P1) for row in rows):
        lacking.append("assumed")
    return lacking
