"""What leads put into the pages of others: where a customer or a deal came from."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.models import Customer
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.register_project import registration_page
from duobiao.prospecting.models import Lead, PooledCustomer, Registration
from duobiao.prospecting.models.registration import REGISTRATION
from duobiao.prospecting.queries.campaigns import asks_seen
from duobiao.prospecting.queries.leads import leads_of_customer
from duobiao.prospecting.queries.pooled import busy_customers
from duobiao.prospecting.queries.registrations import clash_lines
from duobiao.prospecting.queries.validity import MOST, what_is_due
from duobiao.web.registry import Panel, register_panel

MOST_DUE = 50


def customer_leads(request: HttpRequest, customer: Customer) -> str:
    """List the leads that became this customer."""
    rows = leads_of_customer(customer, user=actor_of(request))
    return render_to_string("prospecting/_came_from.html", {"rows": rows}, request) if rows else ""


def deal_lead(request: HttpRequest, deal: Opportunity) -> str:
    """Name the lead that a deal came from."""
    rows = list(Lead.objects.visible_to(actor_of(request)).filter(opportunity=deal).select_related("owner")[:5])
    return render_to_string("prospecting/_came_from.html", {"rows": rows}, request) if rows else ""


def customer_referrals(request: HttpRequest, customer: Customer) -> str:
    """List the referral asks to a customer, with a way to ask again."""
    actor = actor_of(request)
    rows = list(asks_seen(actor).filter(customer=customer).order_by("-asked_on", "-pk")[:10])
    context = {"customer": customer, "rows": rows, "may_ask": allows(actor, "prospecting.work")}
    return render_to_string("prospecting/_referrals.html", context, request)


def deal_manufacturers(request: HttpRequest, deal: Opportunity) -> str:
    """Stand in for what a deal has with manufacturers, which is fetched once it is scrolled to."""
    return render_to_string("prospecting/_deal_upstream_later.html", {"deal": deal}, request)


def customer_pool(request: HttpRequest, customer: Customer) -> str:
    """Say to which pool a customer belongs; nothing where it belongs to none and the reader may not put it into one."""
    actor = actor_of(request)
    entry = PooledCustomer.objects.select_related("pool", "holder").filter(customer=customer).first()
    may_assign = allows(actor, "prospecting.assign", customer)
    if entry is None and not may_assign:
        return ""
    on = local_day(timezone.now(), company_of(request).time_zone)
    busy = busy_customers(entry.pool, [customer.pk], on=on, reader=actor) if entry is not None else {}
    context = {
        "customer": customer,
        "entry": entry,
        "stays": busy.get(customer.pk, ""),
        "may_assign": may_assign,
        "may_edit": allows(actor, "customers.edit", customer),
    }
    return render_to_string("prospecting/_customer_pool.html", context, request)


def due_today(request: HttpRequest, day: Any) -> str:
    """List the reader's next steps on leads that are due, then what runs out; nothing where nothing is."""
    due = what_is_due(day.user, on=day.on, team=day.team)
    steps = {"rows": due.steps[:MOST_DUE], "on": day.on}
    ending = {"rows": due.endings[:MOST], "more": len(due.endings) > MOST}
    parts = (("_steps_due", steps), ("_endings", ending))
    drawn = [render_to_string(f"prospecting/{name}.html", held, request) for name, held in parts if held["rows"]]
    return "".join(drawn)


def both_sides(request: HttpRequest, asked: ApprovalRequest) -> str:
    """Show an arbiter what the others have, beside the request that they decide."""
    if asked.matter != REGISTRATION:
        return ""
    actor = actor_of(request)
    held = Registration.objects.visible_to(actor).filter(ref=asked.subject_ref).first()
    if held is None:
        return ""
    context = {"lines": clash_lines(held, actor), "page": registration_page(held.ref)}
    return render_to_string("prospecting/_both_sides.html", context, request)


def register() -> None:
    """Put the panels into their slots."""
    register_panel(Panel("customer.side", 50, "prospecting.view", customer_leads))
    register_panel(Panel("customer.side", 55, "prospecting.view", customer_referrals))
    register_panel(Panel("customer.side", 45, "prospecting.view", customer_pool))
    register_panel(Panel("today.main", 15, None, due_today))
    register_panel(Panel("opportunity.side", 70, "opportunities.view", deal_manufacturers))
    register_panel(Panel("opportunity.side", 80, "prospecting.view", deal_lead))
    register_panel(Panel("approval.main", 30, None, both_sides))
