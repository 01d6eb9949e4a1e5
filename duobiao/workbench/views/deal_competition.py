"""The rivals of a deal: landscape, comparison, barriers, moves."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_competition(request: HttpRequest, ref: str) -> HttpResponse:
    """Show who competes, how both sides compare, and what is done about it."""
    _deal, frame = framed(request, ref, "competition")
    return show_tab(request, frame, "competition", {})
