"""Rivals as they are compared with each other."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from duobiao.competition.domain.likeness import RivalSigns
from duobiao.competition.models import RivalName
from duobiao.customers.domain.domains import domain_of


def rival_signs(rows: QuerySet[Any]) -> Iterator[tuple[str, RivalSigns]]:
    """Yield reference and signs of rivals; two queries for any number."""
    names: dict[int, list[str]] = defaultdict(list)
    for key, name in (
        RivalName.objects.filter(rival__in=rows.values("pk")).order_by("pk").values_list("rival_id", "name")
    ):
        names[key].append(name)
    for key, ref, name, site in rows.values_list("pk", "ref", "name", "site"):
        yield ref, RivalSigns(tuple(names[key]) or (name,), domain_of(site))
