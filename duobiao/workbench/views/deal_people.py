"""The people of a deal: at the buyer, in the other companies, in our team."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.workbench.queries.deal_overview import people_in
from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_people(request: HttpRequest, ref: str) -> HttpResponse:
    """Show everybody who takes part, with buttons to change it."""
    _deal, frame = framed(request, ref, "people")
    return show_tab(request, frame, "people", {"people": people_in(frame)})
