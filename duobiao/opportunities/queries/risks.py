"""The risks of deals in words: level, reason with figures, since when, and where to do something about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.domain.links import deal_url, give_up_url, proof_url
from duobiao.opportunities.domain.rules import ORDER, Level
from duobiao.opportunities.models import Opportunity, Risk, RiskReport, RiskSignal
from duobiao.opportunities.signal_words import reasons_words, rule_title, shipped_rules

Step = tuple[str | Promise, str, bool]
"""What to do: words, address below the deal, and whether it opens as a dialog."""

STEPS: dict[str, Step] = {
    "decision_delay": (_("Ask and record"), "visits", False),
    "key_contact_changed": (_("See the people"), "people", False),
    "budget_cut": (_("Prepare an answer"), "strategy", False),
    "rivals_active": (_("Prepare an answer"), "strategy", False),
    "needs_changing": (_("Prepare an answer"), "strategy", False),
    "silence": (_("Log a visit"), "visits", False),
    "stale_close_date": (_("Set the day"), "edit", True),
    "single_thread": (_("See the people"), "people", False),
    "stage_overdue": (_("See what is missing"), "gap", False),
    "falling_behind": (_("See what is missing"), "gap", False),
    "evidence_lapsed": (_("See what is missing"), "gap", False),
    "review_overdue": (_("Review the strategy"), "strategy/review", True),
}


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One risk of a deal as people and the API see it.

    Attributes:
        source: Reference of the record behind it, "" where it is no single one; ``source_url`` its page.
        label: What to do about it, at ``url``.
    """

    rule: str
    title: str
    level: Risk
    reason: str
    since: date
    source: str
    source_url: str
    url: str
    label: str
    dialog: bool


def risks_of(deal: Opportunity, *, on: date) -> list[RiskLine]:
    """Return the risks of a deal, the worst first; one query."""
    return risk_lines(deal, deal.signals.all(), on=on)


def risk_lines(deal: Opportunity, rows: Iterable[RiskSignal], *, on: date) -> list[RiskLine]:
    """Word the signals of a deal, the worst first, else in the order of the rules."""
    places = {key: place for place, key in enumerate(shipped_rules())}
    ordered = sorted(rows, key=lambda row: (ORDER[Level(row.level)], places.get(row.rule, len(places))))
    return [_line(deal, row, on) for row in ordered]


def step_of(deal: Opportunity, rule: str, level: str) -> tuple[str, str, bool]:
    """Return what to do about a signal: words, address, and whether it opens as a dialog."""
    if rule == "falling_behind" and level == Risk.RED:
        return str(_("Decide")), give_up_url(deal.ref), True
    label, page, dialog = STEPS[rule]
    addresses = {"visits": f"/visits/new/?opportunity={deal.ref}", "gap": f"{deal_url(deal.ref)}#gap"}
    return str(label), addresses.get(page) or deal_url(deal.ref, page), dialog


def _line(deal: Opportunity, row: RiskSignal, on: date) -> RiskLine:
    label, url, dialog = step_of(deal, row.rule, row.level)
    return RiskLine(
        rule=row.rule,
        title=rule_title(row.rule),
        level=Risk(row.level),
        reason=reasons_words(row.reasons, on=on),
        since=row.since,
        source=row.source_ref,
        source_url=_source_url(deal, row),
        url=url,
        label=label,
        dialog=dialog,
    )


def _source_url(deal: Opportunity, row: RiskSignal) -> str:
    if not row.source_ref:
        return ""
    pages = {
        "proof": proof_url(row.source_ref),
        RiskReport.kind: f"{deal_url(deal.ref, 'strategy')}#report-{row.source_ref}",
        "contact": f"/contacts/{row.source_ref}/",
        "rival_move": f"{deal_url(deal.ref, 'competition')}#move-{row.source_ref}",
    }
    return pages.get(row.source_kind, "")
