"""People outside who can open doors, and the ways to a contact."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.actions.keep_network import add_outsider, edit_outsider, remove_outsider
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.forms.network import OutsiderForm
from duobiao.customers.models import Outsider
from duobiao.customers.queries.contacts import get_contact
from duobiao.customers.queries.network import get_outsider, introductions_to, knowers_of, known_to
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import PageQuery, page_of
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

ROWS = 50


@require_safe
def outsiders(request: HttpRequest) -> HttpResponse:
    """List the people outside within sight, by name."""
    actor = actor_of(request)
    require(actor, "customers.view")
    words = request.GET.get("q", "").strip()[:60]
    rows = Outsider.objects.visible_to(actor).select_related("owner")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(organisation__icontains=words))
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rows, page=query, sort="name")
    address = reverse("customers:outsiders")
    context = {
        "outsiders": page.items,
        "question": words,
        "may_add": allows(actor, "customers.create"),
        "next": f"{address}?{urlencode({'q': words, 'cursor': page.next})}" if page.next else "",
        "first": f"{address}?{urlencode({'q': words})}" if query.cursor else "",
    }
    return render(request, "customers/outsiders.html", context)


@require_safe
def outsider(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an outsider: who knows them, and whom they know."""
    actor = actor_of(request)
    held = get_outsider(ref=ref, user=actor)
    context = {
        "outsider": held,
        "knowers": knowers_of(held, user=actor),
        "known": known_to(held, user=actor),
        "may_edit": allows(actor, "customers.edit", held),
    }
    return render(request, "customers/outsider.html", context)


@require_safe
def introductions(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the shortest ways to a contact, each with its weakest link."""
    actor = actor_of(request)
    held = get_contact(ref=ref, user=actor)
    context = {
        "contact": held,
        "ways": introductions_to(held, user=actor),
        "knowers": knowers_of(held, user=actor),
        "may_edit": allows(actor, "customers.edit", held),
    }
    return render(request, "customers/introductions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_outsider(request: HttpRequest) -> HttpResponse:
    """Note an outsider."""
    actor = actor_of(request)
    require(actor, "customers.create")
    form = OutsiderForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        return add_outsider(values=form.values(), actor=actor, now=timezone.now()).ref

    return _answer(request, form, act, here=reverse("customers:new_outsider"), back=reverse("customers:outsiders"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change what is known of an outsider."""
    actor = actor_of(request)
    held = get_outsider(ref=ref, user=actor)
    require(actor, "customers.edit", held)
    form = OutsiderForm(request.POST if request.method == "POST" else None, outsider=held)

    def act() -> str:
        version = form.cleaned_data["version"] or 0
        edit_outsider(outsider=held, version=version, values=form.values(), actor=actor, now=timezone.now())
        return held.ref

    here, back = (reverse(f"customers:{name}", args=[ref]) for name in ("edit_outsider", "outsider"))
    return _answer(request, form, act, here=here, back=back, held=held)


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an outsider out."""
    actor = actor_of(request)
    remove_outsider(outsider=get_outsider(ref=ref, user=actor), actor=actor, now=timezone.now())
    return done(request, to=reverse("customers:outsiders"), toast=_("Taken out"))


def _answer(
    request: HttpRequest,
    form: OutsiderForm,
    act: Callable[[], str],
    *,
    here: str,
    back: str,
    held: Outsider | None = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        submission.result = act()
                return done(request, to=reverse("customers:outsider", args=[submission.result]), toast=_("Saved"))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    context: dict[str, Any] = {"form": form, "outsider": held, "here": here, "back": back}
    return page_or_fragment(
        request,
        page="customers/outsider_form.html",
        fragment="customers/_outsider_form.html",
        context=context,
        status=status,
    )
