"""A deal as the search index keeps it."""

from collections.abc import Iterator
from datetime import datetime

from duobiao.opportunities.models import Opportunity, TeamMember
from duobiao.search.domain.findable import Findable

SEARCH_SYNONYMS = "商机"
"""People search for 商机 although we say 销售项目."""


def findable(opportunity: Opportunity, *, people: frozenset[int], now: datetime) -> Findable:
    """Return what the deal is found by.

    Args:
        people: Keys of the owner and the team.
    """
    customer = opportunity.customer
    return Findable(
        kind=opportunity.kind,
        ref=opportunity.ref,
        title=opportunity.name,
        subtitle=customer.name,
        url=f"/opportunities/{opportunity.ref}/",
        words=[customer.short_name, opportunity.description, opportunity.source, SEARCH_SYNONYMS],
        owner_id=opportunity.owner_id,
        people=people,
        touched_at=now,
    )


def every_deal() -> Iterator[Findable]:
    """Yield every deal, to build the index anew."""
    people: dict[int, set[int]] = {}
    for deal_id, user_id in TeamMember.objects.values_list("opportunity_id", "user_id"):
        people.setdefault(deal_id, set()).add(user_id)
    for deal in Opportunity.objects.select_related("customer").iterator(chunk_size=500):
        team = people.get(deal.pk, set())
        yield findable(deal, people=frozenset({deal.owner_id, *team}), now=deal.created_at)
