"""What calls and visits put into the pages of deals and customers."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.customers.models import Customer
from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.models import Call, Visit
from duobiao.engagement.models.call import CallQuerySet
from duobiao.engagement.models.visit import VisitQuerySet
from duobiao.engagement.queries.cycles import due_cycles, plan_of
from duobiao.engagement.queries.records import visit_list
from duobiao.engagement.queries.said import MOST_RECORDS, minutes_of
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.kernel.days import end_of_day, start_of_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import company_today
from duobiao.stakeholders.actions.take import MAP
from duobiao.web.registry import Panel, register_panel

MOST = 3
DUE_AHEAD = timedelta(days=7)
CALL_LINE = (
    "ref", "started_at", "interest", "problem", "problem_since", "tried", "tried_result", "contact__name"
)  # fmt: skip
VISIT_LINE = ("ref", "planned_at", "held_on", "topic", "place", "summary", "problem")
FORGOTTEN = timedelta(days=30)
"""How long a visit that nobody recorded is called to mind."""


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("opportunity.main", 40, "opportunities.view", deal_activity))
    register_panel(Panel("chain.rebuild", 10, "opportunities.view", people_of_minutes))
    register_panel(Panel("today.meetings", 10, None, meetings_today))
    register_panel(Panel("customer.main", 20, "customers.view", customer_activity))
    register_panel(Panel("customer.main", 15, "customers.view", customer_plan))
    register_panel(Panel("today.main", 20, None, people_due))


def deal_activity(request: HttpRequest, deal: Opportunity) -> str:
    """Show the latest calls and the visits of a deal, with one click to the next of each."""
    calls, visits = Call.objects.live().filter(opportunity=deal), Visit.objects.filter(opportunity=deal)
    return _panel(request, calls, visits, f"opportunity={deal.ref}", subject=deal)


def people_of_minutes(request: HttpRequest, deal: Opportunity) -> str:
    """Show the latest calls and visits of a deal with the people they name, to put on its chain."""
    actor = actor_of(request)
    calls = Call.objects.visible_to(actor).filter(opportunity=deal)
    visits = Visit.objects.visible_to(actor).held().filter(opportunity=deal).prefetch_related("met")
    minutes = minutes_of(
        deal,
        calls=calls.select_related("contact").order_by("-started_at", "-pk")[:MOST_RECORDS],
        visits=visits.order_by("-held_on", "-pk")[:MOST_RECORDS],
    )
    if not minutes:
        return ""
    context = {"deal": deal, "minutes": minutes, "may_map": policy.allows(actor, MAP, deal)}
    return render_to_string("engagement/_rebuild.html", context, request)


def customer_activity(request: HttpRequest, customer: Customer) -> str:
    """Show the latest calls and visits with a customer that the person may see."""
    actor = actor_of(request)
    calls = Call.objects.visible_to(actor).filter(customer=customer)
    visits = Visit.objects.visible_to(actor).filter(customer=customer)
    return _panel(request, calls, visits, f"customer={customer.ref}", subject=customer)


def customer_plan(request: HttpRequest, customer: Customer) -> str:
    """Show how often the people of a customer are spoken to, and who is overdue."""
    actor = actor_of(request)
    planned, unplanned = plan_of(customer, on=company_today(request))
    context = {
        "customer": customer,
        "lines": planned,
        "unplanned": unplanned,
        "may_plan": policy.allows(actor, "engagement.plan_visit", customer),
    }
    return render_to_string("engagement/_customer_plan.html", context, request)


def people_due(request: HttpRequest, day: Any) -> str:
    """Show whom a person, or the team, is to speak to within a week; nothing where nobody is due.

    Args:
        day: Whose day it is (``user``), which one (``on``), and whether the ``team`` is looked at.
    """
    found, total = due_cycles(day.user, on=day.on, until=day.on + DUE_AHEAD, team=day.team)
    if not found:
        return ""
    return render_to_string("engagement/_cycles_due.html", {"lines": found, "total": total, "team": day.team}, request)


def meetings_today(request: HttpRequest, day: Any) -> str:
    """Show the visits of a person's day, and those that took place and wait to be recorded.

    Args:
        day: Whose day it is (``user``), which one (``on``), and whether the ``team`` is looked at.
    """
    zone = zone_for(day.user)
    begin, end = start_of_day(day.on, zone), end_of_day(day.on, zone)
    rows = visit_list(day.user, mine=not day.team, when="all", now=begin)
    open_rows = rows.filter(held_on__isnull=True, cancelled_at__isnull=True)
    context = {
        "today": list(open_rows.filter(planned_at__gte=begin, planned_at__lt=end).order_by("planned_at", "pk")),
        "late": list(open_rows.filter(planned_at__lt=begin, planned_at__gte=begin - FORGOTTEN)[:MOST]),
        "now": timezone.now(),
    }
    if not context["today"] and not context["late"]:
        return ""
    return render_to_string("engagement/_meetings.html", context, request=request)


def _panel(
    request: HttpRequest, calls: CallQuerySet, visits: VisitQuerySet, query: str, *, subject: Opportunity | Customer
) -> str:
    """Draw the latest of both; who sees a deal sees all its calls and visits."""
    actor = actor_of(request)
    lines = visits.only(*VISIT_LINE)
    spoken = calls.select_related("contact").only(*CALL_LINE).order_by("-started_at", "-pk")[:MOST]
    held = lines.held().order_by("-planned_at", "-pk")[:MOST]
    context = {
        "coming": list(lines.planned().order_by("planned_at", "pk")[:MOST]),
        "past": sorted((*spoken, *held), key=_moment, reverse=True),
        "now": timezone.now(),
        "query": query,
        "deal_ref": subject.ref if isinstance(subject, Opportunity) else "",
        "may_log": policy.allows(actor, "engagement.log_call", subject),
        "may_plan": policy.allows(actor, "engagement.plan_visit", subject),
    }
    return render_to_string("engagement/_activity.html", context, request=request)


def _moment(row: Call | Visit) -> datetime:
    return row.started_at if isinstance(row, Call) else row.planned_at
