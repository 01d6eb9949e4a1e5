"""The deal room: where the deal stands, what is missing, what to do next."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.queries.merged import kept_deal
from duobiao.web.components import Tab
from duobiao.workbench.queries.deal_entries import FILTERS, deal_entries
from duobiao.workbench.queries.deal_overview import overview_of
from duobiao.workbench.views.deal_pages import framed, show_tab
from duobiao.workbench.views.deal_timeline import FILTER_NAMES

ENTRIES = 6


@require_safe
def deal_room(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the overview of a deal; the reference of a merged one leads to the kept one."""
    try:
        deal, frame = framed(request, ref, "")
    except NotFound:
        if (kept := kept_deal(ref=ref, user=actor_of(request))) is None:
            raise
        return HttpResponseRedirect(deal_url(kept.ref))
    overview = overview_of(frame)
    only = request.GET.get("show", "")
    only = only if only in FILTERS else ""
    entries, _more = deal_entries(deal.ref, overview.explained.compiled, only=only, limit=ENTRIES)
    filters = [
        Tab(name, f"{deal_url(deal.ref)}{'?show=' + key if key else ''}#activity", current=key == only)
        for key, name in FILTER_NAMES.items()
    ]
    return show_tab(request, frame, "overview", {"overview": overview, "entries": entries, "filters": filters})
