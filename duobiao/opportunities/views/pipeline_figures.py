"""The figures of the pipeline: each stands beside its definition and leads to the deals it counts."""

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.opportunities.domain.figures import LEAST_SAMPLE
from duobiao.opportunities.models import Outcome
from duobiao.opportunities.queries.figures import Figures, Scope, StageFigures, figures_of, scope_of
from duobiao.opportunities.views.figures_book import figures_book
from duobiao.opportunities.views.pipeline_frame import Frame, answer, head_of, open_frame, periods
from duobiao.web.components import Tab
from duobiao.web.sheets import XLSX

BAR_WIDTH = 300
BAR_HEIGHT = 30
STEP = 42
LEAST_WIDTH = 3


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the list with exactly the deals behind a figure."""

    frame: Frame
    scope: Scope

    def now(self, **filters: Any) -> str:
        """Return the address of the open deals that also pass some filters."""
        return self.frame.link("list", **{"playbook": self.scope.filters.playbook, "outcome": Outcome.OPEN, **filters})

    def past(self, **filters: Any) -> str:
        """Return the address of deals whatever became of them, that also pass some filters."""
        return self.frame.history(playbook=self.scope.filters.playbook, **filters)

    def happened(self, what: str, **filters: Any) -> str:
        """Return the address of the deals to which something happened in the period."""
        days = {"since": self.scope.period.since, "until": self.scope.period.until}
        return self.past(happened=what, **{**days, **filters})


@dataclass(frozen=True, slots=True)
class Bar:
    """One stage of the drawing, in units of its own canvas.

    Attributes:
        width: Of the deals that entered; ``passed`` of those that went on.
    """

    stage: StageFigures
    y: int
    width: float
    passed: float


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures with their tables."""
    frame = open_frame(request, "figures")
    head = head_of(frame)
    scope = scope_of(frame.visible, frame.filters, frame.today)
    found = figures_of(frame.visible, scope, today=frame.today, currency=frame.company.currency)
    context = {
        "figures": found,
        "bars": _bars(found),
        "canvas": (max(1, len(found.stages)) * STEP - (STEP - BAR_HEIGHT), BAR_WIDTH, BAR_HEIGHT),
        **shared(frame, scope, current="figures"),
    }
    return answer(frame, "figures", head, context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with a workbook: a sheet for each table of the page."""
    frame = open_frame(request, "figures")
    policy.require(frame.actor, "opportunities.export")
    scope = scope_of(frame.visible, frame.filters, frame.today)
    found = figures_of(frame.visible, scope, today=frame.today, currency=frame.company.currency)
    name = f"duobiao-figures-{timezone.localdate(frame.now).isoformat()}.xlsx"
    return FileResponse(figures_book(found), as_attachment=True, filename=name, content_type=XLSX)


def shared(frame: Frame, scope: Scope, *, current: str) -> dict[str, Any]:
    """Return what the pages of figures over a period have in common."""
    return {
        "scope": scope,
        "period": scope.period,
        "periods": periods(frame),
        "links": Links(frame, scope),
        "least": LEAST_SAMPLE,
        "parts_of_figures": parts_of_figures(frame, current),
    }


def parts_of_figures(frame: Frame, current: str) -> list[Tab]:
    """Return the pages of figures."""
    titles = {"figures": _("Figures"), "process": _("Process map"), "matrix": _("Gap and amount")}
    titles["calibration"] = _("Calibration")
    return [Tab(title, frame.link(key), current=key == current) for key, title in titles.items()]


def _bars(found: Figures) -> list[Bar]:
    """Lay the bars out, as wide as their share of the widest."""
    widest = max((line.moves.entered for line in found.stages), default=0) or 1
    return [
        Bar(
            stage=line,
            y=index * STEP,
            width=max(LEAST_WIDTH, round(BAR_WIDTH * line.moves.entered / widest, 1)),
            passed=round(BAR_WIDTH * line.moves.passed / widest, 1),
        )
        for index, line in enumerate(found.stages)
    ]
