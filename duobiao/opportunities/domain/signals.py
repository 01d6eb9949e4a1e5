"""Judge the risk signals of a deal: facts in, signals out; no clock (c-playbooks §5, and our own proposals).

Every figure grows with the danger, so that one comparison decides; a signal is as bad as the worst of its reasons.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from duobiao.opportunities.domain.rules import ORDER, Level, Measure, Rule, Rules
from duobiao.playbooks.domain.model import LagVerdict

Days = tuple[date, ...]
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that was seen on a day: reported by hand, or read from a record.

    Attributes:
        ref: Reference of the record behind it.
    """

    on: date
    kind: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """What the signals of one open deal are judged by.

    Attributes:
        stage: The stage at work: the present one, or the next where it is completed.
        stage_since, buyer_since: Days since which either track stands where it does.
        postponed: Days on which the expected signature was moved later.
        amounts: The amount before each change, with the day of the change; minor units of the present currency.
        reset: The buyer cancelled or suspended the budget and has not moved on since.
        reports: What people reported by hand and what records showed, by rule.
        rivals: Days of evidence about rivals; ``needs_again`` of evidence of needs that was there before.
        spoken: Days on which people of the customer were spoken to, by person.
        last_record_on: Day of the latest evidence, call, visit or comment; the day it was opened without any.
        review_on: Day by which the strategy is to be reviewed.
    """

    opened_on: date
    stage: int = 1
    stage_since: date | None = None
    buyer_stage: int = 0
    buyer_since: date | None = None
    verdict: LagVerdict = LagVerdict.UNKNOWN
    lag: int | None = None
    expected_on: date | None = None
    postponed: Days = ()
    amount_minor: int | None = None
    currency: str = "CNY"
    amounts: tuple[tuple[date, int], ...] = ()
    reset: Sighting | None = None
    reports: Mapping[str, Sequence[Sighting]] = field(default_factory=dict)
    rivals: tuple[Sighting, ...] = ()
    needs_again: tuple[Sighting, ...] = ()
    spoken: Mapping[int, Days] = field(default_factory=dict)
    last_record_on: date | None = None
    waived: int = 0
    expired: int = 0
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a signal is there: a code and its figures, worded where it is read.

    Attributes:
        since: Day from which on it has been at least this bad.
    """

    code: str
    level: Level
    since: date
    figures: Mapping[str, int | str]
    source: Sighting | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A risk of a deal, with all its reasons, the worst first."""

    rule: str
    reasons: tuple[Reason, ...]

    @property
    def level(self) -> Level:
        """As bad as its worst reason."""
        return self.reasons[0].level

    @property
    def since(self) -> date:
        """Since when it has been this bad."""
        return min(reason.since for reason in self.reasons if reason.level is self.level)

    @property
    def source(self) -> Sighting | None:
        """The record behind it, where there is one."""
        return next((reason.source for reason in self.reasons if reason.source is not None), None)


def judge_signals(rules: Rules, facts: SignalFacts, *, on: date) -> list[Signal]:
    """Return the signals of an open deal on a day, the worst first, else in the order of the rules."""
    found = []
    for key, rule in rules.items():
        reasons = sorted(JUDGES[key](rule, facts, on), key=lambda reason: (ORDER[reason.level], reason.since))
        if reasons:
            found.append(Signal(key, tuple(reasons)))
    return sorted(found, key=lambda signal: ORDER[signal.level])


def risk_of(signals: Sequence[Signal]) -> Level:
    """Return the colour of a deal: that of its worst signal."""
    return min((signal.level for signal in signals), key=ORDER.__getitem__, default=Level.GREEN)


def _counted(measure: Measure, sightings: Sequence[Sighting], code: str, on: date) -> Iterator[Reason]:
    """Count what happened within the window; it is this bad since the sighting that reached the figure."""
    held = sorted((row for row in sightings if _within(measure, row.on, on)), key=lambda row: (row.on, row.ref))
    level = measure.level(len(held))
    if level is None:
        return
    reached = measure.red if level is Level.RED else measure.amber
    figures: dict[str, int | str] = {"n": len(held), "days": measure.within_days or 0}
    yield Reason(code, level, held[(reached or 1) - 1].on, figures, held[-1] if held[-1].ref else None)


def _elapsed(measure: Measure, begin: date | None, code: str, on: date, **figures: int | str) -> Iterator[Reason]:
    """Count the days since ``begin``; it is this bad since the day that reached the figure."""
    if begin is None:
        return
    days = (on - begin).days
    level = measure.level(days)
    if level is not None:
        reached = (measure.red if level is Level.RED else measure.amber) or 0
        yield Reason(code, level, begin + timedelta(days=reached), {"day": begin.isoformat(), **figures})


