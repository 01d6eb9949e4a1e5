"""The funnel: open deals by stage, movement over a period, how deals ended; every figure leads to its deals."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.opportunities.models import Outcome
from duobiao.opportunities.queries.filters import ANY, period_of
from duobiao.opportunities.queries.funnel import FunnelStage, ends_within, funnel_stages, moves_within
from duobiao.opportunities.queries.pipeline import Sums, grouped, sums_of
from duobiao.opportunities.views.pipeline_frame import Frame, answer, head_of, open_frame, periods, with_parameters
from duobiao.web.components import Tab

BAR_WIDTH = 280
BAR_HEIGHT = 32
STEP = 44
LEAST_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One stage of the drawing; pixels of its own canvas.

    Attributes:
        slope: Corners of the ground towards the next bar.
    """

    stage: FunnelStage
    y: int
    x: float
    width: float
    slope: str
    url: str


@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    """Show the funnel and its table."""
    frame = open_frame(request, "funnel")
    head = head_of(frame)
    period = period_of(frame.filters, frame.today)
    open_rows = frame.visible(replace(frame.filters, outcome=Outcome.OPEN))
    past = frame.visible(frame.filters.descriptive())
    by_amount = request.GET.get("by") == "amount"
    groups = grouped(open_rows)
    stages = funnel_stages(head.stages, groups, moves_within(past, period, stages=len(head.stages) - 1))
    context = {
        "stages": stages,
        "last": head.stages[-1].number if head.stages else 0,
        "bars": _bars(frame, stages, by_amount=by_amount),
        "canvas": (len(stages) * STEP - (STEP - BAR_HEIGHT), BAR_WIDTH, BAR_HEIGHT),
        "open_sums": sums_of(groups),
        "ends": ends_within(past, period, currency=frame.company.currency),
        "period": period,
        "periods": periods(frame, by="amount" if by_amount else ""),
        "measures": _measures(frame, by_amount=by_amount),
        "by_amount": by_amount,
        "any": ANY,
    }
    return answer(frame, "funnel", head, context)


def _bars(frame: Frame, stages: list[FunnelStage], *, by_amount: bool) -> list[Bar]:
    """Lay the bars out, centred, as wide as their share of the widest."""
    sizes = [_size(frame, stage.now, by_amount=by_amount) for stage in stages]
    widest = max(sizes, default=0) or 1
    widths = [max(LEAST_WIDTH, round(BAR_WIDTH * size / widest, 1)) if size else LEAST_WIDTH for size in sizes]
    bars = []
    for index, (stage, width) in enumerate(zip(stages, widths, strict=True)):
        y = index * STEP
        following = widths[index + 1] if index + 1 < len(widths) else None
        bars.append(
            Bar(
                stage=stage,
                y=y,
                x=(BAR_WIDTH - width) / 2,
                width=width,
                slope=_slope(y, width, following),
                url=frame.link("list", stage=stage.name.number, outcome=Outcome.OPEN),
            )
        )
    return bars


def _slope(y: int, width: float, following: float | None) -> str:
    if following is None:
        return ""
    top, bottom, middle = y + BAR_HEIGHT, y + STEP, BAR_WIDTH / 2
    corners = ((-width, top), (width, top), (following, bottom), (-following, bottom))
    return " ".join(f"{middle + half / 2:g},{level}" for half, level in corners)


def _size(frame: Frame, now: Sums, *, by_amount: bool) -> int:
    return now.amount(frame.company.currency) if by_amount else now.count


def _measures(frame: Frame, *, by_amount: bool) -> list[Tab]:
    return [
        Tab(_("by number"), frame.link("funnel"), current=not by_amount),
        Tab(_("by amount"), with_parameters(frame.link("funnel"), by="amount"), current=by_amount),
    ]
