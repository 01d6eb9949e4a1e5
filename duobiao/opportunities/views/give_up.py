"""Ask to give a deal up, with what was tried and what would change our mind."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.approvals.queries.rights import first_asked, settles_alone
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.approval_drafts import give_up_draft
from duobiao.opportunities.actions.ask_give_up import ask_give_up
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.give_up import GiveUpForm
from duobiao.opportunities.queries.approval_requests import open_give_up
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.give_up import proposals_of
from duobiao.opportunities.views.common import answer_form, company_today, own_today, visible_deal


@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask to give a deal up; who may decide alone gives it up at once."""
    deal, actor = visible_deal(request, ref), actor_of(request)
    if not policy.allows(actor, "opportunities.give_up", deal):
        policy.require(actor, "opportunities.close", deal)
    require_open(deal)
    today = company_today(request)
    explained = explain(deal, today)
    given = request.POST if request.method == "POST" else None
    form = GiveUpForm(given, proposals=proposals_of(explained), today=own_today(request))

    def act() -> None:
        ask_give_up(opportunity=deal, actor=actor, now=timezone.now(), **form.values())

    draft = give_up_draft(deal, actor=actor)
    alone = settles_alone(draft, actor)
    to = deal_url(deal.ref)
    context = {
        "deal": deal,
        "back": to,
        "title": _("Give the deal up"),
        "alone": alone,
        "asked": [] if alone else first_asked(draft, on=today),
        "waiting": open_give_up(deal),
        "lag": explained.assessment.lag or 0,
        "buyer_stage": explained.assessment.buyer_stage,
    }
    toast = _("Deal given up") if alone else _("Request sent")
    return answer_form(request, form, act, to=to, fragment="give_up", context=context, toast=toast)
