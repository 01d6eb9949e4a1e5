"""What the decision chain puts into the pages of deals."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import company_today
from duobiao.playbooks.domain.people import Judged
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.domain.support import ROLE_WEIGHTS
from duobiao.stakeholders.models import ChainRole, Layout
from duobiao.stakeholders.queries.asked import asked_of
from duobiao.stakeholders.queries.chain import Chain, load_chain
from duobiao.stakeholders.queries.drawing import lines_by_person, picture_of
from duobiao.stakeholders.queries.leaning import leanings_of
from duobiao.stakeholders.queries.matrix import matrix_of
from duobiao.stakeholders.queries.person import topic_lines
from duobiao.stakeholders.queries.plan import tiers_of
from duobiao.stakeholders.queries.playbook_rules import half_lives_of
from duobiao.stakeholders.queries.steps import steps_of
from duobiao.web.registry import Panel, register_panel


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("opportunity.chain", 10, "opportunities.view", chain_page))


def chain_page(request: HttpRequest, deal: Opportunity) -> str:
    """Show the chain of a deal on a day: picture, table, matrix, coverage, and one person beside them.

    The query: what ``asked_of`` reads, and ``person``, whom to show beside the picture.
    """
    asked = asked_of(request.GET, company_today(request))
    chain = load_chain(deal, on=asked.on)
    chosen = _chosen(chain, request.GET.get("person", ""))
    may_map = policy.allows(actor_of(request), MAP, deal) and (deal.is_open or deal.outcome == "WON")
    leanings = leanings_of(chain)
    context: dict[str, Any] = {
        "deal": deal,
        "chain": chain,
        "lines": lines_by_person(chain),
        "leanings": leanings,
        "tiers": tiers_of(deal),
        "matrix": matrix_of(chain),
        "stance_days": half_lives_of(deal)[Judged.STANCE],
        "picture": None,
        "asked": asked,
        "layouts": Layout,
        "parts_named": dict(ChainRole.choices),
        "weights": ROLE_WEIGHTS,
        "chosen": chosen,
        "topics": topic_lines(chosen) if chosen else [],
        "steps": steps_of(deal, asked.on, asked.today),
        "may_map": may_map,
        "may_arrange": may_map and asked.on == asked.today,
    }
    if chain.present and not asked.as_table:
        context["picture"] = picture_of(
            chain, layout=asked.layout, informal=asked.informal, leanings=leanings if asked.rivals else {}
        )
    return render_to_string("stakeholders/_chain.html", context, request)


def _chosen(chain: Chain, ref: str) -> Any:
    return next((figure for figure in chain.people if figure.row.ref == ref), None)
