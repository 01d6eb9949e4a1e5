"""Give one deal to another owner."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.deal import DealHandoverForm
from duobiao.opportunities.queries.choices import able_owners
from duobiao.opportunities.views.common import answer_form, needs, visible_deal


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose the new owner; stage, history and authors stay."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.handover", deal)
    given = request.POST if request.method == "POST" else None
    form = DealHandoverForm(given, people=able_owners().exclude(pk=deal.owner_id))

    def act() -> None:
        handover_opportunity(opportunity=deal, actor=actor, now=timezone.now(), **form.cleaned_data)

    context = {"deal": deal, "back": deal_url(deal.ref)}
    return answer_form(
        request, form, act, to=deal_url(deal.ref), fragment="hand_over", context=context, toast=_("Deal handed over")
    )
