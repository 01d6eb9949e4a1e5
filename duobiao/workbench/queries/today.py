"""Today: what one person should do now, over all their open deals; the cost does not grow with the deals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, scope_of
from duobiao.kernel.money import Money
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity, OpportunityQuerySet, TeamMember
from duobiao.opportunities.models import Risk as DealRisk
from duobiao.opportunities.queries.explain import Explained, explain_many
from duobiao.opportunities.queries.next_actions import NextAction, effect_of, next_actions
from duobiao.opportunities.queries.renewals import renewals
from duobiao.opportunities.queries.risks import RiskLine, risk_lines
from duobiao.web.formats import day

ACTION_DEALS = 8
ACTIONS_SHOWN = 10
ACTIONS_PER_DEAL = 2
EXPIRY_DEALS = 6
EXPIRY_SHOWN = 6
SOON_DAYS = 14
RISKS_SHOWN = 6
WIDER = (Scope.LEARNERS, Scope.UNIT, Scope.SUBTREE, Scope.ALL)


@dataclass(frozen=True, slots=True)
class DealAction:
    """Something to do, with the deal it is for."""

    action: NextAction
    deal: str
    deal_url: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """Evidence or a waiver that runs out soon, or has run out."""

    title: str
    deal: str
    deal_url: str
    when: str
    effect: str
    url: str
    label: str
    dialog: bool
    waived: bool
    day: date


@dataclass(frozen=True, slots=True)
class Risk:
    """A deal in danger, and why."""

    tone: Literal["bad", "warn"]
    title: str
    why: str
    url: str
    label: str
    dialog: bool
    deal_url: str


@dataclass(frozen=True, slots=True)
class InHand:
    """The open deals in figures."""

    count: int
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Today:
    """What the page shows."""

    in_hand: InHand
    actions: list[DealAction]
    more_deals: bool
    expiring: list[Expiring]
    risks: list[Risk]


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


def today_of(user: User, on: date, *, team: bool, currency: str) -> Today:
    """Return the page's deals: eleven queries for any number of deals.

    Deals are picked by their stored columns; only those few are judged in full.
    """
    rows = deals_for(user, team=team).open()
    chosen = _nearest_gate(rows)
    ending = _running_out(rows, on)
    explained = {row.opportunity.pk: row for row in explain_many(_together(chosen, ending), on)}
    return Today(
        in_hand=_in_hand(rows, currency),
        actions=_actions([explained[deal.pk] for deal in chosen]),
        more_deals=len(chosen) == ACTION_DEALS,
        expiring=_expiring([explained[deal.pk] for deal in ending]),
        risks=_risks(rows, on),
    )


def _nearest_gate(rows: OpportunityQuerySet) -> list[Opportunity]:
    """Return the deals that need least to move: what stands on waivers first, then the fewest items missing."""
    ordered = rows.annotate(lacking=F("gate_required") - F("gate_met")).order_by(
        "-waived_count", "lacking", F("amount_minor").desc(nulls_last=True), "pk"
    )
    return list(ordered.select_related("customer")[:ACTION_DEALS])


def _running_out(rows: OpportunityQuerySet, on: date) -> list[Opportunity]:
    soon = Q(reassess_on__lte=on + timedelta(days=SOON_DAYS + 1)) | Q(expired_count__gt=0)
    return list(rows.filter(soon).select_related("customer").order_by("reassess_on", "pk")[:EXPIRY_DEALS])


def _together(*lists: Sequence[Opportunity]) -> list[Opportunity]:
    return list({deal.pk: deal for deals in lists for deal in deals}.values())


def _in_hand(rows: OpportunityQuerySet, currency: str) -> InHand:
    held = rows.aggregate(count=Count("pk"), amount=Sum("amount_minor", filter=Q(currency=currency), default=0))
    return InHand(held["count"], Money(held["amount"], currency) if held["amount"] else None)


def _actions(deals: Sequence[Explained]) -> list[DealAction]:
    found = [
        (action, explained.opportunity)
        for explained in deals
        for action in next_actions(explained, limit=ACTIONS_PER_DEAL)
    ]
    found.sort(key=lambda row: (row[0].rank[:2], -(row[1].amount_minor or 0), row[0].rank, row[1].pk))
    return [DealAction(action, deal.name, deal_url(deal.ref)) for action, deal in found[:ACTIONS_SHOWN]]


def _expiring(deals: Sequence[Explained]) -> list[Expiring]:
    found = [row for explained in deals for row in _expiring_on(explained)]
    return sorted(found, key=lambda row: (row.day, row.deal, row.title))[:EXPIRY_SHOWN]


def _expiring_on(explained: Explained) -> list[Expiring]:
    deal, on = explained.opportunity, explained.on
    rows = []
    for renewal in renewals(explained, within_days=SOON_DAYS):
        effect = effect_of(renewal.change) if renewal.change is not None else ""
        if renewal.change is None:
            days = (on - renewal.last_day).days
            when = ngettext("ran out %(num)d day ago", "ran out %(num)d days ago", days) % {"num": days}
        else:
            when = _("until %(day)s") % {"day": day(renewal.last_day)}
        rows.append(
            Expiring(
                title=renewal.title,
                deal=deal.name,
                deal_url=deal_url(deal.ref),
                when=when,
                effect=_("otherwise %(effect)s") % {"effect": effect} if effect else "",
                url=renewal.url,
                label=str(renewal.label),
                dialog=not renewal.appointment,
                waived=renewal.waived,
                day=renewal.last_day,
            )
        )
    return rows


def _risks(rows: OpportunityQuerySet, on: date) -> list[Risk]:
    """Return the deals in danger, those at high risk and the largest first, each with its worst signal."""
    risky = rows.filter(risk__in=[DealRisk.RED, DealRisk.AMBER])
    ordered = risky.order_by("-risk", F("amount_minor").desc(nulls_last=True), "pk")
    deals = list(ordered.prefetch_related("signals")[:RISKS_SHOWN])
    return [_risk(deal, risk_lines(deal, deal.signals.all(), on=on)) for deal in deals]


def _risk(deal: Opportunity, lines: list[RiskLine]) -> Risk:
    worst, more = lines[0], len(lines) - 1
    why = worst.reason
    if more:
        why = _("%(why)s · and %(num)d more") % {"why": why, "num": more}
    return Risk(
        tone="bad" if worst.level == DealRisk.RED else "warn",
        title=_("%(deal)s: %(risk)s") % {"deal": deal.name, "risk": worst.title},
        why=why,
        url=worst.url,
        label=worst.label,
        dialog=worst.dialog,
        deal_url=deal_url(deal.ref),
    )
