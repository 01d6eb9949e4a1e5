"""Lines of a chain, observations and records as lists."""

from datetime import date

from django.db.models import Q, QuerySet

from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.models import InfluenceLink, Observation, PersonnelChange, RelationRecord


def links_of(deal: Opportunity, *, on: date) -> QuerySet[InfluenceLink]:
    """Return the lines that held on a day, in the order they were drawn."""
    rows = InfluenceLink.objects.filter(Q(until__isnull=True) | Q(until__gt=on), opportunity=deal, since__lte=on)
    return rows.select_related("source__contact", "target__contact").order_by("added_at", "pk")


def observations_of(deal: Opportunity, *, on: date) -> QuerySet[Observation]:
    """Return what was observed up to a day, the newest first, retracted ones included."""
    rows = Observation.objects.filter(person__opportunity=deal, observed_on__lte=on)
    related = ("person__contact", "told_by__contact", "recorded_by", "retracted_by")
    return rows.select_related(*related).order_by("-observed_on", "-recorded_at", "-pk")


def relations_of(deal: Opportunity, *, on: date) -> QuerySet[RelationRecord]:
    """Return the records of relations up to a day, the newest first, retracted ones included."""
    rows = RelationRecord.objects.filter(person__opportunity=deal, happened_on__lte=on)
    related = ("person__contact", "recorded_by", "retracted_by")
    return rows.select_related(*related).order_by("-happened_on", "-recorded_at", "-pk")


def changes_of(deal: Opportunity) -> QuerySet[PersonnelChange]:
    """Return the changes of people on a chain, the newest first."""
    rows = PersonnelChange.objects.filter(person__opportunity=deal)
    related = ("person__contact", "successor__contact", "recorded_by")
    return rows.select_related(*related).order_by("-happened_on", "-recorded_at", "-pk")
