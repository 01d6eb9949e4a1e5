"""What calls and visits put into the pages of deals and customers."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.customers.models import Customer
from duobiao.engagement.queries.records import call_list, visit_list
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.models import Opportunity
from duobiao.web.registry import Panel, register_panel

MOST = 5


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("opportunity.activity", 20, "opportunities.view", deal_activity))
    register_panel(Panel("customer.main", 20, "customers.view", customer_activity))


def deal_activity(request: HttpRequest, deal: Opportunity) -> str:
    """Show the latest calls and the visits of a deal, with one click to the next of each."""
    return _panel(request, {"opportunity": deal}, f"opportunity={deal.ref}", subject=deal)


def customer_activity(request: HttpRequest, customer: Customer) -> str:
    """Show the latest calls and visits with a customer that the person may see."""
    return _panel(request, {"customer": customer}, f"customer={customer.ref}", subject=customer)


def _panel(request: HttpRequest, where: dict[str, Any], query: str, *, subject: Opportunity | Customer) -> str:
    actor, now = actor_of(request), timezone.now()
    visits = visit_list(actor, mine=False, when="all", now=now).filter(**where)
    context = {
        "calls": list(call_list(actor, mine=False).filter(**where)[:MOST]),
        "coming": list(
            visits.filter(held_on__isnull=True, cancelled_at__isnull=True).order_by("planned_at", "pk")[:MOST]
        ),
        "held": list(visits.filter(held_on__isnull=False, cancelled_at__isnull=True)[:MOST]),
        "now": now,
        "query": query,
        "may_log": policy.allows(actor, "engagement.log_call", subject),
        "may_plan": policy.allows(actor, "engagement.plan_visit", subject),
    }
    return render_to_string("engagement/_activity.html", context, request=request)
