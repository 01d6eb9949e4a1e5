"""Leads as search keeps them: those with an owner; what lies free in a pool is found in its list."""

import re
from collections.abc import Iterator
from typing import Final

from django.urls import reverse

from duobiao.prospecting.models import Lead
from duobiao.search.domain.findable import Findable

NOT_A_DIGIT: Final = re.compile(r"\D+")


def findable_lead(lead: Lead) -> Findable:
    """Describe one lead to search."""
    return Findable(
        kind=Lead.kind,
        ref=lead.ref,
        title=lead.company,
        subtitle=" · ".join(filter(None, [lead.contact_name, lead.region])),
        url=reverse("prospecting:lead", args=[lead.ref]),
        words=[NOT_A_DIGIT.sub("", lead.mobile), NOT_A_DIGIT.sub("", lead.phone), lead.email],
        owner_id=lead.owner_id,
        people=frozenset() if lead.created_by_id is None else frozenset({lead.created_by_id}),
        touched_at=lead.touched_at,
    )


def every_lead() -> Iterator[Findable]:
    """Yield every lead."""
    for lead in Lead.objects.iterator(chunk_size=500):
        yield findable_lead(lead)
