"""What the tabs of a deal share: the deal, its frame, and one template around each tab."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import visible_deal
from duobiao.web.http import page_or_fragment
from duobiao.workbench.queries.deal_frame import DealFrame, frame_of


def framed(request: HttpRequest, ref: str, tab: str) -> tuple[Opportunity, DealFrame]:
    """Return a deal the reader may see, with the frame of one of its tabs."""
    deal = visible_deal(request, ref)
    return deal, frame_of(request, deal, tab)


def show_tab(request: HttpRequest, frame: DealFrame, body: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render a tab: the whole page, or only what refreshes after something was recorded.

    Args:
        body: Name of the tab's template, without folder and ending.
    """
    held = {"frame": frame, "deal": frame.deal, "body": f"workbench/_{body}.html", "here": request.get_full_path()}
    return page_or_fragment(
        request, page="workbench/deal.html", fragment="workbench/_deal.html", context={**held, **context}
    )
