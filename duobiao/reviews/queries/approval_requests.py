"""Gate reviews as requests for approval: how they are worded, and whose they are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.approval_requests import GATE_REVIEW
from duobiao.playbooks.domain.vocabulary import strictest
from duobiao.playbooks.queries import compiled_playbook
from duobiao.reviews.models import Attendee, Decision, GateReview
from duobiao.reviews.queries.gates import gate_title
from duobiao.web.formats import day

__all__ = ["GATE_REVIEW"]
Facts = Mapping[str, Any]


def review_facts(deal: Opportunity, review: GateReview, *, conditions: int) -> dict[str, Any]:
    """Return what approvers of a review are shown."""
    points = compiled_playbook(deal.playbook_id).playbook.control_points
    approver = strictest(point.approver for point in points if point.kind == review.gate)
    return {
        "deal": deal.name,
        "gate": review.gate,
        "approver": approver.value if approver is not None else "",
        "stage": review.stage,
        "decision": review.decision,
        "reason": review.reason,
        "held_on": review.held_on.isoformat() if review.held_on is not None else "",
        "conditions": conditions,
    }


def review_headline(facts: Facts) -> str:
    """Say which review, and what it decided."""
    words = {"review": gate_title(facts["gate"]), "decision": decision_words(str(facts.get("decision", "")))}
    return _("%(review)s: %(decision)s") % words


def describe_review(facts: Facts) -> list[tuple[str, str]]:
    """Return the facts of a review as label and value."""
    held_on = str(facts.get("held_on", ""))
    return [
        (_("Deal"), str(facts.get("deal", ""))),
        (_("Control point"), f"{facts['gate']} {gate_title(facts['gate'])}"),
        (_("Stage"), str(facts.get("stage", ""))),
        (pgettext("review", "Held on"), day(date.fromisoformat(held_on)) if held_on else ""),
        (_("Decision"), decision_words(str(facts.get("decision", "")))),
        (_("Why"), str(facts.get("reason", ""))),
        (pgettext("review", "Conditions"), str(facts.get("conditions", 0))),
    ]


def decision_words(code: str) -> str:
    """Return a decision in words."""
    return str(Decision(code).label) if code in Decision.values else code


def reviews_seen_by(user: User) -> QuerySet[Any, Any]:
    """Return the references of reviews on deals the person may see, and of those they take part in."""
    deals = Opportunity.objects.visible_to(user).values("pk")
    mine = Attendee.objects.filter(user=user).values("review_id")
    return (GateReview.objects.filter(opportunity__in=deals) | GateReview.objects.filter(pk__in=mine)).values("ref")


def review_page(ref: str) -> str:
    """Return the page of a review."""
    return f"/gate-reviews/{ref}/"


def request_of(review: GateReview) -> ApprovalRequest | None:
    """Return the newest request about a review."""
    rows = ApprovalRequest.objects.filter(matter=GATE_REVIEW, subject_ref=review.ref)
    return rows.select_related("owner", "asked_by", "chain").order_by("-asked_at", "-pk").first()
