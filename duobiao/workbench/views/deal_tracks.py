"""Both tracks as a table, for those who read better so and to copy."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.tracks import moves_of, tracks
from duobiao.opportunities.views.common import company_today, visible_deal
from duobiao.web.http import page_or_fragment


@require_safe
def deal_tracks(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the table."""
    deal = visible_deal(request, ref)
    stepper = tracks(explain(deal, company_today(request)), moves_of(deal.pk), may_prove=False)
    context = {"deal": deal, "stepper": stepper, "back": deal_url(deal.ref)}
    return page_or_fragment(request, page="workbench/tracks.html", fragment="workbench/_tracks.html", context=context)
