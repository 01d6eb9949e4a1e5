"""What needs put into the pages of others: the tab of a deal."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.needs.actions.common import DECIDE, WORK
from duobiao.needs.queries.papers import papers_of
from duobiao.needs.queries.records import changes_of, mix_of_sheet, objections_of, problems_of, sheets_of
from duobiao.needs.queries.trees import tree_of
from duobiao.needs.queries.words import OBJECTION_STEPS
from duobiao.opportunities.models import Opportunity
from duobiao.web.registry import Panel, register_panel


def register() -> None:
    """Put the panels into their slots."""
    register_panel(Panel("opportunity.needs", 10, "opportunities.view", needs))
    register_panel(Panel("opportunity.needs", 30, "opportunities.view", objections))
    register_panel(Panel("opportunity.needs_side", 20, "opportunities.view", requirements))
    register_panel(Panel("opportunity.needs_side", 30, "opportunities.view", questions))


def needs(request: HttpRequest, deal: Opportunity) -> str:
    """Draw the requirement tree with its gaps, and the problems that no need was made of yet."""
    may = _may_work(request, deal)
    problems = problems_of(deal, actor_of(request)) if may else []
    context = {"deal": deal, "tree": tree_of(deal), "problems": problems, "may_work": may}
    return render_to_string("needs/_tree.html", context, request)


def objections(request: HttpRequest, deal: Opportunity) -> str:
    """Draw the objections of a deal."""
    rows = objections_of(deal)
    context = {
        "deal": deal,
        "objections": rows,
        "waiting": sum(not row.is_closed for row in rows),
        "steps": OBJECTION_STEPS,
        "may_work": _may_work(request, deal),
    }
    return render_to_string("needs/_objections.html", context, request)


def requirements(request: HttpRequest, deal: Opportunity) -> str:
    """Draw the versions of the requirements and the changes asked for."""
    may_decide = policy.allows(actor_of(request), DECIDE, deal)
    context = {
        "deal": deal,
        "papers": papers_of(deal.pk),
        "changes": [row for row in changes_of(deal) if row.state == "OPEN"],
        "may_work": _may_work(request, deal),
        "may_decide": may_decide,
    }
    return render_to_string("needs/_requirements.html", context, request)


def questions(request: HttpRequest, deal: Opportunity) -> str:
    """Draw the SPIN sheets of a deal."""
    rows = [(sheet, mix_of_sheet(sheet)) for sheet in sheets_of(deal)]
    context = {"deal": deal, "rows": rows, "may_work": _may_work(request, deal)}
    return render_to_string("needs/_questions.html", context, request)


def _may_work(request: HttpRequest, deal: Opportunity) -> bool:
    return deal.is_open and policy.allows(actor_of(request), WORK, deal)
