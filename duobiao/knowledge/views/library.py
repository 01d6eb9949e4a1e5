"""The library: cases and overviews, each with its page and form."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.queries.lists import industries_seen
from duobiao.documents.actions.store_upload import store_upload
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.knowledge.actions.keep_entries import RIGHT, add_entry, archive_entry, edit_entry
from duobiao.knowledge.forms.entries import CaseForm, OverviewForm, initial_of
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.knowledge.queries.library import cases_matching, get_entry, overviews_matching
from duobiao.timeline.queries import entries_for
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import done, render
from duobiao.web.uploads import refuse_too_large

PAGE_SIZE = 30
LONGEST = 60


@dataclass(frozen=True, slots=True)
class _Kind:
    model: type[Any]
    form: type[Any]
    template: str


KINDS = {
    "cases": _Kind(ReferenceCase, CaseForm, "knowledge/case.html"),
    "technologies": _Kind(TechnologyOverview, OverviewForm, "knowledge/technology.html"),
}


def _kind(name: str) -> _Kind:
    if name not in KINDS:
        raise NotFound(_("There is no such page."))
    return KINDS[name]


def _words(name: str) -> dict[str, str]:
    cases = name == "cases"
    return {
        "add": reverse("knowledge:add_case" if cases else "knowledge:add_overview"),
        "new": _("New case") if cases else _("New overview"),
        "list": _("Cases") if cases else _("Technology overviews"),
    }


@require_safe
def library(request: HttpRequest, kind: str = "cases") -> HttpResponse:
    """List what is offered, searched by words and industry."""
    actor = actor_of(request)
    policy.require(actor, "knowledge.view")
    _kind(kind)
    text, industry = (request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in ("q", "industry"))
    archived = request.GET.get("state") == "archived"
    find = cases_matching if kind == "cases" else overviews_matching
    order = ("-finished_on", "-pk") if kind == "cases" else ("-as_of", "-pk")
    rows: Any = find(actor, text=text, industry=industry, archived=archived).order_by(*order)
    here = reverse("knowledge:library", args=[kind])
    kept = {"q": text, "industry": industry, "state": "archived" if archived else ""}
    context = {
        "kind": kind,
        "words": _words(kind),
        "tabs": [
            Tab(_("Cases"), reverse("knowledge:library", args=["cases"]), current=kind == "cases"),
            Tab(
                _("Technology overviews"),
                reverse("knowledge:library", args=["technologies"]),
                current=kind == "technologies",
            ),
        ],
        "states": [
            Tab(_("offered"), f"{here}?{urlencode({**kept, 'state': ''})}", current=not archived),
            Tab(_("no longer offered"), f"{here}?{urlencode({**kept, 'state': 'archived'})}", current=archived),
        ],
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "text": text,
        "industry": industry,
        "archived": archived,
        "industries": industries_seen(actor),
        "base": f"{here}?{urlencode(kept)}&page=",
        "may_keep": policy.allows(actor, RIGHT),
    }
    return render(request, "knowledge/library.html", context)


@require_safe
def entry_page(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Show one case or overview."""
    actor = actor_of(request)
    held = _kind(kind)
    entry = get_entry(held.model, ref=ref, user=actor)
    context = {
        "kind": kind,
        "entry": entry,
        "words": _words(kind),
        "history": entries_for(subject=Ref.of(entry)),
        "may_keep": policy.allows(actor, RIGHT, entry),
    }
    return render(request, held.template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_entry(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a case or an overview."""
    policy.require(actor_of(request), RIGHT)
    return _form_page(request, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change_entry(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Change a case or an overview."""
    actor = actor_of(request)
    entry = get_entry(_kind(kind).model, ref=ref, user=actor)
    policy.require(actor, RIGHT, entry)
    return _form_page(request, kind, entry)


def _form_page(request: HttpRequest, kind: str, entry: Any) -> HttpResponse:
    actor, held = actor_of(request), _kind(kind)
    posted = request.POST if request.method == "POST" else None
    initial = initial_of(entry) if entry is not None else {"as_of": timezone.localdate()}
    refuse_too_large(request)
    form = held.form(posted, request.FILES or None, initial=initial)
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                return _save(request, kind, form, entry, actor)
            except Refusal as refusal:
                status = refused(form, refusal)
    back = reverse("knowledge:entry", args=[kind, entry.ref]) if entry else reverse("knowledge:library", args=[kind])
    context = {
        "form": form,
        "kind": kind,
        "entry": entry,
        "words": _words(kind),
        "industries": industries_seen(actor),
        "back": back,
    }
    return render(request, "knowledge/edit_entry.html", context, status=status)


def _save(request: HttpRequest, kind: str, form: Any, entry: Any, actor: User) -> HttpResponse:
    now = timezone.now()
    with once(request) as submission:
        if submission.first:
            upload = form.cleaned_data["upload"]
            file = store_upload(name=upload.name, chunks=upload.chunks(), actor=actor, now=now) if upload else None
            given: dict[str, Any] = {"values": form.values(), "document": file, "actor": actor, "now": now}
            if entry is None:
                entry = add_entry(_kind(kind).model, **given)
            else:
                edit_entry(entry, version=form.cleaned_data["version"] or 0, **given)
            submission.result = reverse("knowledge:entry", args=[kind, entry.ref])
    return done(request, to=submission.result, toast=_("Saved in the library"))


@require_POST
def archive(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Stop offering a case or an overview, or offer it again."""
    actor = actor_of(request)
    entry = get_entry(_kind(kind).model, ref=ref, user=actor)
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else 0
    archived = request.POST.get("archived") == "1"
    archive_entry(entry, version=version, archived=archived, actor=actor, now=timezone.now())
    toast = _("No longer offered") if archived else _("Offered again")
    return done(request, to=reverse("knowledge:entry", args=[kind, ref]), toast=toast)
