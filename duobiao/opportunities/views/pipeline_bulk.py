"""Hand many deals over at once: choose, look, confirm; all of them change hands or none."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.identity.people_picker import offer_people
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.handover_opportunity import handover_all
from duobiao.opportunities.forms.pipeline import HandoverForm
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.filters import narrowed
from duobiao.opportunities.queries.saved_views import State, read_state, views_of
from duobiao.opportunities.views.pipeline_frame import layout_url
from duobiao.web.forms import once
from duobiao.web.http import done, is_fragment_request, render

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen on the list.

    Attributes:
        barred: Deals that this person may see but not hand over, with the reason.
        more: Every filtered deal was asked for, and there are more than can be done at once.
    """

    deals: list[Opportunity]
    barred: list[tuple[Opportunity, str]]
    more: bool
    back: str

    @property
    def ready(self) -> list[Opportunity]:
        """The deals that can change hands."""
        barred = {deal.pk for deal, _ in self.barred}
        return [deal for deal in self.deals if deal.pk not in barred]


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """Ask who gets the chosen deals; once confirmed, hand them over. ``?field=`` offers people while one types."""
    actor = actor_of(request)
    policy.require(actor, "opportunities.handover")
    if "field" in request.GET:
        return offer_people(request, HandoverForm())
    chosen = _chosen(request, actor)
    confirmed = request.POST.get("confirmed") == "1"
    form, status = HandoverForm(request.POST if confirmed else None), 200
    if confirmed and chosen.deals and not chosen.barred:
        status = 422
        if form.is_valid():
            try:
                return _hand_over(request, form, chosen, actor)
            except Refusal as refusal:
                status = refused(form, refusal)
    elif confirmed:
        status = 422
    return _page(request, form, chosen, status)


def _hand_over(request: HttpRequest, form: HandoverForm, chosen: Chosen, actor: User) -> HttpResponse:
    to, note = form.cleaned_data["to"], form.cleaned_data["note"]
    with once(request) as submission:
        if submission.first:
            handover_all(opportunities=chosen.deals, to=to, note=note, actor=actor, now=timezone.now())
            submission.result = chosen.back
    count = len(chosen.deals)
    words = ngettext("%(n)d deal handed over to %(name)s", "%(n)d deals handed over to %(name)s", count)
    said = words % {"n": count, "name": to.name}
    gone = count - Opportunity.objects.visible_to(actor).filter(pk__in=[deal.pk for deal in chosen.deals]).count()
    if gone:
        words = ngettext("%(n)d of them is outside your reach now", "%(n)d of them are outside your reach now", gone)
        said = pgettext("between parts of a sentence", ", ").join([said, words % {"n": gone}])
    return done(request, to=submission.result or chosen.back, toast=said)


def _page(request: HttpRequest, form: HandoverForm, chosen: Chosen, status: int) -> HttpResponse:
    context = {"form": form, "chosen": chosen, "query": request.POST.get("query", "")}
    template = "opportunities/_handover.html" if is_fragment_request(request) else "opportunities/handover.html"
    return render(request, template, context, status=status)


def _chosen(request: HttpRequest, actor: User) -> Chosen:
    state = _state(request, actor)
    rows = Opportunity.objects.visible_to(actor)
    if "all" in request.POST:
        today = local_day(timezone.now(), company_of(request).time_zone)
        rows = narrowed(rows, state.filters, user=actor, today=today)
    else:
        rows = rows.filter(ref__in=request.POST.getlist("ref")[:MOST_AT_ONCE])
    found = list(rows.select_related("owner", "customer").order_by("name", "ref")[: MOST_AT_ONCE + 1])
    deals = found[:MOST_AT_ONCE]
    reason = _("Not within your reach")
    barred = [(deal, reason) for deal in deals if not policy.allows(actor, "opportunities.handover", deal)]
    query = state.query()
    back = f"{layout_url('list')}{'?' if query else ''}{query}"
    return Chosen(deals, barred, len(found) > MOST_AT_ONCE, back)


def _state(request: HttpRequest, actor: User) -> State:
    return read_state(QueryDict(request.POST.get("query", "")[:4000]), views_of(actor))
