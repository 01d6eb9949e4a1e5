"""Today: what one person should do now, over all their open deals; the cost does not grow with the deals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity, OpportunityQuerySet
from duobiao.opportunities.models import Risk as DealRisk
from duobiao.opportunities.queries.action_list import (
    DealAction,
    deal_actions,
    deals_for,
    nearest,
    running_out,
    together,
)
from duobiao.opportunities.queries.effects import effect_of
from duobiao.opportunities.queries.explain import Explained, explain_many
from duobiao.opportunities.queries.renewals import renewals
from duobiao.opportunities.queries.risks import RiskLine, risk_lines
from duobiao.opportunities.queries.surroundings import around_many
from duobiao.web.formats import day

ACTION_DEALS = 8
ACTIONS_SHOWN = 10
ACTIONS_PER_DEAL = 2
EXPIRY_DEALS = 6
EXPIRY_SHOWN = 6
SOON_DAYS = 14
RISKS_SHOWN = 6


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


def today_of(user: User, on: date, *, team: bool, currency: str) -> Today:
    """Return the page's deals: fourteen queries for any number of deals.

    Deals are picked by their stored columns; only those few are judged in full.
    """
    rows = deals_for(user, team=team).open()
    chosen = nearest(rows, ACTION_DEALS)
    ending = running_out(rows, on, EXPIRY_DEALS)
    judged = together(chosen, ending)
    explained = {row.opportunity.pk: row for row in explain_many(judged, on)}
    found = deal_actions(list(explained.values()), around_many(judged), per_deal=ACTIONS_PER_DEAL)
    return Today(
        in_hand=_in_hand(rows, currency),
        actions=[row for row in found if not row.action.hidden][:ACTIONS_SHOWN],
        more_deals=len(chosen) == ACTION_DEALS,
        expiring=_expiring([explained[deal.pk] for deal in ending]),
        risks=_risks(rows, on),
    )


def _in_hand(rows: OpportunityQuerySet, currency: str) -> InHand:
    held = rows.aggregate(count=Count("pk"), amount=Sum("amount_minor", filter=Q(currency=currency), default=0))
    return InHand(held["count"], Money(held["amount"], currency) if held["amount"] else None)


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
