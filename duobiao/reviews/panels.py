"""What gate reviews put into deals, requests for approval and Today."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.approvals.models import ApprovalRequest
from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.approval_requests import GATE_REVIEW
from duobiao.reviews.queries.gates import gate_choices, gate_title
from duobiao.reviews.queries.reviews import (
    checklist_of,
    conditions_in,
    conditions_of,
    open_reviews_of,
    planned_today,
    replies_of,
    reviews_of,
    standing_reviews,
)
from duobiao.web.registry import Panel, register_panel


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("opportunity.notice", 10, "opportunities.view", standing))
    register_panel(Panel("opportunity.side", 30, "opportunities.view", ahead))
    register_panel(Panel("opportunity.reviews", 10, "opportunities.view", reviews))
    register_panel(Panel("approval.main", 20, None, summary))
    register_panel(Panel("today.meetings", 20, None, today))


def _today(request: HttpRequest) -> Any:
    return local_day(timezone.now(), company_of(request).time_zone)


def standing(request: HttpRequest, deal: Opportunity) -> str:
    """Say that a review holds the deal, or has stopped it, and what to do."""
    if not deal.is_open or not deal.gate_mark:
        return ""
    rows = [(row, gate_title(row.gate)) for row in standing_reviews(deal)]
    may_close = policy.allows(actor_of(request), "opportunities.close", deal)
    context = {"deal": deal, "rows": rows, "may_close": may_close}
    return render_to_string("reviews/_standing.html", context, request)


def ahead(request: HttpRequest, deal: Opportunity) -> str:
    """Show the reviews that lie ahead of a deal or wait for approval; their conditions are among its tasks."""
    lines = open_reviews_of(deal, on=_today(request))
    return render_to_string("reviews/_ahead.html", {"lines": lines, "deal": deal}, request) if lines else ""


def reviews(request: HttpRequest, deal: Opportunity) -> str:
    """Show all reviews of a deal and the control points of its playbook."""
    on, actor = _today(request), actor_of(request)
    lines = reviews_of(deal, on=on)
    newest = {line.review.gate: line for line in reversed(lines)}
    context = {
        "deal": deal,
        "lines": lines,
        "gates": [(choice, newest.get(choice.gate)) for choice in gate_choices(deal) if choice.is_control_point],
        "conditions": conditions_of(deal, actor, on=on),
        "may_plan": policy.allows(actor, "reviews.plan", deal) and deal.outcome in ("OPEN", "WON"),
    }
    return render_to_string("reviews/_deal_reviews.html", context, request)


def summary(request: HttpRequest, approval: ApprovalRequest) -> str:
    """Show an approver what the participants had before them, and what they set as conditions."""
    if approval.matter != GATE_REVIEW:
        return ""
    row = GateReview.objects.visible_to(actor_of(request)).filter(ref=approval.subject_ref)
    review = row.select_related("opportunity__owner").first()
    if review is None:
        return ""
    on = _today(request)
    context = {
        "review": review,
        "checklist": checklist_of(review, on=on),
        "replies": [line for line in replies_of(review) if line.reply == "NO"],
        "conditions": conditions_in(review, actor_of(request), on=on),
    }
    return render_to_string("reviews/_summary.html", context, request)


def today(request: HttpRequest, day: Any) -> str:
    """Show the reviews of the reader's day, and those that should have been recorded."""
    lines = planned_today(day.user, day.on)
    return render_to_string("reviews/_today.html", {"lines": lines}, request) if lines else ""
