"""What analyses and plans put into the pages of others: customer, strategy of a deal, Today."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.customers.models import Customer
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity
from duobiao.planning.domain.sheets import About
from duobiao.planning.queries.definitions import find_definition
from duobiao.planning.queries.plans import plans_of
from duobiao.planning.queries.sheets import briefs, sheet_shown
from duobiao.planning.queries.subjects import Subject, may_write
from duobiao.web.registry import Panel, register_panel

SWOT = "swot"


def customer_sheets(request: HttpRequest, customer: Customer) -> str:
    """Draw the analyses of a customer in one line each."""
    found = briefs(Subject(About.CUSTOMER, customer), actor_of(request))
    return render_to_string("planning/_customer_sheets.html", {"customer": customer, "briefs": found}, request)


def customer_plans(request: HttpRequest, customer: Customer) -> str:
    """Draw the annual plans of a customer."""
    context = {
        "customer": customer,
        "plans": plans_of(customer),
        "may_edit": allows(actor_of(request), "customers.edit", customer),
        "on": local_day(timezone.now(), company_of(request).time_zone),
    }
    return render_to_string("planning/_customer_plans.html", context, request)


def deal_swot(request: HttpRequest, deal: Opportunity) -> str:
    """Draw the SWOT of a deal in short."""
    actor, subject = actor_of(request), Subject(About.DEAL, deal)
    on = local_day(timezone.now(), company_of(request).time_zone)
    context = {
        "deal": deal,
        "shown": sheet_shown(subject, find_definition(SWOT, About.DEAL), actor, on=on),
        "url_of_sheet": subject.address(SWOT),
        "may_write": may_write(subject, actor),
    }
    return render_to_string("planning/_deal_swot.html", context, request)


def dates_due(request: HttpRequest, day: Any) -> str:
    """Draw the place of the milestones and reviews that are due; the page fetches them once it is there.

    Args:
        day: Whether the ``team`` is looked at.
    """
    return render_to_string("planning/_dates_place.html", {"team": day.team}, request)


def register() -> None:
    """Put the panels into their slots."""
    register_panel(Panel("customer.main", 22, None, customer_plans))
    register_panel(Panel("customer.main", 28, None, customer_sheets))
    register_panel(Panel("opportunity.strategy", 15, "opportunities.view", deal_swot))
    register_panel(Panel("today.main", 40, None, dates_due))
