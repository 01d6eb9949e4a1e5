"""The activity of a deal, with its comments."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from duobiao.kernel.refs import Ref
from duobiao.opportunities.domain.links import deal_url
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.panels import comments_panel
from duobiao.web.components import Tab
from duobiao.workbench.queries.deal_entries import deal_entries
from duobiao.workbench.views.deal_pages import framed, show_tab

FILTER_NAMES = {
    "": pgettext_lazy("filter", "All"),
    "buyer": _("Buyer"),
    "stage": pgettext_lazy("filter", "Stage"),
    "evidence": _("Evidence"),
}
ROWS = 40


@require_safe
def deal_timeline(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what happened on a deal, newest first."""
    deal, frame = framed(request, ref, "timeline")
    only = request.GET.get("show", "")
    only = only if only in FILTER_NAMES else ""
    page, compiled = deal_url(deal.ref, "timeline"), compiled_playbook(deal.playbook_id)
    entries, more = deal_entries(deal.ref, compiled, only=only, limit=ROWS, before=_before(request))
    context = {
        "entries": entries,
        "filters": [
            Tab(name, f"{page}?show={key}" if key else page, current=key == only) for key, name in FILTER_NAMES.items()
        ],
        "older": f"{page}?show={only}&before={more[0].strftime('%Y-%m-%dT%H:%M:%S.%fZ')}&after={more[1]}"
        if more
        else "",
        "comments": comments_panel(request, Ref.of(deal)),
    }
    return show_tab(request, frame, "timeline", context)


def _before(request: HttpRequest) -> tuple[datetime, int] | None:
    sequence = request.GET.get("after", "")
    try:
        at = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not (sequence.isascii() and sequence.isdecimal() and len(sequence) < 10):
        return None
    return at, int(sequence)
