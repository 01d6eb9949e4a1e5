"""Give one deal to another owner."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.people_picker import offer_people
from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.deal import DealHandoverForm
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.choices import able_owners
from duobiao.opportunities.views.common import answer_form, needs, visible_deal


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose the new owner; stage, history and authors stay. Who no longer sees the deal returns to the list.

    ``?field=`` offers people while one types.
    """
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.handover", deal)
    given = request.POST if request.method == "POST" else None
    form = DealHandoverForm(given, people=able_owners().exclude(pk=deal.owner_id))
    if "field" in request.GET:
        return offer_people(request, form)

    def act() -> str:
        handover_opportunity(opportunity=deal, actor=actor, now=timezone.now(), **form.cleaned_data)
        sees = Opportunity.objects.visible_to(actor).filter(pk=deal.pk).exists()
        return deal_url(deal.ref) if sees else reverse("opportunities:list")

    context = {"deal": deal, "back": deal_url(deal.ref)}
    return answer_form(
        request, form, act, to=deal_url(deal.ref), fragment="hand_over", context=context, toast=_("Deal handed over")
    )
