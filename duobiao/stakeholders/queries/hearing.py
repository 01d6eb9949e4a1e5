"""Whom the records of a chain show us to have heard from."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import F, Max, Q

from duobiao.stakeholders.models import CellState, Observation, Origin, RelationRecord


def heard_on_chains(deals: Sequence[int], until: date) -> Iterable[tuple[int, int, date]]:
    """Yield deal, contact and last day of what people themselves said to us; one query.

    That is an observation that quotes the person and that we saw ourselves, one that somebody told us, and a record of a
    relation that says by which channel the person said so. Words of others about a person are no talk with that person.
    """
    seen = Observation.objects.filter(
        person__opportunity__in=deals, observed_on__lte=until, retracted_at__isnull=True
    ).order_by()
    quoted = seen.filter(Q(origin=Origin.OWN, told_by=None) & ~Q(quote="") | Q(told_by=F("person")))
    telling = seen.filter(told_by__isnull=False)
    relations = RelationRecord.objects.filter(
        person__opportunity__in=deals, happened_on__lte=until, retracted_at__isnull=True, state__gt=CellState.NONE
    ).exclude(channel="")
    deal = "person__opportunity_id"
    yield from (
        quoted.values_list(deal, "person__contact_id")
        .annotate(last=Max("observed_on"))
        .union(
            telling.values_list(deal, "told_by__contact_id").annotate(last=Max("observed_on")),
            relations.order_by().values_list(deal, "person__contact_id").annotate(last=Max("happened_on")),
        )
    )
