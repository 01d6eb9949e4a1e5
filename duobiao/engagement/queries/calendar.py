"""The visits of deals for whoever ranks what to do next: those agreed, and those that nobody recorded."""

from collections.abc import Collection

from django.utils import timezone

from duobiao.engagement.models import Visit
from duobiao.opportunities.queries.surroundings import Meeting


def planned_meetings(deals: Collection[int]) -> list[Meeting]:
    """Return the visits of some deals that are to be held or recorded, the earliest first; one query.

    Days are those of the active time zone.
    """
    rows = Visit.objects.planned().filter(opportunity__in=list(deals))
    return [
        Meeting(pk, timezone.localtime(at).date(), f"/visits/{ref}/record/")
        for pk, ref, at in rows.order_by("planned_at", "pk").values_list("opportunity_id", "ref", "planned_at")
        if pk is not None
    ]
