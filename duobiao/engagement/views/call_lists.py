"""Calling lists: all of them, a new one, one with its entries; the latent customers that calls found."""

from contextlib import suppress
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.queries.lists import industries_seen
from duobiao.engagement.actions.make_call_list import Made, close_call_list, make_call_list
from duobiao.engagement.actions.record_outcome import ListClosed
from duobiao.engagement.forms.call_list import CallListForm
from duobiao.engagement.queries.call_lists import entries_of, get_call_list, lists_seen, progress_of, with_call
from duobiao.engagement.queries.latent import deciding_calls, latent_customers
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.people_picker import offer_people
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.prospecting.queries.campaigns import campaigns_matching
from duobiao.timeline.queries import entries_for
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import done, render

PAGE_SIZE = 50
MOST_CAMPAIGNS = 50


def talk_tabs(here: str) -> list[Tab]:
    """Return the tabs of calls and visits."""
    rows = (
        ("visits", _("Visits"), "calendar"),
        ("calls", _("Calls"), "phone-call"),
        ("call_lists", _("Calling lists"), "list-check"),
        ("latent", _("A class"), "star"),
        ("appraisal", _("Counts"), "chart-bar"),
        ("reports", _("Weekly reports"), "notes"),
    )
    tabs = [Tab(label, reverse(f"engagement:{name}"), current=name == here, icon=icon) for name, label, icon in rows]
    return [*tabs, Tab(_("Cases and technology"), reverse("knowledge:knowledge"), icon="book")]


@require_safe
def call_lists(request: HttpRequest) -> HttpResponse:
    """Show the calling lists the person may see, open ones first."""
    actor = actor_of(request)
    policy.require(actor, "customers.view")
    team = request.GET.get("who") == "team"
    rows = lists_seen(actor, mine=not team).order_by("closed_at", "-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    done_by = progress_of(list(page.object_list))
    here = reverse("engagement:call_lists")
    context = {
        "tabs": talk_tabs("call_lists"),
        "people": [
            Tab(pgettext("whose", "mine"), here, current=not team),
            Tab(pgettext("whose", "team"), f"{here}?who=team", current=team),
        ],
        "page": page,
        "rows": [(row, done_by[row.pk]) for row in page.object_list],
        "base": f"{here}?{urlencode({'who': 'team'})}&page=" if team else f"{here}?page=",
        "may_make": policy.allows(actor, "engagement.log_call"),
    }
    return render(request, "engagement/call_lists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request: HttpRequest) -> HttpResponse:
    """Make a calling list from a filter."""
    actor = actor_of(request)
    policy.require(actor, "engagement.log_call")
    form = _form(request, actor)
    if "field" in request.GET:
        return offer_people(request, form)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _make(request, form, actor)
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {"form": form, "industries": industries_seen(actor), "back": reverse("engagement:call_lists")}
    return render(request, "engagement/new_call_list.html", context, status=status)


def _form(request: HttpRequest, actor: User) -> CallListForm:
    people = policy.people_within(actor, policy.scope_of(actor, "engagement.log_call"))
    campaigns = []
    if policy.allows(actor, "prospecting.view"):
        rows = campaigns_matching(actor).order_by("-starts_on", "-pk")[:MOST_CAMPAIGNS]
        campaigns = [(row.ref, row.name) for row in rows]
    active = User.objects.active().filter(pk__in=people.values("pk"))
    posted = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in ("source", "campaign", "industry") if name in request.GET}
    return CallListForm(posted, people=active, campaigns=campaigns, initial=initial)


def _make(request: HttpRequest, form: CallListForm, actor: User) -> HttpResponse:
    toast = ""
    with once(request) as submission:
        if submission.first:
            made = make_call_list(
                name=form.cleaned_data["name"],
                wanted=form.wanted,
                owner=form.cleaned_data["owner"] or actor,
                purposes=form.cleaned_data["purposes"],
                actor=actor,
                now=timezone.now(),
            )
            toast = made_words(made)
            submission.result = reverse("engagement:call_list", args=[made.list.ref])
    return done(request, to=submission.result, toast=toast)


def made_words(made: Made) -> str:
    """Say how many are on a new list, and who was left out."""
    found = made.found
    count = len(found.people)
    parts = [ngettext("%(num)s person on the list", "%(num)s people on the list", count) % {"num": count}]
    if found.without_person:
        parts.append(_("%(num)s customers without a contact left out") % {"num": found.without_person})
    if found.objecting:
        parts.append(_("%(num)s who do not want to be called left out") % {"num": found.objecting})
    if found.already:
        parts.append(_("%(num)s wait on another list") % {"num": found.already})
    if found.beyond:
        parts.append(_("%(num)s more than fit") % {"num": found.beyond})
    return " · ".join(parts)


@require_safe
def call_list(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one list: how far it is, and what became of each entry."""
    actor = actor_of(request)
    calls = get_call_list(ref=ref, user=actor)
    entries = with_call(entries_of(calls, actor)).order_by("number")
    progress = progress_of([calls])[calls.pk]
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "calls": calls,
        "page": page,
        "progress": progress,
        "unseen": progress.total - page.paginator.count,
        "history": entries_for(subject=Ref.of(calls)),
        "may_work": calls.closed_at is None and policy.allows(actor, "engagement.log_call", calls),
        "base": f"{reverse('engagement:call_list', args=[ref])}?page=",
    }
    return render(request, "engagement/call_list.html", context)


@require_POST
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Close a list."""
    actor = actor_of(request)
    calls = get_call_list(ref=ref, user=actor)
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else 0
    with suppress(ListClosed):  # a second click finds what the first one did
        close_call_list(calls=calls, version=version, actor=actor, now=timezone.now())
    return done(request, to=reverse("engagement:call_lists"), toast=_("Calling list closed"))


@require_safe
def latent(request: HttpRequest) -> HttpResponse:
    """Show the latent customers (A class) that calls found, the latest first."""
    actor = actor_of(request)
    policy.require(actor, "customers.view")
    industry = request.GET.get("industry", "").replace("\x00", "")[:60]
    waiting = request.GET.get("deal") == "none"
    rows = latent_customers(actor, industry=industry, without_deal=waiting).select_related("owner")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    calls = deciding_calls(list(page.object_list))
    here = reverse("engagement:latent")
    context = {
        "tabs": talk_tabs("latent"),
        "page": page,
        "rows": [(row, calls.get(row.pk)) for row in page.object_list],
        "industry": industry,
        "industries": industries_seen(actor),
        "filters": [
            Tab(_("all"), f"{here}?{urlencode({'industry': industry})}", current=not waiting),
            Tab(_("without a project"), f"{here}?{urlencode({'industry': industry, 'deal': 'none'})}", current=waiting),
        ],
        "waiting": waiting,
        "base": f"{here}?{urlencode({'industry': industry, 'deal': 'none' if waiting else ''})}&page=",
        "may_make": policy.allows(actor, "engagement.log_call"),
    }
    return render(request, "engagement/latent.html", context)
