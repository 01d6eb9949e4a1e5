"""Registrations with manufacturers: the list, those of a deal, one with its states and files, keeping and moving it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.documents.panels import files_panel
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.register_upstream import (
    VERB,
    edit_upstream,
    move_upstream,
    register_upstream,
    upstream_url,
)
from duobiao.prospecting.forms.manufacturers import UpstreamForm, UpstreamMoveForm
from duobiao.prospecting.models import UpstreamState
from duobiao.prospecting.queries.manufacturers import (
    OVER,
    WITHIN,
    get_upstream,
    letters_for_deal,
    manufacturer_names,
    upstream_lines,
    upstream_matching,
    upstream_of_deal,
)
from duobiao.prospecting.views.common import answer
from duobiao.timeline.panels import comments_panel
from duobiao.timeline.queries import entries_for
from duobiao.web.api import PageQuery, found_or_404, page_of
from duobiao.web.http import page_or_fragment, render

ROWS = 50


@require_safe
def upstream(request: HttpRequest) -> HttpResponse:
    """List the registrations with manufacturers of the deals one may see."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    wanted, on = wanted_of(request), today_of(request)
    state = request.GET.get("state", "")
    wanted["state"] = state if state in UpstreamState.values else ""
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    sort = "protected_until" if wanted["expiry"] in WITHIN else "-since_on"
    page = page_of(upstream_matching(actor, on=on, **wanted), page=query, sort=sort)
    context = {
        "lines": upstream_lines(page.items, actor, on=on),
        "wanted": wanted,
        "states": UpstreamState.choices,
        "expiries": expiries(),
        "next": next_address("prospecting:upstream", wanted, page.next),
    }
    return page_or_fragment(
        request, page="prospecting/upstream.html", fragment="prospecting/_upstream_list.html", context=context
    )


@require_safe
def of_deal(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what a deal has with manufacturers; the room of the deal fetches the fragment."""
    actor = actor_of(request)
    deal = deal_seen(actor, ref)
    on = today_of(request)
    context = {
        "deal": deal,
        "lines": upstream_of_deal(deal, actor, on=on),
        "letters": letters_for_deal(deal, on=on),
        "may_register": deal.is_open and allows(actor, VERB, deal),
    }
    return page_or_fragment(
        request, page="prospecting/deal_upstream.html", fragment="prospecting/_deal_upstream.html", context=context
    )


@require_safe
def one(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a registration with its states, files and clashes."""
    actor = actor_of(request)
    row = get_upstream(ref=ref, user=actor)
    context = {
        "row": row,
        "line": upstream_lines([row], actor, on=today_of(request))[0],
        "moves": list(row.moves.select_related("noted_by").order_by("-happened_on", "-pk")),
        "may_edit": allows(actor, VERB, row),
        "files": files_panel(request, Ref.of(row)),
        "comments": comments_panel(request, Ref.of(row)),
        "entries": entries_for(subject=Ref.of(row), limit=30),
    }
    return render(request, "prospecting/upstream_one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, ref: str) -> HttpResponse:
    """Register a deal with a manufacturer."""
    actor = actor_of(request)
    deal = deal_seen(actor, ref)
    require(actor, VERB, deal)
    posted = request.POST if request.method == "POST" else None
    form = UpstreamForm(posted, deal=deal, actor=actor, today=today_of(request))

    def act() -> str:
        asked = form.cleaned_data
        made = register_upstream(
            deal=deal,
            manufacturer=asked["manufacturer"],
            values=form.values(),
            state=asked["state"],
            happened_on=asked["happened_on"],
            protected_until=asked["protected_until"],
            actor=actor,
            now=timezone.now(),
        )
        return upstream_url(made.ref)

    back = f"/opportunities/{ref}/"
    context = {
        "title": _("Register with a manufacturer"),
        "back": back,
        "row": None,
        "names": manufacturer_names(deal),
        "icon_name": "building-factory-2",
    }
    return answer(request, form, act, to=back, fragment="upstream_form", context=context, toast=_("Registration noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change facts of a registration."""
    actor = actor_of(request)
    row = get_upstream(ref=ref, user=actor)
    require(actor, VERB, row)
    posted = request.POST if request.method == "POST" else None
    form = UpstreamForm(posted, deal=row.opportunity, actor=actor, today=today_of(request), row=row)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_upstream(row=row, version=version, values=form.values(), actor=actor, now=timezone.now())

    back = upstream_url(ref)
    context = {"title": str(row), "back": back, "row": row, "names": [], "icon_name": "check"}
    return answer(request, form, act, to=back, fragment="upstream_form", context=context, toast=_("Saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, ref: str) -> HttpResponse:
    """Bring a registration to another state, or extend its protection."""
    actor = actor_of(request)
    row = get_upstream(ref=ref, user=actor)
    require(actor, VERB, row)
    form = UpstreamMoveForm(request.POST if request.method == "POST" else None, row=row, today=today_of(request))

    def act() -> None:
        asked = form.cleaned_data
        move_upstream(
            row=row,
            version=asked["version"] or 0,
            state=asked["state"],
            happened_on=asked["happened_on"],
            protected_until=asked["protected_until"],
            number=asked["number"],
            note=asked["note"],
            actor=actor,
            now=timezone.now(),
        )

    back = upstream_url(ref)
    context = {"title": _("State of %(name)s") % {"name": row.manufacturer}, "back": back, "row": row}
    return answer(request, form, act, to=back, fragment="upstream_move", context=context, toast=_("State noted"))


def deal_seen(actor: User, ref: str) -> Opportunity:
    """Return a deal the person may see, else 404."""
    rows = Opportunity.objects.visible_to(actor).select_related("customer", "owner")
    return found_or_404(rows.filter(ref=ref).first())


def wanted_of(request: HttpRequest) -> dict[str, Any]:
    """Return the words and the expiry a list is asked for."""
    expiry = request.GET.get("expiry", "")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    return {"text": text, "expiry": expiry if expiry in (*WITHIN, OVER) else ""}


def expiries() -> list[tuple[str, str]]:
    """Return the expiries a list may be asked for."""
    return [*((key, _("within %(n)s days") % {"n": days}) for key, days in WITHIN.items()), (OVER, _("run out"))]


def next_address(name: str, wanted: dict[str, Any], cursor: str | None) -> str:
    """Return the address of the next page of a list; "" for none."""
    if not cursor:
        return ""
    asked = {"q": wanted["text"], "expiry": wanted["expiry"], "state": wanted.get("state", ""), "cursor": cursor}
    return f"{reverse(name)}?{urlencode({key: value for key, value in asked.items() if value})}"


def today_of(request: HttpRequest) -> date:
    """Return the company's day."""
    return local_day(timezone.now(), company_of(request).time_zone)
