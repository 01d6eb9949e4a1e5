"""A deal in one page, to read or to print."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.web.http import render
from duobiao.workbench.queries.deal_summary import summary_of
from duobiao.workbench.views.deal_pages import framed


@require_safe
def deal_summary(request: HttpRequest, ref: str) -> HttpResponse:
    """Show where the deal stands, who is known, who competes, what is missing, what comes next."""
    deal, frame = framed(request, ref, "")
    return render(request, "workbench/summary.html", {"deal": deal, "frame": frame, "summary": summary_of(frame)})