def _within(measure: Measure, day: date, on: date) -> bool:
    return on - timedelta(days=(measure.within_days or 1) - 1) <= day <= on


def _reported(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    yield from _counted(rule.measures["reported"], facts.reports.get(rule.key, ()), "reported", on)


def _decision_delay(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    moved = [Sighting(day) for day in facts.postponed]
    yield from _counted(rule.measures["postponed"], moved, "postponed", on)
    if facts.buyer_stage:
        still = rule.measures["buyer_still"]
        yield from _elapsed(still, facts.buyer_since, "buyer_still", on, stage=facts.buyer_stage)
    yield from _reported(rule, facts, on)


def _key_contact_changed(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    yield from _counted(rule.measures["changed"], facts.reports.get(rule.key, ()), "contact_changed", on)


def _budget_cut(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    if facts.reset is not None and facts.reset.on <= on:
        figures: dict[str, int | str] = {"day": facts.reset.on.isoformat(), "key": facts.reset.kind}
        yield Reason("budget_reset", Level.RED, facts.reset.on, figures, facts.reset)
    yield from _reduced(rule.measures["reduced"], facts, on)
    yield from _reported(rule, facts, on)


def _reduced(measure: Measure, facts: SignalFacts, on: date) -> Iterator[Reason]:
    """Compare the largest amount of the window with the present one."""
    held = [(amount, day) for day, amount in facts.amounts if _within(measure, day, on) and amount > 0]
    if not held or facts.amount_minor is None:
        return
    peak, _first = max(held)
    cut = (peak - facts.amount_minor) * HUNDRED // peak
    level = measure.level(cut)
    if level is not None:
        figures: dict[str, int | str] = {"n": cut, "before": peak, "after": facts.amount_minor}
        last = max(day for _amount, day in held)
        yield Reason("amount_reduced", level, last, {**figures, "currency": facts.currency})


def _rivals_active(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    seen = [*facts.rivals, *facts.reports.get(rule.key, ())]
    yield from _counted(rule.measures["seen"], seen, "rivals_seen", on)


def _needs_changing(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    seen = [*facts.needs_again, *facts.reports.get(rule.key, ())]
    yield from _counted(rule.measures["changed"], seen, "needs_changed", on)


def _silence(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    yield from _elapsed(rule.measures["quiet"], facts.last_record_on or facts.opened_on, "quiet", on)


def _stale_close_date(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    yield from _elapsed(rule.measures["past"], facts.expected_on, "signature_past", on, stage=facts.stage)


def _single_thread(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    measure = rule.measures["from_stage"]
    lately = {person for person, days in facts.spoken.items() if any(_within(measure, day, on) for day in days)}
    level = measure.level(facts.stage)
    if level is None or len(lately) > 1:
        return
    figures: dict[str, int | str] = {"n": len(lately), "days": measure.within_days or 0, "stage": facts.stage}
    yield Reason("one_person", level, on, figures)


def _stage_overdue(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    measure = rule.measures[f"stage_{facts.stage}"]
    yield from _elapsed(measure, facts.stage_since or facts.opened_on, "stage_long", on, stage=facts.stage)


def _falling_behind(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    del rule
    levels = {LagVerdict.CATCH_UP: Level.AMBER, LagVerdict.GIVE_UP_PROPOSED: Level.RED}
    if facts.verdict in levels:
        figures: dict[str, int | str] = {"n": facts.lag or 0, "stage": facts.buyer_stage}
        yield Reason("behind", levels[facts.verdict], facts.buyer_since or min(facts.opened_on, on), figures)


def _evidence_lapsed(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    for code, count in (("expired", facts.expired), ("waived", facts.waived)):
        level = rule.measures["standing"].level(count) if count else None
        if level is not None:
            yield Reason(code, level, on, {"n": count})


def _review_overdue(rule: Rule, facts: SignalFacts, on: date) -> Iterator[Reason]:
    yield from _elapsed(rule.measures["past"], facts.review_on, "review_past", on)


JUDGES: dict[str, Callable[[Rule, SignalFacts, date], Iterator[Reason]]] = {
    "decision_delay": _decision_delay,
    "key_contact_changed": _key_contact_changed,
    "budget_cut": _budget_cut,
    "rivals_active": _rivals_active,
    "needs_changing": _needs_changing,
    "silence": _silence,
    "stale_close_date": _stale_close_date,
    "single_thread": _single_thread,
    "stage_overdue": _stage_overdue,
    "falling_behind": _falling_behind,
    "evidence_lapsed": _evidence_lapsed,
    "review_overdue": _review_overdue,
}
