"""The needs of a deal: requirement tree, objections, requirements, questions."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_needs(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what the customer needs, and what stands against us."""
    _deal, frame = framed(request, ref, "needs")
    return show_tab(request, frame, "needs", {})
