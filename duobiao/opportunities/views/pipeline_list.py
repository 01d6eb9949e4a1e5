"""The list: sorted, filtered under its head, summed over all rows, in pages that stay fast however deep."""

from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.opportunities.queries.columns import BY_KEY, COLUMNS, NAME_SORT, Column, read_sort, sortable
from duobiao.opportunities.queries.keyset import Page, Sort, page_of, read_cursor
from duobiao.opportunities.queries.pipeline import Row, list_rows
from duobiao.opportunities.views.pipeline_bulk import MOST_AT_ONCE
from duobiao.opportunities.views.pipeline_frame import Frame, answer, head_of, open_frame

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The head of a shown column.

    Attributes:
        url: Sorts by it, or turns the order round; "" where it does not sort.
    """

    column: Column
    url: str


@require_safe
def deal_list(request: HttpRequest) -> HttpResponse:
    """Show deals as rows."""
    frame = open_frame(request, "list")
    head = head_of(frame)
    sort, down = read_sort(frame.state.sort)
    page = _page(frame, sort, down)
    rows: list[Row] = [held[2] for held in page.rows]
    context = {
        "rows": rows,
        "page": page,
        "previous": _page_url(frame, page.previous),
        "next": _page_url(frame, page.next),
        "columns": [ColumnHead(BY_KEY[key], _sort_url(frame, BY_KEY[key].sort)) for key in frame.state.columns],
        "name_url": _sort_url(frame, NAME_SORT),
        "all_columns": COLUMNS,
        "sorted_by": _sorted_by(sort),
        "most_at_once": MOST_AT_ONCE,
    }
    return answer(frame, "list", head, context)


def _page(frame: Frame, sort: Sort, down: bool) -> Page:
    return page_of(
        sortable(frame.rows, sort),
        sort=sort,
        down=down,
        cursor=read_cursor(frame.request.GET.get("cursor", ""), sort=sort, down=down),
        size=PAGE_ROWS,
        load=partial(list_rows, sort_field=sort.field),
    )


def _page_url(frame: Frame, cursor: str) -> str:
    if not cursor:
        return ""
    here = frame.link()
    return f"{here}{'&' if '?' in here else '?'}cursor={cursor}"


def _sort_url(frame: Frame, sort: Sort | None) -> str:
    if sort is None:
        return ""
    return frame.link(sort=f"-{sort.key}" if frame.state.sort == sort.key else sort.key)


def _sorted_by(sort: Sort) -> object:
    return next((column.label for column in COLUMNS if column.sort == sort), "")
