"""The mark that gate reviews leave on a deal."""

from collections.abc import Mapping

from duobiao.opportunities.models import GateMark, Opportunity
from duobiao.reviews.models import Decision, ReviewState


def mark_of(decisions: Mapping[str, str]) -> str:
    """Return the mark that follows from the last decision at each control point: stop before hold."""
    for decision, mark in ((Decision.STOP, GateMark.STOP), (Decision.HOLD, GateMark.HOLD)):
        if decision in decisions.values():
            return str(mark)
    return ""


def standing_mark(deal: Opportunity) -> str:
    """Return the mark of one deal."""
    rows = deal.gate_reviews.filter(state=ReviewState.DECIDED).order_by("settled_at", "pk")
    return mark_of(dict(rows.values_list("gate", "decision")))
