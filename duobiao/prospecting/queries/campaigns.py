"""What campaigns and sources brought: leads, deals, won amounts. Names and amounts only of deals the reader sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.prospecting.models import Campaign, FollowUp, Lead, LeadState, ReferralAsk, Source, Way

MOST_LEADS = 200
SHOWN = 15
"""Rows of each list on the page of a campaign; the list of leads has the others."""


@dataclass(slots=True)
class Yield:
    """What came of some leads.

    Attributes:
        converted: Leads that became something; ``deals`` those that led to a deal.
        won: Won amounts of the deals the reader may see, by currency.
        cost: What was spent, in the currency of the campaign.
    """

    leads: int = 0
    open: int = 0
    discarded: int = 0
    converted: int = 0
    deals: int = 0
    won: dict[str, int] = field(default_factory=dict)
    cost: Money | None = None

    @property
    def conversion_percent(self) -> int | None:
        """Leads that led to a deal, of all; None without leads."""
        return round(self.deals * 100 / self.leads) if self.leads else None

    @property
    def won_amounts(self) -> list[Money]:
        """The won amounts, one for each currency."""
        return [Money(amount, currency) for currency, amount in sorted(self.won.items())]

    @property
    def return_ratio(self) -> float | None:
        """Won amount for each unit spent, in the currency of the cost; None where nothing was spent, or won and seen."""
        if self.cost is None or not self.cost.amount_minor or self.cost.currency not in self.won:
            return None
        return self.won[self.cost.currency] / self.cost.amount_minor

    @property
    def cost_per_lead(self) -> Money | None:
        """What one lead cost; None without cost or leads."""
        if self.cost is None or not self.cost.amount_minor or not self.leads:
            return None
        return Money(self.cost.amount_minor // self.leads, self.cost.currency)


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign with what it brought."""

    campaign: Campaign
    brought: Yield


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source of leads with what it brought.

    Attributes:
        campaigns: How many campaigns there were by this way.
    """

    source: str
    label: str
    campaigns: int
    brought: Yield


COUNTS = {
    "leads": Count("pk"),
    "open": Count("pk", filter=Q(state__in=[LeadState.NEW, LeadState.WORKING])),
    "discarded": Count("pk", filter=Q(state=LeadState.DISCARDED)),
    "converted": Count("pk", filter=Q(state=LeadState.CONVERTED)),
    "deals": Count("opportunity", distinct=True),
}


def get_campaign(*, ref: str, user: User) -> Campaign:
    """Return a campaign the person may see.

    Raises:
        NotFound: there is none.
    """
    found = Campaign.objects.visible_to(user).select_related("owner").filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such campaign."))
    return found


def campaigns_matching(user: User, *, way: str = "", text: str = "") -> QuerySet[Campaign]:
    """Return the campaigns of a way and with some words in their names, unordered."""
    rows = Campaign.objects.visible_to(user).select_related("owner")
    if way:
        rows = rows.filter(way=way)
    return rows.filter(name__icontains=text) if text else rows


def with_yields(campaigns: Sequence[Campaign], user: User) -> list[CampaignRow]:
    """Return campaigns with what they brought; two queries for any number."""
    keys = [campaign.pk for campaign in campaigns]
    found = {campaign.pk: Yield(cost=campaign.cost) for campaign in campaigns}
    rows = Lead.objects.filter(campaign__in=keys).values("campaign").annotate(**COUNTS).order_by("campaign")
    for row in rows:
        _put(found[row["campaign"]], dict(row))
    for key, currency, amount in _won(Lead.objects.filter(campaign__in=keys), "campaign", user):
        _add(found[key], currency, amount)
    return [CampaignRow(campaign, found[campaign.pk]) for campaign in campaigns]


def source_rows(user: User) -> list[SourceRow]:
    """Return every source with what it brought among the leads the reader may see; cost is that of its campaigns."""
    visible = Lead.objects.visible_to(user)
    found = {source: Yield() for source in Source.values}
    for row in visible.values("source").annotate(**COUNTS).order_by("source"):
        _put(found[row["source"]], dict(row))
    for source, currency, amount in _won(visible, "source", user):
        _add(found[source], currency, amount)
    spent: dict[str, list[Money]] = {}
    for way, minor, currency in Campaign.objects.visible_to(user).values_list("way", "cost_minor", "currency"):
        spent.setdefault(way, []).append(Money(minor, currency))
    for way, amounts in spent.items():
        first = amounts[0].currency
        found[way].cost = Money(sum(one.amount_minor for one in amounts if one.currency == first), first)
    labels = dict(Source.choices)
    return [SourceRow(key, str(labels[key]), len(spent.get(key, [])), brought) for key, brought in found.items()]


def won_deals(campaign: Campaign, user: User) -> list[Opportunity]:
    """Return the deals that came from a campaign and that the person may see, won ones first."""
    rows = Opportunity.objects.visible_to(user).filter(leads__campaign=campaign).distinct().select_related("customer")
    return sorted(rows[:MOST_LEADS], key=lambda deal: (deal.outcome != Outcome.WON, deal.name, deal.pk))


def leads_of(campaign: Campaign, user: User) -> list[Lead]:
    """Return the newest leads of a campaign the person may see."""
    rows = Lead.objects.visible_to(user).filter(campaign=campaign).select_related("owner", "pool")
    return list(rows.order_by("-created_at", "-pk")[:SHOWN])


def follow_ups_of(campaign: Campaign, user: User) -> list[FollowUp]:
    """Return the open next steps after a campaign that the person may see, the first due first."""
    rows = FollowUp.objects.visible_to(user).open().filter(campaign=campaign).select_related("lead", "owner")
    return list(rows.order_by("due_on", "pk")[:MOST_LEADS])


def asks_seen(user: User, *, campaign: Campaign | None = None) -> QuerySet[ReferralAsk]:
    """Return the referral asks the person may see, unordered."""
    rows = ReferralAsk.objects.visible_to(user).select_related("customer", "contact", "asked_by", "lead", "campaign")
    return rows if campaign is None else rows.filter(campaign=campaign)


def ways() -> list[tuple[str, str]]:
    """Return the eight ways."""
    return [(value, str(label)) for value, label in Way.choices]


def _put(brought: Yield, row: dict[str, Any]) -> None:
    for name in COUNTS:
        setattr(brought, name, row[name])


def _add(brought: Yield, currency: str, amount: int) -> None:
    brought.won[currency] = brought.won.get(currency, 0) + amount


def _won(leads: QuerySet[Lead], by: str, user: User) -> Iterable[tuple[Any, str, int]]:
    """Yield key, currency and amount of each won deal the reader sees; a deal counts once for a key."""
    seen = Opportunity.objects.visible_to(user).filter(outcome=Outcome.WON).exclude(amount_minor=None)
    rows = leads.filter(opportunity__in=seen.values("pk")).order_by(by)
    columns = (by, "opportunity_id", "opportunity__currency", "opportunity__amount_minor")
    return [(key, currency, amount) for key, _deal, currency, amount in rows.values_list(*columns).distinct()]
