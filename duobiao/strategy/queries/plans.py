"""Contingency plans of deals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.signal_words import rule_title
from duobiao.strategy.models import ContingencyPlan, PlanState, PlanStep


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan as the page shows it.

    Attributes:
        late: It should have been ready, and nobody has finished it.
    """

    plan: ContingencyPlan
    title: str
    steps: Sequence[PlanStep]
    next_state: str
    late: bool


NEXT = {PlanState.PREPARED: PlanState.ACTIVATED, PlanState.ACTIVATED: PlanState.DONE}


def plans_of(deal: Opportunity, *, on: date) -> list[PlanLine]:
    """Return the plans of a deal, those still open first; two queries."""
    rows = deal.contingency_plans.select_related("owner").prefetch_related("steps__by")
    lines = [
        PlanLine(
            plan=row,
            title=rule_title(row.rule),
            steps=sorted(row.steps.all(), key=lambda step: (step.at, step.pk)),
            next_state=str(NEXT.get(PlanState(row.state), "")),
            late=row.state != PlanState.DONE and row.due_on < on,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.plan.state == PlanState.DONE, line.plan.due_on, line.plan.pk))


def planned_rules(deal: Opportunity) -> set[str]:
    """Return the keys of the signals that an unfinished plan answers."""
    return set(deal.contingency_plans.exclude(state=PlanState.DONE).values_list("rule", flat=True))


def people_on(deal: Opportunity) -> QuerySet[User]:
    """Return who may carry out a plan: the owner and the team."""
    on_deal = Q(pk=deal.owner_id) | Q(deal_memberships__opportunity=deal)
    return User.objects.active().filter(on_deal).distinct().order_by("name", "pk")
