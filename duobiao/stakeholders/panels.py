"""What the decision chain puts into the pages of deals."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import company_today
from duobiao.playbooks.domain.people import Judged
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.models import RelationClass
from duobiao.stakeholders.queries.chain import Chain, load_chain
from duobiao.stakeholders.queries.drawing import picture_of
from duobiao.stakeholders.queries.matrix import matrix_of
from duobiao.stakeholders.queries.person import topic_lines
from duobiao.stakeholders.queries.playbook_rules import half_lives_of
from duobiao.stakeholders.queries.steps import around, days_of_change
from duobiao.web.registry import Panel, register_panel


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("opportunity.chain", 10, "opportunities.view", chain_page))


def chain_page(request: HttpRequest, deal: Opportunity) -> str:
    """Show the chain of a deal on a day: picture, table, matrix, coverage, and one person beside them.

    The query: ``on`` a day, ``lines=formal`` without informal lines, ``view=table`` without the picture, ``person``.
    """
    today = company_today(request)
    on = _day(request.GET.get("on", ""), today)
    chain = load_chain(deal, on=on)
    informal = request.GET.get("lines") != "formal"
    chosen = _chosen(chain, request.GET.get("person", ""))
    earlier, later = around(days_of_change(deal), on, today)
    context: dict[str, Any] = {
        "deal": deal,
        "chain": chain,
        "matrix": matrix_of(chain),
        "stance_days": half_lives_of(deal)[Judged.STANCE],
        "picture": picture_of(chain, informal=informal) if chain.present else None,
        "informal": informal,
        "as_table": request.GET.get("view") == "table",
        "chosen": chosen,
        "topics": topic_lines(chosen) if chosen else [],
        "today": today,
        "earlier": earlier,
        "later": later,
        "bridge": RelationClass.BRIDGE,
        "may_map": policy.allows(actor_of(request), MAP, deal) and (deal.is_open or deal.outcome == "WON"),
    }
    return render_to_string("stakeholders/_chain.html", context, request)


def _chosen(chain: Chain, ref: str) -> Any:
    return next((figure for figure in chain.people if figure.row.ref == ref), None)


def _day(text: str, today: date) -> date:
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today
