"""Next steps on leads, and referral asks."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.queries.customers import get_customer
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.prospecting.actions.ask_referral import ask_referral, settle_ask
from duobiao.prospecting.actions.capture_lead import lead_page
from duobiao.prospecting.actions.follow_up import add_follow_up, finish_follow_up
from duobiao.prospecting.actions.keep_lead import require_open
from duobiao.prospecting.forms.campaigns import AskForm, FollowUpForm, ResultForm, SettleForm
from duobiao.prospecting.models import Campaign, FollowUp, ReferralAsk, Way
from duobiao.prospecting.queries.campaigns import asks_seen
from duobiao.prospecting.queries.leads import get_lead
from duobiao.prospecting.views.common import answer
from duobiao.web.api import PageQuery, found_or_404, page_of
from duobiao.web.http import render

WORK = "prospecting.work"
ASKS = "/referral-asks/"
ROWS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a next step on a lead."""
    actor = actor_of(request)
    lead = get_lead(ref=ref, user=actor)
    require(actor, WORK, lead)
    require_open(lead)
    today = local_day(timezone.now(), company_of(request).time_zone)
    form = FollowUpForm(request.POST if request.method == "POST" else None, today=today)

    def act() -> None:
        add_follow_up(lead=lead, **form.cleaned_data, actor=actor, now=timezone.now())

    context = {"title": _("Next step"), "back": lead_page(lead), "lead": lead}
    return answer(
        request, form, act, to=lead_page(lead), fragment="follow", context=context, toast=_("Next step added")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, ref: str) -> HttpResponse:
    """Say what came of a next step."""
    actor = actor_of(request)
    rows = FollowUp.objects.visible_to(actor).select_related("lead__owner")
    held = found_or_404(rows.filter(ref=ref).first())
    if held.owner_id != actor.pk:
        require(actor, WORK, held.lead)
    form = ResultForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        finish_follow_up(follow_up=held, result=form.cleaned_data["result"], actor=actor, now=timezone.now())

    page = lead_page(held.lead)
    context = {"title": held.title, "back": page, "lead": held.lead}
    return answer(request, form, act, to=page, fragment="finish", context=context, toast=_("Done"))


@require_safe
def asks(request: HttpRequest) -> HttpResponse:
    """List the referral asks one may see, the latest first."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(asks_seen(actor), page=query, sort="-asked_on")
    may = {row.pk for row in page.items if allows(actor, WORK, row)}
    context = {"rows": page.items, "may": may, "next": f"?cursor={page.next}" if page.next else ""}
    return render(request, "prospecting/asks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a customer was asked to refer us."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, WORK)
    today = local_day(timezone.now(), company_of(request).time_zone)
    campaigns = Campaign.objects.visible_to(actor).filter(way=Way.REFERRAL).order_by("-starts_on", "-pk")
    posted = request.POST if request.method == "POST" else None
    form = AskForm(posted, customer=customer, campaigns=campaigns, today=today)

    def act() -> None:
        ask_referral(customer=customer, **form.cleaned_data, actor=actor, now=timezone.now())

    context = {
        "title": _("Ask %(name)s for a referral") % {"name": customer.label},
        "back": f"/customers/{customer.ref}/",
    }
    return answer(request, form, act, to=ASKS, fragment="ask", context=context, toast=_("Ask noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, ref: str) -> HttpResponse:
    """Note what came of a referral ask."""
    actor = actor_of(request)
    rows = ReferralAsk.objects.visible_to(actor).select_related("customer", "asked_by")
    held = found_or_404(rows.filter(ref=ref).first())
    require(actor, WORK, held)
    form = SettleForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        done = settle_ask(ask=held, **form.cleaned_data, actor=actor, now=timezone.now())
        return lead_page(done.lead) if done.lead is not None else ASKS

    context = {"title": _("Answer of %(name)s") % {"name": held.customer.label}, "back": ASKS, "ask": held}
    return answer(request, form, act, to=ASKS, fragment="settle", context=context, toast=_("Answer noted"))
