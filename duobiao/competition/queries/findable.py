"""Rivals as the index of search keeps them: found by every name they go by, region and industries."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from duobiao.competition.models import Rival, RivalName
from duobiao.search.domain.findable import Findable

BATCH = 500


def findables_of(rivals: Sequence[Rival], *, now: datetime | None = None) -> Iterator[Findable]:
    """Yield rivals as they are found; one query for any number.

    Args:
        now: When they last changed; without it, when each was entered.
    """
    aliases: dict[int, list[str]] = defaultdict(list)
    names = RivalName.objects.filter(rival__in=[row.pk for row in rivals], is_main=False).order_by("pk")
    for key, name in names.values_list("rival_id", "name"):
        aliases[key].append(name)
    for rival in rivals:
        yield Findable(
            kind=Rival.kind,
            ref=rival.ref,
            title=rival.name,
            subtitle=" · ".join(filter(None, [*aliases[rival.pk], rival.region, rival.industries])),
            url=f"/rivals/{rival.ref}/",
            words=(rival.note,),
            owner_id=None,
            touched_at=now or rival.created_at,
        )


def every_rival() -> Iterator[Findable]:
    """Yield every live rival, to build the index anew."""
    last = 0
    while found := list(Rival.objects.live().filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from findables_of(found)
        last = found[-1].pk
