"""What to do next over many deals: whose deals, which of them are judged in full, and their suggestions by points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, scope_of
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity, OpportunityQuerySet, Risk, TeamMember
from duobiao.opportunities.queries.explain import Explained, explain_many
from duobiao.opportunities.queries.next_actions import NextAction, all_actions
from duobiao.opportunities.queries.surroundings import Around, around_many

SOON_DAYS = 14
WIDER = (Scope.LEARNERS, Scope.UNIT, Scope.SUBTREE, Scope.ALL)


@dataclass(frozen=True, slots=True)
class DealAction:
    """Something to do, with the deal it is for."""

    action: NextAction
    deal: str
    deal_ref: str
    owner: str
    amount_minor: int

    @property
    def deal_url(self) -> str:
        """Page of the deal."""
        return deal_url(self.deal_ref)


@dataclass(frozen=True, slots=True)
class ActionList:
    """Suggestions over many deals.

    Attributes:
        rows: By points; ``aside`` what people set aside.
        judged: How many deals were judged, of ``deals``.
    """

    rows: list[DealAction]
    aside: list[DealAction]
    judged: int
    deals: int


def may_see_team(user: User) -> bool:
    """Whether the person sees deals of others and may look at them together."""
    return scope_of(user, "opportunities.view") in WIDER


def deals_for(user: User, *, team: bool) -> OpportunityQuerySet:
    """Return a person's deals, those they own or work on; with ``team`` all they may see."""
    rows = Opportunity.objects.visible_to(user)
    if team:
        return rows
    on_team = TeamMember.objects.filter(user=user).values("opportunity_id")
    return rows.filter(Q(owner=user) | Q(pk__in=on_team))


def action_list(rows: OpportunityQuerySet, on: date, *, most_deals: int, per_deal: int) -> ActionList:
    """Return what to do next over open deals; fourteen queries for any number of them.

    Deals are picked by their stored columns, see ``nearest``, ``running_out`` and ``risky``; only those few are judged in full.
    """
    third = most_deals // 3
    chosen = together(nearest(rows, third), running_out(rows, on, third), risky(rows, third))
    explained = explain_many(chosen, on)
    found = deal_actions(explained, around_many(chosen), per_deal=per_deal)
    aside = [row for row in found if row.action.hidden]
    shown = [row for row in found if not row.action.hidden]
    return ActionList(shown, aside, len(chosen), rows.count())


def nearest(rows: OpportunityQuerySet, limit: int) -> list[Opportunity]:
    """Return the deals that need least to move: what stands on waivers first, then the fewest items missing."""
    ordered = rows.annotate(lacking=F("gate_required") - F("gate_met")).order_by(
        "-waived_count", "lacking", F("amount_minor").desc(nulls_last=True), "pk"
    )
    return list(ordered.select_related("customer", "owner")[:limit])


def running_out(rows: OpportunityQuerySet, on: date, limit: int) -> list[Opportunity]:
    """Return the deals from which time takes something soon, or has taken it."""
    soon = Q(reassess_on__lte=on + timedelta(days=SOON_DAYS + 1)) | Q(expired_count__gt=0)
    return list(rows.filter(soon).select_related("customer", "owner").order_by("reassess_on", "pk")[:limit])


def risky(rows: OpportunityQuerySet, limit: int) -> list[Opportunity]:
    """Return the deals at high risk, the largest first."""
    ordered = rows.filter(risk=Risk.RED).order_by(F("amount_minor").desc(nulls_last=True), "pk")
    return list(ordered.select_related("customer", "owner")[:limit])


def together(*lists: Sequence[Opportunity]) -> list[Opportunity]:
    """Return the deals of several lists, each once."""
    return list({deal.pk: deal for deals in lists for deal in deals}.values())


def deal_actions(explained: Sequence[Explained], arounds: Mapping[int, Around], *, per_deal: int) -> list[DealAction]:
    """Return the best suggestions of each deal by points, larger deals first among equals; set aside ones too."""
    found = []
    for one in explained:
        shown = 0
        for action in all_actions(one, arounds[one.opportunity.pk]):
            if action.hidden or shown < per_deal:
                found.append((action, one.opportunity))
                shown += not action.hidden
    found.sort(key=lambda row: (-row[0].score, -(row[1].amount_minor or 0), row[0].rank, row[1].pk))
    return [DealAction(action, deal.name, deal.ref, deal.owner.name, deal.amount_minor or 0) for action, deal in found]
