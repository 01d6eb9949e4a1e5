"""What rivals put into the pages of deals (their own tab, a line on the strategy) and of customers."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from duobiao.competition.models import DealRival, Landscape
from duobiao.competition.queries.at_customer import rivals_at
from duobiao.competition.queries.cards import VIEW
from duobiao.competition.queries.landscape import grades, landscape_shown
from duobiao.customers.models import Customer
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import own_today
from duobiao.web.registry import Panel, register_panel

ASSESS = "competition.assess"


def landscape(request: HttpRequest, deal: Opportunity) -> str:
    """Draw everything about the rivals of a deal."""
    actor = actor_of(request)
    context = {
        "deal": deal,
        "shown": landscape_shown(deal, actor, on=own_today(request)),
        "may_write": deal.is_open and allows(actor, ASSESS, deal),
    }
    return render_to_string("competition/_landscape.html", context, request)


def strategy_line(request: HttpRequest, deal: Opportunity) -> str:
    """Draw the rivals of a deal in short, with the gap to the strongest."""
    rows = list(DealRival.objects.filter(opportunity=deal, left_on=None).select_related("rival").order_by("pk"))
    held = Landscape.objects.filter(opportunity=deal).first() if rows else None
    context = {
        "deal": deal,
        "rivals": [(row, grades(row.gap_hundredths)) for row in rows],
        "gap": grades(held.gap_hundredths) if held is not None else None,
    }
    return render_to_string("competition/_strategy_line.html", context, request)


def customer_rivals(request: HttpRequest, customer: Customer) -> str:
    """Show who competes with us at a customer; nothing where no rival is known."""
    lines = rivals_at(customer, actor_of(request))
    return render_to_string("competition/_customer_rivals.html", {"lines": lines}, request) if lines else ""


def register() -> None:
    """Put the panels into their slots."""
    register_panel(Panel("opportunity.competition", 10, "opportunities.view", landscape))
    register_panel(Panel("opportunity.strategy", 17, "opportunities.view", strategy_line))
    register_panel(Panel("customer.main", 21, VIEW, customer_rivals))
