"""What strategies and plans put into the strategy page of a deal."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity
from duobiao.strategy.queries.plans import plans_of
from duobiao.strategy.queries.strategies import versions_of
from duobiao.web.registry import Panel, register_panel


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("opportunity.strategy", 10, "opportunities.view", strategy))
    register_panel(Panel("opportunity.strategy", 20, "opportunities.view", plans))


def strategy(request: HttpRequest, deal: Opportunity) -> str:
    """Show the versions of the strategy with their reviews, the newest first."""
    versions = versions_of(deal)
    context = {
        "deal": deal,
        "versions": versions,
        "waits": bool(versions) and versions[0].review is None,
        "today": local_day(timezone.now(), company_of(request).time_zone),
        "may_plan": policy.allows(actor_of(request), "strategy.plan", deal),
    }
    return render_to_string("strategy/_versions.html", context, request)


def plans(request: HttpRequest, deal: Opportunity) -> str:
    """Show the contingency plans, those still open first."""
    today = local_day(timezone.now(), company_of(request).time_zone)
    context = {
        "deal": deal,
        "plans": plans_of(deal, on=today),
        "may_plan": policy.allows(actor_of(request), "strategy.plan", deal),
    }
    return render_to_string("strategy/_plans.html", context, request)
