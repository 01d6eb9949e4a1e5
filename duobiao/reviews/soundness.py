"""Checks of ``duobiao doctor`` on gate reviews."""

from itertools import islice
from typing import Any

from django.core.checks import CheckMessage, Error

from duobiao.opportunities.models import Opportunity
from duobiao.reviews.models import GateReview, ReviewState
from duobiao.reviews.queries.marks import mark_of

SHOWN = 20


def marks_follow_from_the_reviews(**_: Any) -> list[CheckMessage]:
    """Every deal is marked as the last decided review of each control point says."""
    last: dict[int, dict[str, str]] = {}
    rows = GateReview.objects.filter(state=ReviewState.DECIDED).order_by("settled_at", "pk")
    for deal, gate, decision in rows.values_list("opportunity_id", "gate", "decision"):
        last.setdefault(deal, {})[gate] = decision
    marked = dict(Opportunity.objects.exclude(gate_mark="").values_list("pk", "gate_mark"))
    wrong = (
        (pk, marked.get(pk, ""), mark_of(last.get(pk, {})))
        for pk in sorted({*last, *marked})
        if marked.get(pk, "") != mark_of(last.get(pk, {}))
    )
    found = list(islice(wrong, SHOWN))
    refs = dict(Opportunity.objects.filter(pk__in=[pk for pk, _stored, _said in found]).values_list("pk", "ref"))
    hint = "the column was changed outside the program; restore a backup or report it"
    return [
        Error(f"{refs[pk]}: marked {stored or 'not'}, the reviews say {said or 'not'}", hint=hint, id="reviews.E001")
        for pk, stored, said in found
    ]
