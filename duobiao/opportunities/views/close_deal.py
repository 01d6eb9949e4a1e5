"""Close a deal: won with the contract, or lost with a coded reason; and open it again."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.actions.reopen_opportunity import DealOpen, reopen_opportunity
from duobiao.opportunities.domain.links import deal_url, give_up_url, prove_url
from duobiao.opportunities.forms.deal import CloseForm, ReasonForm
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.opportunities.queries.contract import contract_keys, has_contract
from duobiao.opportunities.views.common import answer_form, needs, own_today, visible_deal
from duobiao.playbooks.queries import compiled_playbook

OFFERED = (str(Outcome.WON), str(Outcome.LOST))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Close a deal as won or lost; ``?outcome=`` chooses one beforehand. Giving up has its own form."""
    deal, today = visible_deal(request, ref), own_today(request)
    actor = actor_of(request)
    may_close = policy.allows(actor, "opportunities.close", deal)
    asked = request.GET.get("outcome", "")
    if request.method != "POST" and (asked == Outcome.GIVEN_UP or not may_close):
        policy.require(actor, "opportunities.close" if may_close else "opportunities.give_up", deal)
        return HttpResponseRedirect(give_up_url(deal.ref))
    policy.require(actor, "opportunities.close", deal)
    require_open(deal)
    initial = {"outcome": asked if asked in OFFERED else ""}
    form = CloseForm(_given(request), outcomes=OFFERED, today=today, initial=initial)

    def act() -> None:
        close_opportunity(opportunity=deal, actor=actor, now=timezone.now(), **form.cleaned_data)

    context = {
        "deal": deal,
        "back": deal_url(deal.ref),
        "give_up": give_up_url(deal.ref),
        "has_contract": has_contract(deal, by=today),
        "contract_url": _contract_url(deal),
    }
    to = deal_url(deal.ref)
    return answer_form(request, form, act, to=to, fragment="close", context=context, toast=_("Deal closed"))


def _contract_url(deal: Opportunity) -> str:
    """Return the form for what wins the deal, with a choice where the playbook takes more than the contract."""
    compiled = compiled_playbook(deal.playbook_id)
    keys = sorted(contract_keys(compiled))
    if len(keys) == 1:
        return prove_url(deal.ref, key=keys[0])
    return prove_url(deal.ref, item=compiled.playbook.contract_items[0].key)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    """Open a closed deal again."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.reopen", deal)
    if deal.is_open:
        raise DealOpen(_("This deal is open."))
    form = ReasonForm(_given(request))

    def act() -> None:
        reopen_opportunity(opportunity=deal, actor=actor, now=timezone.now(), **form.cleaned_data)

    context = {"deal": deal, "back": deal_url(deal.ref)}
    return answer_form(
        request, form, act, to=deal_url(deal.ref), fragment="reopen", context=context, toast=_("Deal reopened")
    )


def _given(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
