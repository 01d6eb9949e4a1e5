"""The list as CSV or XLSX: what the person may see, in the order and columns of the page; text stays text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.kernel.money import Money, minor_units
from duobiao.opportunities.actions.export_deals import export_deals
from duobiao.opportunities.models import GateMark, LagVerdict, OpportunityQuerySet, Outcome, PurchaseMethod, Risk, State
from duobiao.opportunities.queries.columns import read_sort, sortable
from duobiao.opportunities.queries.pipeline import ROW_FIELDS, Row
from duobiao.opportunities.queries.stages import playbook_title, stage_shorts
from duobiao.opportunities.views.pipeline_frame import Frame, open_frame
from duobiao.playbooks.queries import compiled_playbook
from duobiao.web.sheets import Cell, Sheet, table_response

CHUNK = 2000
Names = dict[int, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One column of the file."""

    head: str | Promise
    cell: Callable[[Row, Names], Cell]


def _amount(minor: int | None, currency: str) -> Cell:
    return None if minor is None else Money(minor, currency).amount.quantize(Decimal(1) / minor_units(currency))


def _mark(mark: str) -> str:
    return str(GateMark(mark).label) if mark else ""


def _stage(row: Row, names: Names) -> str:
    if row.state == State.TRANSIT:
        return _("to enter %(stage)s") % {"stage": names.get(row.stage_number + 1, row.stage_number + 1)}
    return names.get(row.stage_number, _("Not entered"))


ALWAYS = (
    Part(gettext_lazy("Number"), lambda row, _names: row.ref),
    Part(gettext_lazy("Project"), lambda row, _names: row.name),
    Part(gettext_lazy("Customer"), lambda row, _names: row.customer),
)
PARTS: dict[str, tuple[Part, ...]] = {
    "industry": (Part(gettext_lazy("Industry"), lambda row, _n: row.industry),),
    "amount": (
        Part(gettext_lazy("Amount"), lambda row, _n: _amount(row.amount_minor, row.currency)),
        Part(gettext_lazy("Currency"), lambda row, _n: row.currency),
    ),
    "tracks": (
        Part(gettext_lazy("Buyer's stage"), lambda row, _n: row.buyer_stage or None),
        Part(gettext_lazy("Our stage"), lambda row, _n: row.stage_number),
    ),
    "stage": (Part(gettext_lazy("Stage"), _stage),),
    "lag": (
        Part(gettext_lazy("Gap"), lambda row, _n: str(LagVerdict(row.lag_verdict).label) if row.is_open else ""),
        Part(gettext_lazy("Gap in stages"), lambda row, _n: row.lag if row.is_open else None),
    ),
    "risk": (Part(gettext_lazy("Risk"), lambda row, _n: str(Risk(row.risk).label) if row.risk else ""),),
    "mark": (Part(gettext_lazy("Gate review"), lambda row, _n: _mark(row.gate_mark)),),
    "gate": (
        Part(gettext_lazy("Next gate: met"), lambda row, _n: row.gate_met),
        Part(gettext_lazy("Next gate: needed"), lambda row, _n: row.gate_required),
    ),
    "rate": (Part(gettext_lazy("Success rate in percent"), lambda row, _n: row.rate_percent),),
    "weighted": (Part(gettext_lazy("Weighted amount"), lambda row, _n: _amount(row.weighted_minor, row.currency)),),
    "evidence": (Part(gettext_lazy("Latest evidence"), lambda row, _n: row.last_evidence_on),),
    "close": (Part(gettext_lazy("Expected signature"), lambda row, _n: row.expected_close_on),),
    "owner": (Part(gettext_lazy("Owner"), lambda row, _n: row.owner),),
    "unit": (Part(gettext_lazy("Unit"), lambda row, _n: row.unit),),
    "method": (Part(gettext_lazy("Purchase method"), lambda row, _n: str(PurchaseMethod(row.purchase_method).label)),),
    "playbook": (
        Part(gettext_lazy("Playbook"), lambda row, _n: playbook_title(row.playbook_id, get_language())),
        Part(gettext_lazy("Playbook version"), lambda row, _n: compiled_playbook(row.playbook_id).playbook.version),
    ),
    "expires": (Part(gettext_lazy("Next change by time"), lambda row, _n: row.reassess_on),),
    "since": (Part(gettext_lazy("In this stage since"), lambda row, _n: row.stage_since),),
    "opened": (Part(gettext_lazy("Opened on"), lambda row, _n: row.opened_on),),
    "outcome": (Part(pgettext_lazy("column", "Outcome"), lambda row, _n: str(Outcome(row.outcome).label)),),
    "closed": (Part(gettext_lazy("Closed on"), lambda row, _n: row.closed_on),),
    "source": (Part(gettext_lazy("Source"), lambda row, _n: row.source),),
    "product": (Part(gettext_lazy("Product"), lambda row, _n: row.product),),
}


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with a file of the deals that pass the filters, or of the chosen ones among them."""
    frame = open_frame(request, "list")
    file_format = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    export_deals(
        file_format=file_format,
        query=request.GET.urlencode(),
        count=_chosen(frame).count(),
        actor=frame.actor,
        now=timezone.now(),
    )
    parts = [*ALWAYS, *(part for key in frame.state.columns if key in PARTS for part in PARTS[key])]
    lines = _lines(frame, parts, language=get_language())
    sheet = Sheet(_("Deals"), [str(part.head) for part in parts], lines, wide=(1, 2))
    return table_response(sheet, stem=f"duobiao-deals-{frame.today.isoformat()}", file_format=file_format)


def _chosen(frame: Frame) -> OpportunityQuerySet:
    refs = frame.request.GET.getlist("ref")
    return frame.rows.filter(ref__in=refs) if refs else frame.rows


def _lines(frame: Frame, parts: list[Part], *, language: str | None) -> Iterator[list[Cell]]:
    """Yield the cells of each deal in a language; they are read after the request has been answered."""
    sort, down = read_sort(frame.state.sort)
    rows: Any = sortable(_chosen(frame), sort)
    sign = "-" if down else ""
    ordered = rows.order_by(f"{sign}{sort.field}", f"{sign}ref").values_list(*ROW_FIELDS)
    for values in ordered.iterator(chunk_size=CHUNK):
        row = Row(*values)
        with override(language):
            cells = [part.cell(row, stage_shorts(row.playbook_id, language)) for part in parts]
        yield cells
