"""The list of likely duplicates by kind, and the merges that can still be undone."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from duobiao.duplicates.actions.search_queued import queue_search
from duobiao.duplicates.models import PairState
from duobiao.duplicates.queries.found import kinds_of, pairs_seen, recent_merges, shown
from duobiao.duplicates.registry import DuplicateKind, kind_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import NotFound
from duobiao.web.api import PageQuery, page_of
from duobiao.web.components import Tab
from duobiao.web.http import done, render

ROWS = 25


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the pairs of one kind within sight, the likeliest first; or those said to be none."""
    actor, kind = actor_of(request), _asked(request)
    dismissed = request.GET.get("state", "") == PairState.DISMISSED
    state = PairState.DISMISSED if dismissed else PairState.OPEN
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(pairs_seen(kind, actor, state=state), page=query, sort="-score")
    address = reverse("duplicates:list")
    here = {"kind": kind.key, **({"state": state} if dismissed else {})}
    context = {
        "kind": kind,
        "tabs": _tabs(actor, kind, address),
        "pairs": shown(kind, page.items, actor),
        "dismissed": dismissed,
        "may_search": allows(actor, kind.verb),
        "next": f"{address}?{urlencode({**here, 'cursor': page.next})}" if page.next else "",
        "first": f"{address}?{urlencode(here)}" if query.cursor else "",
    }
    return render(request, "duplicates/inbox.html", context)


@require_safe
def merges(request: HttpRequest) -> HttpResponse:
    """List the merges of one kind of the last 30 days."""
    actor, kind = actor_of(request), _asked(request)
    address = reverse("duplicates:merges")
    context = {
        "kind": kind,
        "tabs": _tabs(actor, kind, address),
        "merges": recent_merges(kind, actor, now=timezone.now()),
    }
    return render(request, "duplicates/merges.html", context)


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Look for duplicates of one kind now instead of tonight."""
    actor = actor_of(request)
    kind = kind_of(request.POST.get("kind", "customer"))
    if kind is None:
        raise NotFound(_("There is no such kind of entry."))
    require(actor, kind.verb)
    is_new = queue_search(kind)
    back = f"{reverse('duplicates:list')}?{urlencode({'kind': kind.key})}"
    runs, ran = _("The search runs. Reload the list in a minute."), _("The search runs already. Reload the list later.")
    return done(request, to=back, toast=runs if is_new else ran)


def _asked(request: HttpRequest) -> DuplicateKind:
    actor = actor_of(request)
    require(actor, "customers.view")
    offered = kinds_of(actor)
    asked = request.GET.get("kind", "")
    return next((kind for kind in offered if kind.key == asked), offered[0])


def _tabs(actor: Any, current: DuplicateKind, address: str) -> list[Tab]:
    return [
        Tab(kind.title, f"{address}?{urlencode({'kind': kind.key})}", current=kind.key == current.key)
        for kind in kinds_of(actor)
    ]
