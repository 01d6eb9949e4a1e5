"""The plan of influence: what is done with whom on which tier."""

from collections import defaultdict

from django.db.models import QuerySet

from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.models import InfluenceAction
from duobiao.stakeholders.queries.definitions import rules, words

TIERS = ("TOP", "MIDDLE", "BASE")


def actions_of(deal: Opportunity) -> QuerySet[InfluenceAction]:
    """Return the actions of a deal, those open and due first."""
    rows = InfluenceAction.objects.filter(person__opportunity=deal)
    return rows.select_related("person__contact", "task__owner").order_by("task__done_at", "task__due_on", "pk")


def tiers_of(deal: Opportunity) -> list[tuple[str, list[InfluenceAction]]]:
    """Return what each tier is called, the highest first, with its actions; one query."""
    found = defaultdict(list)
    for action in actions_of(deal):
        found[action.tier].append(action)
    return [(words(title), found[tier]) for tier, title in rules().tiers.items()]
