"""What to do next: the whole list of a deal and of a person, decisions about it, and how often it was followed."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.opportunities.actions.decide_suggestion import bring_back, decide_suggestion, suggested
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.suggestions import DecideForm
from duobiao.opportunities.models import OpportunityQuerySet, Suggestion, SuggestionChoice
from duobiao.opportunities.queries.action_list import action_list, deals_for, may_see_team
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import all_actions
from duobiao.opportunities.queries.suggestion_hits import (
    PERIODS,
    WITHIN,
    HitFilters,
    hits_of,
    suggestions_behind,
    units_of,
)
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.signal_words import rule_title
from duobiao.opportunities.views.common import (
    DEAL_CHANGED,
    answer_form,
    company_today,
    needs,
    own_today,
    visible_deal,
)
from duobiao.playbooks.queries import compiled_playbook, text_of
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

MOST_DEALS, PER_DEAL = 40, 4


@require_safe
def deal_list(request: HttpRequest, ref: str) -> HttpResponse:
    """Show everything to do on a deal with its points, and what was set aside."""
    deal = visible_deal(request, ref)
    actor, on = actor_of(request), company_today(request)
    actions = all_actions(explain(deal, on), around(deal))
    context = {
        "deal": deal,
        "back": deal_url(deal.ref),
        "title": _("Next things"),
        "actions": [action for action in actions if not action.hidden],
        "aside": [action for action in actions if action.hidden],
        "may_decide": policy.allows(actor, "opportunities.prove", deal),
        "here": request.get_full_path(),
    }
    return page_or_fragment(
        request, page="opportunities/next_actions.html", fragment="opportunities/_next_actions.html", context=context
    )


@require_safe
def my_list(request: HttpRequest) -> HttpResponse:
    """Show what to do next over a person's deals; who sees deals of others may look at all, or at one seller's."""
    actor = actor_of(request)
    policy.require(actor, "opportunities.view")
    wide = may_see_team(actor)
    team = wide and request.GET.get("scope") == "team"
    person = request.GET.get("person", "") if team else ""
    rows = deals_for(actor, team=team).open()
    people = _owners(rows) if team else []
    if person:
        rows = rows.filter(owner__ref=person)
    context = {
        "found": action_list(rows, company_today(request), most_deals=MOST_DEALS, per_deal=PER_DEAL),
        "team": team,
        "people": people,
        "person": person,
        "scopes": [Tab(_("Mine"), "?", current=not team), Tab(_("Team"), "?scope=team", current=team)] if wide else [],
        "may_decide": policy.allows(actor, "opportunities.prove"),
        "here": request.get_full_path(),
    }
    page, fragment = "opportunities/my_next_actions.html", "opportunities/_my_next_actions.html"
    return page_or_fragment(request, page=page, fragment=fragment, context=context)


def _owners(rows: OpportunityQuerySet) -> list[User]:
    deals = rows.order_by().values("owner_id")
    return list(User.objects.filter(pk__in=deals).order_by("name", "pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """Decide about the suggestion ``?key=``: done leads on to the form that records it."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.prove", deal)
    require_open(deal)
    key = request.GET.get("key", "")
    action = suggested(deal, key, company_today(request))
    given = request.POST if request.method == "POST" else None
    form = DecideForm(given, today=own_today(request), initial={"choice": SuggestionChoice.SNOOZED})
    if given is not None and form.is_valid() and form.cleaned_data["choice"] == SuggestionChoice.DONE:
        with once(request) as submission:
            if submission.first:
                decide_suggestion(opportunity=deal, key=key, choice=form.decision(), actor=actor, now=timezone.now())
        return done(request, to=action.url, toast=_("Record it, then it counts"))

    def act() -> None:
        decide_suggestion(opportunity=deal, key=key, choice=form.decision(), actor=actor, now=timezone.now())

    to = deal_url(deal.ref, "next-actions")
    context = {"deal": deal, "back": to, "action": action, "title": action.what}
    return answer_form(request, form, act, to=to, fragment="decide", context=context, toast=_("Suggestion set aside"))


@require_POST
def restore(request: HttpRequest, ref: str) -> HttpResponse:
    """Bring a suggestion back."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.prove", deal)
    bring_back(opportunity=deal, key=request.POST.get("key", "")[:80], actor=actor, now=timezone.now())
    to = deal_url(deal.ref, "next-actions")
    return done(request, to=to, fires=DEAL_CHANGED, toast=_("The suggestion is back"), stay=True)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show how often what was suggested was followed by its record, by kind and seller; numbers list their deals."""
    actor, on = actor_of(request), company_today(request)
    policy.require(actor, "opportunities.view")
    filters = HitFilters.read(request.GET.dict())
    state, kind = request.GET.get("show", ""), request.GET.get("kind", "")
    rows = suggestions_behind(actor, filters, on, state=state, kind=kind) if state else []
    context = {
        "filters": filters,
        "hits": hits_of(actor, filters, on),
        "periods": PERIODS,
        "withins": WITHIN,
        "units": units_of(actor),
        "state": state,
        "lines": [(row, suggestion_words(row)) for row in rows],
        "base": f"?within={filters.within}&days={filters.days}&unit={filters.unit}",
    }
    return render(request, "opportunities/suggestion_hits.html", context)


def suggestion_words(row: Suggestion) -> str:
    """Say what was suggested, with the item or risk it was about."""
    kind = str(row.get_what_display())
    if not row.items:
        return kind
    if row.what == "RISK":
        return f"{kind} · {rule_title(row.items[0])}"
    by_key = compiled_playbook(row.opportunity.playbook_id).by_key
    titles = [text_of(by_key[item].item.title, get_language()) for item in row.items if item in by_key]
    more = f" +{len(titles) - 1}" if len(titles) > 1 else ""
    return f"{kind} · {titles[0]}{more}" if titles else kind
