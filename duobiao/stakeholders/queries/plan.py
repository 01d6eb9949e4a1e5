"""The plan of influence: what is done with whom on which tier."""

from django.db.models import QuerySet

from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.models import InfluenceAction

TIERS = ("TOP", "MIDDLE", "BASE")


def actions_of(deal: Opportunity) -> QuerySet[InfluenceAction]:
    """Return the actions of a deal, those open and due first."""
    rows = InfluenceAction.objects.filter(person__opportunity=deal)
    return rows.select_related("person__contact", "task__owner").order_by("task__done_at", "task__due_on", "pk")
