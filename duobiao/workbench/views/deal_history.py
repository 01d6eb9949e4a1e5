"""How a deal got where it is."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from duobiao.workbench.queries.deal_course import course_of
from duobiao.workbench.queries.deal_history import amount_line, field_rows, place_rows, waiver_lines
from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_history(request: HttpRequest, ref: str) -> HttpResponse:
    """Show every change of place with its cause, of amount and day, and every waiver."""
    deal, frame = framed(request, ref, "history")
    context = {
        "course": course_of(deal, frame.on),
        "places": place_rows(deal),
        "changes": field_rows(deal),
        "line": amount_line(deal, timezone.now()),
        "waivers": waiver_lines(deal, frame.on, get_language()),
    }
    return show_tab(request, frame, "history", context)
