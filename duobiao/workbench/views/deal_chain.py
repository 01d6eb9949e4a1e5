"""The decision chain of a deal: its people, lines and matrix."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_chain(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the decision chain, as it stood on a day."""
    _deal, frame = framed(request, ref, "decision-chain")
    return show_tab(request, frame, "chain", {})
