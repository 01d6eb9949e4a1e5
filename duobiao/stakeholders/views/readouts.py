"""Pages derived from a chain: read-outs, what-if, guided rebuild, picture and report as files."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.opportunities.views.common import company_today, visible_deal
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.queries.asked import asked_of
from duobiao.stakeholders.queries.chain import load_chain
from duobiao.stakeholders.queries.conflicts import conflicts_on
from duobiao.stakeholders.queries.drawing import picture_of
from duobiao.stakeholders.queries.influence import suppose
from duobiao.stakeholders.queries.leaning import leanings_of
from duobiao.stakeholders.queries.readouts import (
    blue_sheet_of,
    c139_of,
    card_of,
    dmi_of,
    element_of,
    live_grades,
    meddpicc_of,
)
from duobiao.stakeholders.queries.rebuild import rebuild_steps
from duobiao.stakeholders.queries.report import chain_paper
from duobiao.stakeholders.views.common import chain_url
from duobiao.web.http import render
from duobiao.web.papers import paper_response

STANCES = ("2", "1", "0", "-1", "-2")


@require_safe
def readouts(request: HttpRequest, ref: str) -> HttpResponse:
    """Show C139 and DMI, role cards and conflicts; MEDDPICC and the Blue Sheet where the company wants them."""
    deal, company = visible_deal(request, ref), company_of(request)
    chain = load_chain(deal, on=company_today(request))
    grades = live_grades(chain)
    c139 = c139_of(chain, grades)
    meddpicc = meddpicc_of(chain, grades) if company.shows_meddpicc else None
    context = {
        "deal": deal,
        "chain": chain,
        "back": chain_url(deal),
        "c139": c139,
        "c139_rows": [element_of(row) for row in (*c139.clear, *c139.first, c139.win)],
        "dmi": dmi_of(chain),
        "meddpicc": meddpicc,
        "meddpicc_rows": [element_of(row) for row in meddpicc.scores] if meddpicc else [],
        "blue_sheet": blue_sheet_of(chain) if company.shows_blue_sheet else None,
        "cards": [(figure, card_of(figure.row.function)) for figure in chain.present],
        "conflicts": conflicts_on(chain),
        "may_map": policy.allows(actor_of(request), MAP, deal),
    }
    return render(request, "stakeholders/readouts.html", context)


@require_safe
def what_if(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the chain with other stances, or without some people; ``s_<ref>`` is a stance, ``leave`` who leaves."""
    deal = visible_deal(request, ref)
    chain = load_chain(deal, on=company_today(request))
    asked = {figure.key: request.GET.get(f"s_{figure.row.ref}", "") for figure in chain.present}
    stances = {key: int(value) for key, value in asked.items() if value in STANCES}
    leaving = {figure.key for figure in chain.present if figure.row.ref in request.GET.getlist("leave")}
    context = {
        "deal": deal,
        "back": chain_url(deal),
        "supposed": suppose(chain, stances=stances, leaving=leaving),
        "stances": stances,
        "leaving": leaving,
        "asked": bool(stances or leaving),
    }
    return render(request, "stakeholders/what_if.html", context)


@require_safe
def rebuild(request: HttpRequest, ref: str) -> HttpResponse:
    """Guide through rebuilding the decision chain, step by step, to the report."""
    deal = visible_deal(request, ref)
    chain = load_chain(deal, on=company_today(request))
    context = {
        "deal": deal,
        "chain": chain,
        "back": chain_url(deal),
        "steps": rebuild_steps(chain),
        "may_map": policy.allows(actor_of(request), MAP, deal),
    }
    return render(request, "stakeholders/rebuild.html", context)


@require_safe
def report(request: HttpRequest, ref: str) -> FileResponse:
    """Hand out the stakeholder strategy report as a Word file."""
    deal = visible_deal(request, ref)
    return paper_response(*chain_paper(load_chain(deal, on=company_today(request)), now=timezone.now()))


@require_safe
def picture(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand out the picture of the chain as it is asked for as an SVG file; names in it are text, never markup."""
    deal = visible_deal(request, ref)
    asked = asked_of(request.GET, company_today(request))
    chain = load_chain(deal, on=asked.on)
    leanings = leanings_of(chain) if asked.rivals else {}
    drawn = picture_of(chain, layout=asked.layout, informal=asked.informal, leanings=leanings)
    text = render_to_string("stakeholders/_picture_file.html", {"picture": drawn, "deal": deal})
    response = HttpResponse(text, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="decision-chain-{deal.ref}.svg"'
    return response
