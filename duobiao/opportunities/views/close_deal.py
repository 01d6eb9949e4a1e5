"""Close a deal: won with the contract, lost or given up with a coded reason; and open it again."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.approvals.queries.rights import settles_alone
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.approval_drafts import give_up_draft
from duobiao.opportunities.actions.ask_give_up import ask_give_up
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.actions.reopen_opportunity import DealOpen, reopen_opportunity
from duobiao.opportunities.domain.links import deal_url, prove_url
from duobiao.opportunities.forms.deal import CloseForm, ReasonForm
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.opportunities.queries.approval_requests import open_give_up
from duobiao.opportunities.queries.contract import contract_keys, has_contract
from duobiao.opportunities.views.common import answer_form, needs, own_today, visible_deal
from duobiao.playbooks.queries import compiled_playbook


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Close a deal; ``?outcome=`` chooses one beforehand."""
    deal, today = visible_deal(request, ref), own_today(request)
    actor = actor_of(request)
    outcomes = _outcomes(request, deal)
    require_open(deal)
    alone = policy.allows(actor, "opportunities.give_up", deal) and settles_alone(
        give_up_draft(deal, actor=actor), actor
    )
    asked = request.GET.get("outcome", "")
    initial = {"outcome": asked if asked in outcomes else ""}
    form = CloseForm(_given(request), outcomes=outcomes, today=today, initial=initial)

    def act() -> None:
        held = dict(form.cleaned_data)
        alternatives = held.pop("alternatives")
        if held["outcome"] == Outcome.GIVEN_UP and not alone:
            words = {"reason": held["reason"], "note": held["note"], "alternatives": alternatives}
            ask_give_up(opportunity=deal, actor=actor, now=timezone.now(), **words)
        else:
            close_opportunity(opportunity=deal, actor=actor, now=timezone.now(), **held)

    asks = request.POST.get("outcome") == Outcome.GIVEN_UP and not alone
    context = {
        "deal": deal,
        "back": deal_url(deal.ref),
        "alone": alone,
        "waiting": open_give_up(deal),
        "has_contract": has_contract(deal, by=today),
        "contract_url": _contract_url(deal),
    }
    toast = _("Request sent") if asks else _("Deal closed")
    return answer_form(request, form, act, to=deal_url(deal.ref), fragment="close", context=context, toast=toast)


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


def _outcomes(request: HttpRequest, deal: Opportunity) -> list[str]:
    """Return how the reader may close this deal, or ask to.

    Raises:
        NotAllowed: in no way.
    """
    actor = actor_of(request)
    if policy.allows(actor, "opportunities.close", deal):
        return [str(Outcome.WON), str(Outcome.LOST), str(Outcome.GIVEN_UP)]
    policy.require(actor, "opportunities.give_up", deal)
    return [str(Outcome.GIVEN_UP)]


def _given(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
