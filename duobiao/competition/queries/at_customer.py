"""Who competes with us at a customer, and what became of the deals there."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from duobiao.competition.models import DealRival, Rival
from duobiao.competition.queries.cards import Results
from duobiao.competition.queries.landscape import grades
from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity, Outcome, Participant


@dataclass(frozen=True, slots=True)
class CustomerRival:
    """A rival at a customer, on the deals the reader sees.

    Attributes:
        racing: Open deals on which it is in the race, the one where we stand worst first.
        gap: The worst weighted gap to it on those; negative where it is ahead, None while nothing is compared.
        results: Closed deals on which it stayed until the end.
    """

    rival: Rival
    racing: tuple[Opportunity, ...]
    gap: Decimal | None
    results: Results


def rivals_at(customer: Customer, reader: User) -> list[CustomerRival]:
    """Return the rivals on the deals of a customer that the reader sees, those in a race first; one query.

    Deals in which it takes part count too. A rival that left a deal does not count there.
    """
    takes_part = Participant.objects.filter(opportunity=OuterRef("pk"), customer=customer)
    seen = Opportunity.objects.visible_to(reader).filter(Q(customer=customer) | Exists(takes_part))
    rows = DealRival.objects.filter(opportunity__in=seen.values("pk"), left_on=None)
    by_rival: dict[int, list[DealRival]] = {}
    for row in rows.select_related("rival", "opportunity").order_by("pk"):
        by_rival.setdefault(row.rival_id, []).append(row)
    found = [_rival(held) for held in by_rival.values()]
    return sorted(found, key=lambda line: (-len(line.racing), -line.results.decided, line.rival.name))


def _rival(rows: list[DealRival]) -> CustomerRival:
    racing = [row for row in rows if row.opportunity.is_open]
    racing.sort(key=lambda row: (row.gap_hundredths is None, row.gap_hundredths or 0, row.pk))
    return CustomerRival(
        rival=rows[0].rival,
        racing=tuple(row.opportunity for row in racing),
        gap=grades(racing[0].gap_hundredths) if racing else None,
        results=_results(row.opportunity for row in rows),
    )


def _results(deals: Iterable[Opportunity]) -> Results:
    ended = [deal.outcome for deal in deals if not deal.outcome_unproved]
    return Results(ended.count(Outcome.WON), ended.count(Outcome.LOST))
