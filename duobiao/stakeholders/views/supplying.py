"""From an item of the deal to the record of the chain that proves it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.domain.links import prove_url
from duobiao.opportunities.views.common import company_today, visible_deal
from duobiao.playbooks.queries.people_words import PEOPLE
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.queries.chain import load_chain
from duobiao.stakeholders.queries.supplying import asked_by, keys_of, supplying
from duobiao.stakeholders.queries.titles import evidence_title
from duobiao.stakeholders.views.common import chain_url
from duobiao.web.http import page_or_fragment


@require_safe
def supply(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what of the chain supplies ``?key=`` or ``?item=``; where only one form does, go there."""
    deal = visible_deal(request, ref)
    key, item = request.GET.get("key", ""), request.GET.get("item", "")
    if not key and not item:
        return HttpResponseRedirect(chain_url(deal))
    wanted = [(name, asked) for name in keys_of(deal, key=key, item=item) if (asked := asked_by(name)) is not None]
    if not wanted:
        raise NotFound(_("There is no such record."))
    chain = load_chain(deal, on=company_today(request))
    found = [supplying(chain, name, asked) for name, asked in wanted]
    may_map = policy.allows(actor_of(request), MAP, deal) and (deal.is_open or deal.outcome == "WON")
    if may_map and len(found) == 1 and found[0].only_step:
        return HttpResponseRedirect(found[0].only_step)
    context = {
        "deal": deal,
        "title": evidence_title(wanted[0][0]),
        "parts": [(one, str(PEOPLE[one.asked.who]) if one.asked.who else "") for one in found],
        "title_of": evidence_title,
        "may_map": may_map,
        "other_proof": prove_url(ref, key="" if item else key, item=item)
        if policy.allows(actor_of(request), "opportunities.prove", deal)
        else "",
        "back": chain_url(deal),
        "fragment": "stakeholders/_supplying.html",
    }
    return page_or_fragment(
        request, page="stakeholders/form.html", fragment="stakeholders/_supplying.html", context=context
    )
