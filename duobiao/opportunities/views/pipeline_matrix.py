"""The portfolio: open deals by gap and amount, every dot a deal."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.kernel.money import Money
from duobiao.opportunities.models import LagVerdict, Outcome
from duobiao.opportunities.queries.matrix import BANDS, LAGS, Cell, Dot, matrix_of
from duobiao.opportunities.views.pipeline_figures import parts_of_figures
from duobiao.opportunities.views.pipeline_frame import Frame, answer, head_of, open_frame
from duobiao.web.formats import money

COLUMN, ROW = 112, 76
LEFT, TOP = 96, 28
DOTS_A_LINE, DOT = 6, 16
TONES = {
    LagVerdict.IN_SYNC: "sync",
    LagVerdict.AHEAD: "ahead",
    LagVerdict.CATCH_UP: "behind",
    LagVerdict.GIVE_UP_PROPOSED: "quit",
    LagVerdict.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class DrawnDot:
    """A deal in its place."""

    dot: Dot
    x: int
    y: int
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A cell in its place; ``hidden`` deals have no dot."""

    cell: Cell
    x: int
    y: int
    url: str
    dots: list[DrawnDot]

    @property
    def hidden(self) -> int:
        """How many deals the cell does not show."""
        return self.cell.count - len(self.dots)


@dataclass(frozen=True, slots=True)
class Line:
    """One band of amounts."""

    label: str
    cells: list[DrawnCell]
    count: int
    amount_minor: int


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the picture and its table."""
    frame = open_frame(request, "matrix")
    head = head_of(frame)
    rows = frame.visible(replace(frame.filters, outcome=Outcome.OPEN))
    found = matrix_of(rows, currency=frame.company.currency)
    lines = [line for index, cells in enumerate(found) if (line := _line(frame, index, cells))]
    context = {
        "lines": lines,
        "columns": [(LEFT + index * COLUMN + COLUMN // 2, label) for index, label in enumerate(_columns())],
        "canvas": (LEFT + (len(LAGS) + 1) * COLUMN, TOP + len(found) * ROW, LEFT, TOP, COLUMN, ROW),
        "largest": _largest(lines),
        "parts_of_figures": parts_of_figures(frame, "matrix"),
        "currency": frame.company.currency,
    }
    return answer(frame, "matrix", head, context)


def _columns() -> list[str]:
    labels = [_("%(n)s and less") % {"n": LAGS[0]}, *(f"{lag:+d}" if lag else "0" for lag in LAGS[1:-1])]
    return [*labels, _("+%(n)s and more") % {"n": LAGS[-1]}, _("unknown buyer")]


def _line(frame: Frame, index: int, cells: list[Cell]) -> Line:
    drawn = [_cell(frame, index, column, cell) for column, cell in enumerate(cells)]
    count, total = sum(cell.count for cell in cells), sum(cell.amount_minor for cell in cells)
    return Line(_band_words(cells[0].band, frame.company.currency), drawn, count, total)


def _cell(frame: Frame, row: int, column: int, cell: Cell) -> DrawnCell:
    x, y = LEFT + column * COLUMN, TOP + row * ROW
    filters: dict[str, Any] = {"outcome": Outcome.OPEN, "currency": frame.company.currency, **cell.filters}
    dots = [
        _dot(dot, x + 16 + number % DOTS_A_LINE * DOT, y + 18 + number // DOTS_A_LINE * DOT, frame.company.currency)
        for number, dot in enumerate(cell.dots)
    ]
    return DrawnCell(cell, x, y, frame.link("list", **filters), dots)


def _dot(dot: Dot, x: int, y: int, currency: str) -> DrawnDot:
    verdict = LagVerdict(dot.verdict)
    words = f"{dot.name} · {money(dot.amount_minor, currency)} · {dot.owner} · {verdict.label}"
    return DrawnDot(dot, x, y, TONES[verdict], words)


def _band_words(band: int | None, currency: str) -> str:
    if band is None:
        return _("no amount")
    if not band:
        return _("below %(amount)s") % {"amount": money(Money.of(BANDS[-2], currency))}
    return _("from %(amount)s") % {"amount": money(Money.of(band, currency))}


def _largest(lines: list[Line]) -> list[DrawnDot]:
    dots = [dot for line in lines for cell in line.cells for dot in cell.dots]
    return sorted(dots, key=lambda held: (-(held.dot.amount_minor or 0), held.dot.ref))[:15]
