"""Judge the risk signals of deals, store what changed, and tell people once when one turns red."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from duobiao.identity.models import CompanySettings, User
from duobiao.identity.queries import managers_of_many
from duobiao.kernel.days import local_day
from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref
from duobiao.opportunities.domain.rules import ORDER, Level, Rules
from duobiao.opportunities.domain.signals import Reason, Signal, judge_signals, risk_of
from duobiao.opportunities.events import RiskArose
from duobiao.opportunities.models import Opportunity, Risk, RiskSignal
from duobiao.opportunities.queries.signal_facts import signal_facts
from duobiao.opportunities.queries.signal_rules import rules_in_force
from duobiao.timeline.actions.notify import Line, notify_many
from duobiao.timeline.actions.record import record_many

BATCH = 500
SILENCE, SINGLE_THREAD = "silence", "single_thread"
CHANGING = ("level", "reasons", "since", "source_kind", "source_ref")


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of the signals of one deal."""

    deal: Opportunity
    added: list[RiskSignal]
    changed: list[RiskSignal]
    gone: list[int]
    turned_red: list[RiskSignal]
    risk: str


def judge_deal(opportunity: Opportunity, *, actor: User | None, now: datetime, on: date) -> None:
    """Judge one deal; the caller holds its lock and is inside a transaction.

    Owner and managers are told of a signal that turned red, except the one who did it.

    Args:
        on: The company's day.
    """
    _judge([opportunity], rules_in_force(), on=on, actor=actor, now=now, tell=True)


def judge_held(opportunities: Sequence[Opportunity], *, actor: User | None, now: datetime, on: date) -> None:
    """Judge several deals at once, whose locks the caller holds; see ``judge_deal``."""
    _judge(opportunities, rules_in_force(), on=on, actor=actor, now=now, tell=True)


def note_record(opportunity: Opportunity, *, spoke: bool, actor: User, now: datetime, on: date) -> None:
    """Let a record end the silence of a risky deal, without judging what it does not concern; see ``judge_deal``.

    Args:
        spoke: The record names somebody of the customer, which may end a single thread.
    """
    levels = dict(RiskSignal.objects.filter(opportunity=opportunity).values_list("rule", "level"))
    if spoke and SINGLE_THREAD in levels:
        judge_deal(opportunity, actor=actor, now=now, on=on)
    elif levels.pop(SILENCE, None) is not None:
        RiskSignal.objects.filter(opportunity=opportunity, rule=SILENCE).delete()
        left = min((Level(level) for level in levels.values()), key=ORDER.__getitem__, default=Level.GREEN)
        opportunity.risk = str(left)
        Opportunity.objects.filter(pk=opportunity.pk).update(risk=opportunity.risk)


def judge_all(*, now: datetime, tell: bool = True) -> int:
    """Judge every open deal on the company's day; returns how many. Safe to repeat and to interrupt."""
    return _judge_each(Opportunity.objects.open(), now=now, tell=tell)


def judge_unjudged(*, now: datetime) -> int:
    """Judge open deals that have no colour yet, as after an upgrade; nobody is told. Returns how many."""
    return _judge_each(Opportunity.objects.open().filter(risk=""), now=now, tell=False)


def _judge_each(rows: QuerySet[Opportunity], *, now: datetime, tell: bool) -> int:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return 0
    rules, on = rules_in_force(), local_day(now, CompanySettings.load().time_zone)
    for start in range(0, len(keys), BATCH):
        judge_some(keys[start : start + BATCH], rules, on=on, now=now, tell=tell)
    return len(keys)


@transaction.atomic
def judge_some(keys: Sequence[int], rules: Rules, *, on: date, now: datetime, tell: bool) -> None:
    """Judge some deals in one transaction."""
    rows = Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    _judge(list(rows.select_related("owner").order_by("pk")), rules, on=on, actor=None, now=now, tell=tell)


def _judge(
    deals: Sequence[Opportunity], rules: Rules, *, on: date, actor: User | None, now: datetime, tell: bool
) -> None:
    facts = signal_facts([deal for deal in deals if deal.is_open], rules, on=on)
    stored: dict[int, dict[str, RiskSignal]] = defaultdict(dict)
    for row in RiskSignal.objects.filter(opportunity_id__in=[deal.pk for deal in deals]):
        stored[row.opportunity_id][row.rule] = row
    changes = []
    for deal in deals:
        found = judge_signals(rules, facts[deal.pk], on=on) if deal.is_open else []
        changes.append(_compare(deal, stored[deal.pk], found))
    _write(changes)
    if tell:
        _tell(changes, actor=actor, now=now, on=on)


def _compare(deal: Opportunity, stored: dict[str, RiskSignal], found: Sequence[Signal]) -> _Change:
    added: list[RiskSignal] = []
    changed: list[RiskSignal] = []
    red: list[RiskSignal] = []
    for signal in found:
        held, wanted = stored.get(signal.rule), _values(signal)
        if held is not None and held.level == wanted["level"]:
            wanted["since"] = held.since
        if held is not None and all(getattr(held, name) == value for name, value in wanted.items()):
            continue
        row = RiskSignal(pk=held.pk if held else None, opportunity=deal, rule=signal.rule, **wanted)
        (added if held is None else changed).append(row)
        if row.level == Risk.RED and (held is None or held.level != Risk.RED):
            red.append(row)
    kept = {signal.rule for signal in found}
    gone = [row.pk for rule, row in stored.items() if rule not in kept]
    return _Change(deal, added, changed, gone, red, str(risk_of(found)) if deal.is_open else "")


def _values(signal: Signal) -> dict[str, Any]:
    source = signal.source
    return {
        "level": str(signal.level),
        "reasons": [_codes(reason) for reason in signal.reasons],
        "since": signal.since,
        "source_kind": source.kind if source and "." not in source.kind else "proof" if source else "",
        "source_ref": source.ref if source else "",
    }


def _codes(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "level": str(reason.level), **reason.figures}


def _write(changes: Iterable[_Change]) -> None:
    changes = list(changes)
    gone = [pk for change in changes for pk in change.gone]
    if gone:
        RiskSignal.objects.filter(pk__in=gone).delete()
    rows = [row for change in changes for row in (*change.added, *change.changed)]
    one = ["opportunity", "rule"]
    RiskSignal.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=one, update_fields=CHANGING
    )
    for risk in ("", *Risk.values):
        moved = [change.deal for change in changes if change.risk == risk != change.deal.risk]
        if moved:
            Opportunity.objects.filter(pk__in=[deal.pk for deal in moved]).update(risk=risk)
        for deal in moved:
            deal.risk = risk


def _tell(changes: Iterable[_Change], *, actor: User | None, now: datetime, on: date) -> None:
    """Keep each newly red signal in the timeline, and put it once into the bells of owner and managers."""
    events: list[Event] = []
    lines: list[Line] = []
    red = [change for change in changes if change.turned_red]
    above = managers_of_many({change.deal.owner_id: change.deal.owner for change in red}.values()) if red else {}
    for change in red:
        deal = change.deal
        for row in change.turned_red:
            data = {"rule": row.rule, "reasons": row.reasons, "on": on.isoformat()}
            events.append(RiskArose(subject=Ref.of(deal), data=data))
            url, told = f"/opportunities/{deal.ref}/#risks", {**data, "deal": deal.name}
            people = {user.pk: user for user in (deal.owner, *above[deal.owner_id])}
            lines += [Line(user, RiskArose.name, url, told) for user in people.values() if user != actor]
    record_many(events, actor=actor, at=now)
    notify_many(lines, at=now)
