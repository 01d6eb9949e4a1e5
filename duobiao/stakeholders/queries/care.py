"""Whether the care plans of a chain are kept: how long nobody was in touch with somebody, against what the plan says."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.identity.models import CompanySettings
from duobiao.kernel.days import local_day
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity, SuggestionKind
from duobiao.opportunities.queries.surroundings import Advice
from duobiao.opportunities.queries.threads import last_spoken
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.queries.definitions import rules

PAGE = "decision-chain"


def care_advice(deals: Sequence[Opportunity]) -> Sequence[Advice]:
    """Return, for each deal, the person whose care plan is most overdue; three queries, for any number of deals."""
    return overdue_care(deals)


def overdue_care(deals: Sequence[Opportunity], *, on: date | None = None) -> list[Advice]:
    """Return the same as it stands on a day; of two overdue people the one overdue by the larger share of the plan.

    Who was never spoken to counts from the day they came onto the chain.

    Args:
        on: Without it the company's today.
    """
    every = rules().care_every
    keys = [deal.pk for deal in deals]
    people = DealPerson.objects.present().filter(opportunity__in=keys, relation_class__in=list(every))
    kept = list(people.select_related("contact", "opportunity").order_by("pk"))
    if not kept:
        return []
    on = on or local_day(timezone.now(), CompanySettings.load().time_zone)
    rows = [row for row in kept if row.left_on is None or row.left_on > on]
    spoken = last_spoken(keys)
    worst: dict[int, tuple[float, DealPerson, int]] = {}
    for row in rows:
        last = spoken.get(row.opportunity_id, {}).get(row.contact_id)
        silent = (on - max(row.joined_on, last) if last is not None else on - row.joined_on).days
        share = silent / every[row.relation_class]
        if share > 1 and share > worst.get(row.opportunity_id, (1.0, row, 0))[0]:
            worst[row.opportunity_id] = (share, row, silent)
    return [_advice(row, silent, every[row.relation_class]) for _share, row, silent in worst.values()]


def _advice(person: DealPerson, silent: int, every: int) -> Advice:
    told = {"name": person.contact.name, "silent": silent, "every": every}
    return Advice(
        deal_pk=person.opportunity_id,
        key="stakeholders.CARE_OVERDUE",
        kind=SuggestionKind.VISIT,
        what=_("Get in touch with %(name)s") % told,
        why=_("no contact for %(silent)d days, the care plan says every %(every)d") % told,
        level="AMBER",
        url=f"{deal_url(person.opportunity.ref, PAGE)}?person={person.ref}#person",
        label=_("See the person"),
        facts=person.contact.name,
        evidence=("engagement.visit_held",),
    )
