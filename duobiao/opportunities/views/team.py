"""Who works on a deal, and which companies take part in the project."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.people_picker import offer_people
from duobiao.opportunities.actions.change_participants import add_participant, remove_participant
from duobiao.opportunities.actions.change_team import add_to_team, remove_from_team
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.team import ParticipantForm, TeamForm
from duobiao.opportunities.queries.pickers import customers_like
from duobiao.opportunities.views.common import DEAL_CHANGED, answer_form, needs, visible_deal
from duobiao.web.api import found_or_404
from duobiao.web.http import done


@require_http_methods(["GET", "HEAD", "POST"])
def add_member(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a colleague on the deal, or change their role on it. ``?field=`` offers people while one types."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.team", deal)
    people = User.objects.active().exclude(pk=deal.owner_id)
    initial = {"user": request.GET.get("user", "")}
    form = TeamForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    if "field" in request.GET:
        return offer_people(request, form)

    def act() -> None:
        add_to_team(opportunity=deal, actor=actor, now=timezone.now(), **form.cleaned_data)

    to = deal_url(deal.ref, "people")
    context = {"deal": deal, "back": to}
    return answer_form(request, form, act, to=to, fragment="team", context=context, toast=_("Team changed"))


@require_POST
def remove_member(request: HttpRequest, ref: str, user: str) -> HttpResponse:
    """Take a colleague off the deal."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.team", deal)
    member = found_or_404(User.objects.filter(ref=user).first())
    remove_from_team(opportunity=deal, user=member, actor=actor, now=timezone.now())
    return done(request, to=deal_url(deal.ref, "people"), fires=DEAL_CHANGED, toast=_("Team changed"), stay=True)


@require_http_methods(["GET", "HEAD", "POST"])
def add_company(request: HttpRequest, ref: str) -> HttpResponse:
    """Add a company; ``?q=`` finds it by its name."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.team", deal)
    words = " ".join(request.GET.get("q", "").split())[:120]
    visible = Customer.objects.visible_to(actor)
    offered = [row for row in customers_like(words, user=actor) if row.pk != deal.customer_id]
    chosen = visible.filter(ref=request.POST.get("customer", "")).first()
    if chosen is not None and chosen not in offered:
        offered.insert(0, chosen)
    given = request.POST if request.method == "POST" else None
    form = ParticipantForm(given, offered=offered, visible=visible)

    def act() -> None:
        add_participant(opportunity=deal, actor=actor, now=timezone.now(), **form.cleaned_data)

    to = deal_url(deal.ref, "people")
    context = {"deal": deal, "back": to, "words": words}
    return answer_form(request, form, act, to=to, fragment="participant", context=context, toast=_("Company added"))


@require_POST
def remove_company(request: HttpRequest, ref: str, key: int) -> HttpResponse:
    """Take a company off the project."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.team", deal)
    rows = deal.participants.select_related("customer", "opportunity__owner").filter(pk=key)
    remove_participant(participant=found_or_404(rows.first()), actor=actor, now=timezone.now())
    return done(request, to=deal_url(deal.ref, "people"), fires=DEAL_CHANGED, toast=_("Company removed"), stay=True)
