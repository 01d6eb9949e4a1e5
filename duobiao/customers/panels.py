"""What the pages of customers and contacts consist of; capabilities above add theirs to the same slots.

Slots: ``customer.main``, ``customer.side``, ``contact.main``, ``contact.side``; the subject is the record.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.admissions import admissions_of
from duobiao.customers.queries.assessments import standings_of
from duobiao.customers.queries.customers import get_profile
from duobiao.customers.queries.facts import dimensions_shown, latest_answers
from duobiao.customers.queries.issues import due_issues, issues_of
from duobiao.customers.queries.network import knowers_of, outsiders_at
from duobiao.customers.queries.page import people_of, ring_shown
from duobiao.customers.queries.schemes import EVALUATION
from duobiao.documents.panels import files_panel
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.timeline.panels import comments_panel
from duobiao.timeline.queries import entries_for
from duobiao.web.registry import Panel, register_panel

TIMELINE_ROWS = 30
DUE_AHEAD = timedelta(days=7)
Render = Callable[[HttpRequest, Any], str]


def facts(request: HttpRequest, customer: Customer) -> str:
    """Draw the known facts by dimension, with their sources."""
    context = {
        "customer": customer,
        "dimensions": dimensions_shown(customer, get_profile(customer)),
        "answers": latest_answers(customer),
    }
    return render_to_string("customers/_facts.html", _with_rights(request, customer, context), request)


def people(request: HttpRequest, customer: Customer) -> str:
    """Draw the contacts."""
    context = {"customer": customer, "people": people_of(customer)}
    return render_to_string("customers/_people.html", _with_rights(request, customer, context), request)


def assessments(request: HttpRequest, customer: Customer) -> str:
    """Draw where the customer stands by every assessment, with the trend of its evaluation."""
    standings = standings_of(customer, on=_own_today(request))
    context = {
        "customer": customer,
        "standings": standings,
        "trend": next((row.trend for row in standings if row.key == EVALUATION), ()),
    }
    return render_to_string("customers/_assessments.html", _with_rights(request, customer, context), request)


def issues(request: HttpRequest, customer: Customer) -> str:
    """Draw the issues of a customer, open ones first."""
    context = {"customer": customer, "lines": issues_of(customer, on=_own_today(request))}
    return render_to_string("customers/_issues.html", _with_rights(request, customer, context), request)


def admissions(request: HttpRequest, customer: Customer) -> str:
    """Draw the registers and platforms of a customer in which we are listed."""
    context = {"customer": customer, "lines": admissions_of(customer, on=_own_today(request))}
    return render_to_string("customers/_admissions.html", _with_rights(request, customer, context), request)


def issues_due(request: HttpRequest, day: Any) -> str:
    """Draw the issues a person, or the team, is to solve within a week; nothing where none is.

    Args:
        day: Whose day it is (``user``), which one (``on``), and whether the ``team`` is looked at.
    """
    found, total = due_issues(day.user, on=day.on, until=day.on + DUE_AHEAD, team=day.team)
    if not found:
        return ""
    return render_to_string("customers/_issues_due.html", {"lines": found, "total": total, "team": day.team}, request)


def sites(request: HttpRequest, customer: Customer) -> str:
    """Draw the places of a customer."""
    rows = customer.sites.filter(removed_at__isnull=True).order_by("name", "pk")
    context = {"customer": customer, "sites": list(rows)}
    return render_to_string("customers/_sites.html", _with_rights(request, customer, context), request)


def resources(request: HttpRequest, customer: Customer) -> str:
    """Draw who and what works for a customer."""
    rows = customer.resources.filter(removed_at__isnull=True).order_by("side", "name", "pk")
    context = {"customer": customer, "resources": list(rows)}
    return render_to_string("customers/_resources.html", _with_rights(request, customer, context), request)


def known_by(request: HttpRequest, contact: Contact) -> str:
    """Draw who knows a contact, and the way to them."""
    context = {"contact": contact, "knowers": knowers_of(contact, user=actor_of(request))}
    return render_to_string("customers/_known_by.html", _with_rights(request, contact.customer, context), request)


def outsiders(request: HttpRequest, customer: Customer) -> str:
    """Draw the people outside who know somebody at the customer; nothing where none is known."""
    found = outsiders_at(customer, user=actor_of(request))
    if not found:
        return ""
    return render_to_string("customers/_outsiders_at.html", {"customer": customer, "outsiders": found}, request)


def completeness(request: HttpRequest, customer: Customer) -> str:
    """Draw the ring with its 12 items."""
    context = {"customer": customer, "shown": ring_shown(customer)}
    return render_to_string("customers/_completeness.html", _with_rights(request, customer, context), request)


def comments(request: HttpRequest, record: Customer | Contact) -> str:
    """Draw the comments on a record in a card."""
    return render_to_string("customers/_comments.html", {"comments": comments_panel(request, Ref.of(record))}, request)


def files(request: HttpRequest, record: Customer | Contact) -> str:
    """Draw the files of a record."""
    return files_panel(request, Ref.of(record))


def history(request: HttpRequest, record: Customer | Contact) -> str:
    """Draw what happened to a customer and its contacts, or to one contact."""
    if isinstance(record, Customer):
        entries = entries_for(chain=record.ref, limit=TIMELINE_ROWS)
    else:
        entries = entries_for(subject=Ref.of(record), limit=TIMELINE_ROWS)
    return render_to_string("customers/_history.html", {"entries": entries}, request)


def register_panels() -> None:
    """Put our panels into the slots of both pages."""
    rows: tuple[tuple[str, int, Render], ...] = (
        ("customer.side", 10, completeness),
        ("customer.main", 10, people),
        ("customer.main", 25, issues),
        ("customer.main", 27, admissions),
        ("customer.main", 30, assessments),
        ("customer.main", 40, facts),
        ("customer.side", 30, sites),
        ("customer.side", 35, resources),
        ("customer.main", 80, comments),
        ("customer.side", 60, files),
        ("customer.side", 90, history),
        ("customer.side", 40, outsiders),
        ("contact.main", 60, known_by),
        ("contact.main", 80, comments),
        ("contact.side", 60, files),
        ("contact.side", 90, history),
    )
    for slot, order, render in rows:
        register_panel(Panel(slot, order, None, render))
    register_panel(Panel("today.main", 30, None, issues_due))


def _own_today(request: HttpRequest) -> date:
    return local_day(timezone.now(), actor_of(request).time_zone or company_of(request).time_zone)


def _with_rights(request: HttpRequest, customer: Customer, context: dict[str, Any]) -> dict[str, Any]:
    return {**context, "may_edit": allows(actor_of(request), "customers.edit", customer)}
