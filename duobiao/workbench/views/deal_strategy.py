"""The strategy of a deal: versions and reviews, contingency plans, reported risks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.opportunities.queries.risks import risks_of
from duobiao.strategy.queries.plans import planned_rules
from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_strategy(request: HttpRequest, ref: str) -> HttpResponse:
    """Show how the deal is to be won, and what is prepared for its risks."""
    deal, frame = framed(request, ref, "strategy")
    context = {"risks": risks_of(deal, on=frame.on), "planned": planned_rules(deal)}
    return show_tab(request, frame, "strategy", context)
