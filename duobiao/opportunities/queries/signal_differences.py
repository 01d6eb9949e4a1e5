"""Judge the signals of all open deals anew and compare with what is stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from duobiao.opportunities.domain.signals import judge_signals, risk_of
from duobiao.opportunities.models import Opportunity, RiskSignal
from duobiao.opportunities.queries.signal_facts import signal_facts
from duobiao.opportunities.queries.signal_rules import rules_in_force

BATCH = 1000
COLOUR = "risk"
Levels = dict[str, str]


@dataclass(frozen=True, slots=True)
class SignalDifference:
    """Signals of a deal that do not follow: level by rule, and the colour under ``risk``."""

    ref: str
    stored: Levels
    derived: Levels


def signal_differences(*, on: date) -> Iterator[SignalDifference]:
    """Yield the deals whose stored signals differ from what their records say on the company's day."""
    rules = rules_in_force()
    keys = list(Opportunity.objects.open().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        deals = list(Opportunity.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk"))
        facts = signal_facts(deals, rules, on=on)
        stored = _stored(deals)
        for deal in deals:
            found = judge_signals(rules, facts[deal.pk], on=on)
            derived = {**{signal.rule: str(signal.level) for signal in found}, COLOUR: str(risk_of(found))}
            if derived != stored[deal.pk]:
                yield SignalDifference(deal.ref, _apart(stored[deal.pk], derived), _apart(derived, stored[deal.pk]))


def _stored(deals: list[Opportunity]) -> Mapping[int, Levels]:
    held: dict[int, Levels] = defaultdict(dict)
    for pk, rule, level in RiskSignal.objects.filter(opportunity__in=deals).values_list(
        "opportunity_id", "rule", "level"
    ):
        held[pk][rule] = level
    for deal in deals:
        held[deal.pk][COLOUR] = deal.risk
    return held


def _apart(one: Levels, other: Levels) -> Levels:
    return {rule: level for rule, level in one.items() if other.get(rule) != level}
