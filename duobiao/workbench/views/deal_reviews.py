"""The gate reviews of a deal, with what they set as conditions."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_reviews(request: HttpRequest, ref: str) -> HttpResponse:
    """Show which reviews lie ahead, which were held, and what they decided."""
    _deal, frame = framed(request, ref, "gate-reviews")
    return show_tab(request, frame, "reviews", {})
