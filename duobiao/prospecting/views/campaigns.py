"""Campaigns: the list with what each brought, one with its plan and results, the sources of leads."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.prospecting.actions.follow_up import follow_campaign
from duobiao.prospecting.actions.save_campaign import edit_campaign, plan_campaign, set_agenda
from duobiao.prospecting.forms.campaigns import AgendaForm, CampaignForm, FollowUpForm
from duobiao.prospecting.models import Campaign, Way
from duobiao.prospecting.queries.campaigns import (
    asks_seen,
    campaigns_matching,
    follow_ups_of,
    get_campaign,
    leads_of,
    source_rows,
    with_yields,
    won_deals,
)
from duobiao.prospecting.views.common import answer
from duobiao.timeline.queries import entries_for
from duobiao.web.api import PageQuery, page_of
from duobiao.web.http import page_or_fragment, render

VERB = "prospecting.campaigns"
PAGE = "/campaigns/"
ROWS = 50
HISTORY = 20


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """List campaigns, the latest first, with what each brought."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    way, text = request.GET.get("way", ""), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    way = way if way in Way.values else ""
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(campaigns_matching(actor, way=way, text=text), page=query, sort="-starts_on")
    context = {
        "rows": with_yields(page.items, actor),
        "next": f"?way={way}&cursor={page.next}" if page.next else "",
        "way": way,
        "text": text,
        "ways": Way.choices,
        "may_plan": allows(actor, VERB),
    }
    return page_or_fragment(
        request, page="prospecting/campaigns.html", fragment="prospecting/_campaign_list.html", context=context
    )


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Compare the sources of leads."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    return render(request, "prospecting/sources.html", {"rows": source_rows(actor)})


@require_safe
def campaign(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a campaign: plan, results, leads, next steps, referral asks."""
    actor = actor_of(request)
    held = get_campaign(ref=ref, user=actor)
    agenda = list(held.agenda.order_by("number"))
    context = {
        "campaign": held,
        "brought": with_yields([held], actor)[0].brought,
        "agenda": agenda,
        "promotion": sum(not point.problem for point in agenda),
        "leads": leads_of(held, actor),
        "deals": won_deals(held, actor),
        "follow_ups": follow_ups_of(held, actor),
        "asks": list(asks_seen(actor, campaign=held).order_by("-asked_on", "-pk")[:ROWS]),
        "may_edit": allows(actor, VERB, held),
        "may_capture": allows(actor, "prospecting.capture"),
        "entries": entries_for(subject=Ref.of(held), limit=HISTORY),
        "on": local_day(timezone.now(), company_of(request).time_zone),
    }
    return render(request, "prospecting/campaign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a campaign."""
    actor = actor_of(request)
    require(actor, VERB)
    posted = request.POST if request.method == "POST" else None
    way = request.GET.get("way", "")
    initial = {"way": way} if way in Way.values else {}
    form = CampaignForm(posted, campaign=None, currency=company_of(request).currency, initial=initial)

    def act() -> str:
        made = plan_campaign(values=form.values(), cost=form.money(), actor=actor, now=timezone.now())
        return f"{PAGE}{made.ref}/"

    context = {"title": _("Plan a campaign"), "back": PAGE, "campaign": None}
    return answer(request, form, act, to=PAGE, fragment="campaign_form", context=context, toast=_("Campaign planned"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a campaign."""
    actor = actor_of(request)
    held = get_campaign(ref=ref, user=actor)
    require(actor, VERB, held)
    posted = request.POST if request.method == "POST" else None
    form = CampaignForm(posted, campaign=held, currency=held.currency)

    def act() -> None:
        edit_campaign(
            campaign=held,
            version=form.cleaned_data["version"],
            values=form.values(),
            cost=form.money(),
            actor=actor,
            now=timezone.now(),
        )

    return _answer(
        request,
        held,
        form,
        act,
        fragment="campaign_form",
        title=_("Edit %(name)s") % {"name": held.name},
        toast=_("Saved"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, ref: str) -> HttpResponse:
    """Write the agenda of a seminar."""
    actor = actor_of(request)
    held = get_campaign(ref=ref, user=actor)
    require(actor, VERB, held)
    posted = request.POST if request.method == "POST" else None
    points = list(held.agenda.order_by("number"))
    form = AgendaForm(posted, points=points, initial={"version": held.version})

    def act() -> None:
        version = form.cleaned_data["version"]
        set_agenda(campaign=held, version=version, points=form.points(), actor=actor, now=timezone.now())

    return _answer(request, held, form, act, fragment="agenda", title=_("Agenda of the seminar"), toast=_("Saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, ref: str) -> HttpResponse:
    """Put the same next step on every open lead of a campaign."""
    actor = actor_of(request)
    held = get_campaign(ref=ref, user=actor)
    require(actor, VERB, held)
    today = local_day(timezone.now(), company_of(request).time_zone)
    form = FollowUpForm(request.POST if request.method == "POST" else None, today=today)

    def act() -> None:
        follow_campaign(campaign=held, **form.cleaned_data, actor=actor, now=timezone.now())

    title = _("Next step for every open lead")
    return _answer(request, held, form, act, fragment="follow", title=title, toast=_("Next steps added"))


def _answer(
    request: HttpRequest,
    held: Campaign,
    form: Form,
    act: Callable[[], object],
    *,
    fragment: str,
    title: str,
    toast: str,
) -> HttpResponse:
    back = f"{PAGE}{held.ref}/"
    context = {"title": title, "back": back, "campaign": held}
    return answer(request, form, act, to=back, fragment=fragment, context=context, toast=toast)
