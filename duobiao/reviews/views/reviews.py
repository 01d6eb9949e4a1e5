"""Gate reviews: lists over deals, one review, its minutes on paper."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.views.common import company_today
from duobiao.reviews.models import GateReview, ReviewState
from duobiao.reviews.queries.approval_requests import request_of
from duobiao.reviews.queries.gates import gate_title
from duobiao.reviews.queries.reviews import (
    MINE,
    checklist_of,
    conditions_in,
    my_reviews,
    replies_of,
)
from duobiao.reviews.views.common import visible_review
from duobiao.web.components import Tab
from duobiao.web.http import render


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Show the reviews of the reader: upcoming, waiting for approval, all."""
    actor, on = actor_of(request), company_today(request)
    policy.require(actor, "reviews.view")
    asked = request.GET.get("mine", "")
    mine = asked if asked in MINE else MINE[0]
    names = {
        "upcoming": pgettext("reviews", "Upcoming"),
        "waiting": pgettext("reviews", "Wait for approval"),
        "all": pgettext("reviews", "All"),
    }
    context = {
        "mine": mine,
        "tabs": [Tab(label, f"/gate-reviews/?mine={key}", current=key == mine) for key, label in names.items()],
        "lines": my_reviews(actor, mine, on=on),
    }
    return render(request, "reviews/reviews.html", context)


@require_safe
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a review: plan, checklist, replies, decision, conditions, approval."""
    return render(request, "reviews/review.html", _context(request, visible_review(request, ref)))


@require_safe
def minutes(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the minutes of a review as they are printed."""
    return render(request, "reviews/minutes.html", _context(request, visible_review(request, ref)))


def _context(request: HttpRequest, row: GateReview) -> dict[str, object]:
    actor, on, deal = actor_of(request), company_today(request), row.opportunity
    may_plan = policy.allows(actor, "reviews.plan", deal)
    settled = row.state in (ReviewState.DECIDED, ReviewState.REFUSED)
    sees_deal = policy.allows(actor, "opportunities.view", deal)
    return {
        "review": row,
        "deal": deal,
        "back": deal_url(deal.ref, "gate-reviews") if sees_deal else "/gate-reviews/",
        "title": gate_title(row.gate),
        "people": [held.user for held in row.attendees.all()],
        "checklist": checklist_of(row, on=on),
        "replies": replies_of(row),
        "conditions": conditions_in(row, actor, on=on),
        "approval": request_of(row),
        "replaced_by": next((later for later in row.corrected_by.all() if later.state == ReviewState.DECIDED), None),
        "sees_deal": sees_deal,
        "may_change": may_plan and row.state == ReviewState.PLANNED,
        "may_correct": may_plan and settled and not row.corrected_by.all(),
        "late": row.state == ReviewState.PLANNED and row.planned_on < on,
        "may_give_up": row.decision == "STOP" and row.state == ReviewState.DECIDED and deal.is_open,
    }
