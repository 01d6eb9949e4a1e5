"""The list of leads, and entering one."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, allows, require, scope_of
from duobiao.prospecting.actions.capture_lead import capture_lead, lead_page
from duobiao.prospecting.forms.leads import CaptureForm
from duobiao.prospecting.models import Campaign, Lead, LeadState, Source
from duobiao.prospecting.queries.alike import alike_in_list
from duobiao.prospecting.queries.leads import (
    LeadFilter,
    known_regions,
    leads_matching,
    owners_seen,
    pools_offered,
)
from duobiao.prospecting.queries.pools import pool_rows
from duobiao.prospecting.views.common import answer
from duobiao.web.api import PageQuery, page_of
from duobiao.web.components import Tab
from duobiao.web.http import page_or_fragment

ROWS = 50


@require_safe
def leads(request: HttpRequest) -> HttpResponse:
    """List leads: the own ones, those free in pools, or all one may see."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    wanted = LeadFilter.read(request.GET.dict())
    rows = leads_matching(wanted, user=actor)
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rows.select_related("owner", "pool"), page=query, sort=wanted.sort)
    in_pools = wanted.place == "pools"
    context = {
        "rows": page.items,
        "alike": alike_in_list(page.items, user=actor),
        "next": wanted.address(cursor=page.next) if page.next else "",
        "first": wanted.address() if request.GET.get("cursor") else "",
        "total": rows.count(),
        "wanted": wanted,
        "sort_urls": {
            name: wanted.address(sort=f"-{name}" if wanted.sort == name else name)
            for name in ("company", "created_at", "touched_at")
        },
        "tabs": _places(wanted, wide=scope_of(actor, "prospecting.view") not in (Scope.NONE, Scope.OWN)),
        "states": [("open", pgettext("lead", "open")), *LeadState.choices, ("any", _("all"))],
        "sources": Source.choices,
        "regions": known_regions(actor),
        "owners": owners_seen(actor) if wanted.place == "team" else [],
        "pools": pools_offered(actor),
        "pool_rows": pool_rows(actor, now=timezone.now()) if in_pools else [],
        "campaign": Campaign.objects.visible_to(actor).filter(ref=wanted.campaign).first() if wanted.campaign else None,
        "may_capture": allows(actor, "prospecting.capture"),
        "may_claim": allows(actor, "prospecting.claim"),
        "may_see_forms": allows(actor, "prospecting.web_forms"),
    }
    return page_or_fragment(
        request, page="prospecting/leads.html", fragment="prospecting/_lead_list.html", context=context
    )


def _places(wanted: LeadFilter, *, wide: bool) -> list[Tab]:
    """Return the three places; who sees only their own leads has no third one."""
    words = {"mine": _("My leads"), "pools": _("In pools"), "team": _("All I see")}
    shown = [name for name in words if wide or name != "team" or wanted.place == "team"]
    return [
        Tab(words[name], wanted.address(place=name, owner="", pool=""), current=name == wanted.place) for name in shown
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def capture(request: HttpRequest) -> HttpResponse:
    """Enter a lead in a few seconds."""
    actor = actor_of(request)
    require(actor, "prospecting.capture")
    posted = request.POST if request.method == "POST" else None
    campaign = _campaign(request, actor)
    form = CaptureForm(posted, pools=pools_offered(actor), campaign=campaign)

    def act() -> str:
        values = form.values() | {"campaign": campaign}
        lead = capture_lead(values=values, pool=form.pool(), actor=actor, now=timezone.now())
        sees = Lead.objects.visible_to(actor).filter(pk=lead.pk).exists()
        return lead_page(lead) if sees else "/leads/"

    context = {"title": _("New lead"), "back": "/leads/", "regions": known_regions(actor), "campaign": campaign}
    return answer(request, form, act, to="/leads/", fragment="capture", context=context, toast=_("Lead entered"))


def _campaign(request: HttpRequest, actor: User) -> Campaign | None:
    """Return the campaign from whose page the form was opened."""
    ref = request.GET.get("campaign", "")[:16]
    return Campaign.objects.visible_to(actor).filter(ref=ref).first() if ref else None
