"""What deals put into the pages of customers and of requests for approval."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.models import Customer
from duobiao.customers.queries.group import group_of
from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day
from duobiao.opportunities.domain.threads import Line
from duobiao.opportunities.models import GiveUpState, Opportunity, Outcome, RiskReport, Waiver
from duobiao.opportunities.queries.approval_requests import WAIVER, open_give_up
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.give_up import last_give_up, proposal_lines
from duobiao.opportunities.queries.group import group_branches
from duobiao.opportunities.queries.messages import messages_of
from duobiao.opportunities.queries.preview import preview_of_waiver
from duobiao.opportunities.queries.stages import stage_shorts
from duobiao.opportunities.queries.tasks import tasks_for, tasks_of
from duobiao.opportunities.queries.threads import threads_of
from duobiao.opportunities.signal_words import rule_title, sighting_words
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import item_waived_under
from duobiao.web.registry import Panel, register_panel

SHOWN = 15
REPORTS_SHOWN = 50
TASKS_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal of a customer.

    Attributes:
        takes_part: The customer is only a participant of the project.
    """

    deal: Opportunity
    takes_part: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in words."""

    report: RiskReport
    title: str
    words: str


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("customer.main", 5, "opportunities.view", customer_deals))
    register_panel(Panel("customer.main", 20, "opportunities.view", customer_group))
    register_panel(Panel("opportunity.notice", 20, "opportunities.view", give_up))
    register_panel(Panel("approval.main", 10, None, waiver_preview))
    register_panel(Panel("opportunity.people", 5, "opportunities.view", thread_board))
    register_panel(Panel("opportunity.side", 10, "opportunities.view", deal_tasks))
    register_panel(Panel("today.main", 10, None, tasks_due))
    register_panel(Panel("playbook.main", 10, None, version_deals))
    register_panel(Panel("opportunity.strategy", 50, "opportunities.view", value_messages))
    register_panel(Panel("opportunity.strategy", 90, "opportunities.view", risk_reports))


def thread_board(request: HttpRequest, deal: Opportunity) -> str:
    """Show the contact lines to the departments of the customer, and which of them have gone cold."""
    actor, on = actor_of(request), local_day(timezone.now(), company_of(request).time_zone)
    lines = threads_of(deal, actor, on=on)
    context = {
        "deal": deal,
        "lines": lines,
        "cold": sum(line.line is Line.COLD for line in lines) if deal.is_open else 0,
        "may_change": deal.is_open and policy.allows(actor, "opportunities.edit", deal),
    }
    return render_to_string("opportunities/_threads.html", context, request=request)


def value_messages(request: HttpRequest, deal: Opportunity) -> str:
    """Show what we say to which department in which stage, the stage at work opened."""
    context = {
        "deal": deal,
        "stages": messages_of(deal),
        "may_change": deal.is_open and policy.allows(actor_of(request), "opportunities.prove", deal),
    }
    return render_to_string("opportunities/_messages.html", context, request=request)


def customer_deals(request: HttpRequest, customer: Customer) -> str:
    """Show the deals with a customer that the reader may see, open ones first."""
    actor = actor_of(request)
    rows = (
        Opportunity.objects.visible_to(actor)
        .filter(Q(customer=customer) | Q(participants__customer=customer))
        .select_related("owner")
        .distinct()
        .order_by("closed_on", "-created_at", "ref")
    )
    found = sorted(rows[: SHOWN + 1], key=lambda deal: not deal.is_open)
    context = {
        "customer": customer,
        "lines": [DealLine(deal, deal.customer_id != customer.pk) for deal in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "stage_count": lambda version_id: len(stage_shorts(version_id, get_language())),
        "may_open": policy.allows(actor, "opportunities.create"),
    }
    return render_to_string("opportunities/_customer_deals.html", context, request)


def customer_group(request: HttpRequest, customer: Customer) -> str:
    """Draw the group a customer belongs to, with what is open; nothing for one that stands alone."""
    actor = actor_of(request)
    group = group_of(customer, user=actor)
    if group is None:
        return ""
    context = {"group": group, "top": group_branches(group, user=actor)}
    return render_to_string("opportunities/_customer_group.html", context, request)


def waiver_preview(request: HttpRequest, approval: ApprovalRequest) -> str:
    """Show what a waiver that waits would change, to those who may see the deal."""
    if approval.matter != WAIVER or not approval.is_open:
        return ""
    seen = Opportunity.objects.visible_to(actor_of(request)).filter(waivers__ref=approval.subject_ref)
    waiver = Waiver.objects.filter(ref=approval.subject_ref).first()
    deal = seen.select_related("owner", "customer").first()
    today = local_day(timezone.now(), company_of(request).time_zone)
    if deal is None or waiver is None or waiver.expires_on < today:
        return ""
    item = item_waived_under(waiver.item, waiver.playbook_id, deal.playbook_id)
    if item is None:
        return ""
    preview = preview_of_waiver(explain(deal, today), item, today, waiver.expires_on)
    return render_to_string("opportunities/_waiver_preview.html", {"preview": preview}, request)


def give_up(request: HttpRequest, deal: Opportunity) -> str:
    """Show that a deal is to be given up, that this was refused, or why it was given up."""
    review = last_give_up(deal)
    shown = {GiveUpState.APPROVED} if deal.outcome == Outcome.GIVEN_UP else {GiveUpState.PENDING, GiveUpState.REFUSED}
    if review is None or review.state not in shown or deal.outcome not in (Outcome.OPEN, Outcome.GIVEN_UP):
        return ""
    pending = review.state == GiveUpState.PENDING
    context = {
        "deal": deal,
        "review": review,
        "lines": proposal_lines(review.proposals),
        "approval": open_give_up(deal) if pending else None,
    }
    return render_to_string("opportunities/_given_up.html", context, request)


def version_deals(request: HttpRequest, version: PlaybookVersion) -> str:
    """Show how many deals the reader sees on a playbook version, and what can be done with them."""
    actor = actor_of(request)
    if not policy.allows(actor, "opportunities.view"):
        return ""
    rows = Opportunity.objects.visible_to(actor).filter(playbook=version).order_by()
    counts = dict(rows.values_list("outcome").annotate(n=Count("pk")).values_list("outcome", "n"))
    on_it = urlencode({"playbook": version.key, "version": version.version})
    context = {
        "open_count": counts.pop(Outcome.OPEN, 0),
        "closed_count": sum(counts.values()),
        "query": on_it,
        "may_migrate": policy.allows(actor, "opportunities.migrate"),
    }
    return render_to_string("opportunities/_version_deals.html", context, request)


def risk_reports(request: HttpRequest, deal: Opportunity) -> str:
    """Show what was reported of the risks of a deal, and what records showed, newest first."""
    rows = deal.risk_reports.select_related("reported_by").order_by("-happened_on", "-reported_at", "ref")
    lines = [
        ReportLine(row, rule_title(row.rule), sighting_words({"code": row.code, "seen": row.seen}))
        for row in rows[:REPORTS_SHOWN]
    ]
    may_report = policy.allows(actor_of(request), "opportunities.report_risk", deal)
    context = {"deal": deal, "reports": lines, "may_report": may_report}
    return render_to_string("opportunities/_risk_reports.html", context, request)


def deal_tasks(request: HttpRequest, deal: Opportunity) -> str:
    """Show the tasks of a deal, open ones first."""
    actor = actor_of(request)
    today = local_day(timezone.now(), company_of(request).time_zone)
    context = {
        "deal": deal,
        "tasks": tasks_of(deal, actor, on=today),
        "may_task": policy.allows(actor, "opportunities.task", deal),
    }
    return render_to_string("opportunities/_tasks.html", context, request)


def tasks_due(request: HttpRequest, day: Any) -> str:
    """Show the tasks of a person, or of the team, that are overdue or due within a week.

    Args:
        day: Whose day it is (``user``), which one (``on``), and whether the ``team`` is looked at.
    """
    tasks = tasks_for(day.user, on=day.on, until=day.on + TASKS_AHEAD, team=day.team)
    return render_to_string("opportunities/_tasks_due.html", {"tasks": tasks, "team": day.team}, request)
