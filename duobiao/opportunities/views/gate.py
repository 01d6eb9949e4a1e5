"""What the next gate of a deal lacks, small enough for a drawer."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.gates import gap_of
from duobiao.opportunities.queries.next_actions import next_actions
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.queries.tracks import detail, headline
from duobiao.opportunities.views.common import company_today, show_form, visible_deal


@require_safe
def gate(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the next gate with one click to supply each item."""
    deal = visible_deal(request, ref)
    explained = explain(deal, company_today(request))
    may_prove = deal.is_open and policy.allows(actor_of(request), "opportunities.prove", deal)
    context = {
        "deal": deal,
        "back": deal_url(deal.ref),
        "headline": headline(explained),
        "detail": detail(explained),
        "gap": gap_of(explained, may_prove=may_prove),
        "actions": next_actions(explained, around(deal), limit=1) if may_prove else [],
    }
    return show_form(request, "gate", context)
