"""The judgement of risk signals, at the edge of every figure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from duobiao.opportunities.domain.rules import Level, faults_of
from duobiao.opportunities.domain.signals import JUDGES, Sighting, SignalFacts, judge_signals, risk_of
from duobiao.opportunities.signal_words import rules_version, shipped_rules
from duobiao.playbooks.domain.model import LagVerdict

ON = date(2026, 9, 16)
CALM = SignalFacts(
    opened_on=ON - timedelta(days=10),
    stage=4,
    stage_since=ON,
    buyer_stage=4,
    buyer_since=ON,
    last_record_on=ON,
    spoken={1: (ON,), 2: (ON,)},
    expected_on=ON,
    review_on=ON,
)


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def levels(facts: SignalFacts) -> dict[str, str]:
    return {signal.rule: str(signal.level) for signal in judge_signals(shipped_rules(), facts, on=ON)}


def seen(*days: int) -> tuple[Sighting, ...]:
    return tuple(Sighting(ago(day), "risk_report", f"X{day}") for day in days)


def test_a_calm_deal_is_green():
    assert levels(CALM) == {}
    assert risk_of([]) is Level.GREEN


def test_every_rule_has_a_judge_words_in_both_languages_and_sound_figures():
    rules = shipped_rules()

    assert rules_version() == 1
    assert set(rules) == set(JUDGES)
    for rule in rules.values():
        assert set(rule.title) == set(rule.explanation) == {"zh-Hans", "en"}
        assert rule.origin in {"seed", "source", "inferred"}
        assert list(faults_of(rule)) == []
    assert [key for key, rule in rules.items() if rule.reportable] == [
        "decision_delay", "key_contact_changed", "budget_cut", "rivals_active", "needs_changing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "calm", "amber", "red"),
    [
        (
            "decision_delay",
            {"postponed": (ago(3), ago(180))},
            {"postponed": (ago(3), ago(179))},
            {"postponed": (ago(3), ago(3), ago(179))},
        ),
        ("decision_delay", {"buyer_since": ago(59)}, {"buyer_since": ago(60)}, {"buyer_since": ago(120)}),
        (
            "decision_delay",
            {"reports": {"decision_delay": seen(60)}},
            {"reports": {"decision_delay": seen(59)}},
            {"reports": {"decision_delay": seen(0, 1, 59)}},
        ),
        (
            "key_contact_changed",
            {"reports": {"key_contact_changed": seen(60)}},
            {"reports": {"key_contact_changed": seen(59, 60)}},
            {"reports": {"key_contact_changed": seen(0, 59)}},
        ),
        (
            "budget_cut",
            {"amount_minor": 901, "amounts": ((ago(1), 1000),)},
            {"amount_minor": 900, "amounts": ((ago(1), 1000),)},
            {"amount_minor": 700, "amounts": ((ago(1), 800), (ago(89), 1000))},
        ),
        (
            "budget_cut",
            {"reports": {"budget_cut": seen(90)}},
            {"reports": {"budget_cut": seen(89)}},
            {"reset": Sighting(ago(400), "procurement.suspended", "V1")},
        ),
        (
            "rivals_active",
            {"rivals": seen(0, 30)},
            {"rivals": seen(0), "reports": {"rivals_active": seen(29)}},
            {"rivals": seen(0, 1), "reports": {"rivals_active": seen(2, 29)}},
        ),
        (
            "needs_changing",
            {"needs_again": seen(0, 60)},
            {"needs_again": seen(0, 59)},
            {"needs_again": seen(0, 1), "reports": {"needs_changing": seen(2, 59)}},
        ),
        ("silence", {"last_record_on": ago(29)}, {"last_record_on": ago(30)}, {"last_record_on": ago(60)}),
        ("stale_close_date", {"expected_on": ON}, {"expected_on": ago(1)}, {"expected_on": ago(30)}),
        (
            "single_thread",
            {"spoken": {1: (ON,), 2: (ago(89),)}},
            {"spoken": {1: (ON,), 2: (ago(90),)}},
            {"spoken": {}, "stage": 5},
        ),
        ("single_thread", {"spoken": {}, "stage": 2}, {"spoken": {}, "stage": 4}, {"spoken": {1: (ON,)}, "stage": 5}),
        ("stage_overdue", {"stage_since": ago(59)}, {"stage_since": ago(60)}, {"stage_since": ago(120)}),
        (
            "falling_behind",
            {"verdict": LagVerdict.AHEAD},
            {"verdict": LagVerdict.CATCH_UP, "lag": 1},
            {"verdict": LagVerdict.GIVE_UP_PROPOSED, "lag": 3},
        ),
    ],
)
def test_a_signal_turns_amber_and_red_exactly_at_its_figures(rule, calm, amber, red):
    assert rule not in levels(replace(CALM, **calm))
    assert levels(replace(CALM, **amber))[rule] == "AMBER"
    assert levels(replace(CALM, **red))[rule] == "RED"


@pytest.mark.parametrize(
    ("rule", "calm", "amber"),
    [
        ("evidence_lapsed", {"waived": 0}, {"waived": 1}),
        ("evidence_lapsed", {"expired": 0}, {"expired": 40}),
        ("review_overdue", {"review_on": None}, {"review_on": ago(400)}),
        ("review_overdue", {"review_on": ON}, {"review_on": ago(1)}),
    ],
)
def test_some_signals_are_never_red(rule, calm, amber):
    assert rule not in levels(replace(CALM, **calm))
    assert levels(replace(CALM, **amber))[rule] == "AMBER"


def test_what_lies_ahead_does_not_count_yet():
    ahead = ON + timedelta(days=1)

    assert levels(replace(CALM, rivals=(Sighting(ahead), Sighting(ahead)), postponed=(ahead, ahead))) == {}


def test_an_unknown_buyer_does_not_stand_still():
    assert levels(replace(CALM, buyer_stage=0, buyer_since=ago(300))) == {}


def test_a_signal_says_since_when_and_by_what():
    facts = replace(CALM, rivals=seen(5, 20, 9), last_record_on=ago(40))

    quiet, rivals = sorted(judge_signals(shipped_rules(), facts, on=ON), key=lambda signal: signal.since)

    assert (quiet.rule, quiet.since) == ("silence", ago(10))
    assert dict(quiet.reasons[0].figures) == {"day": ago(40).isoformat()}
    assert (rivals.rule, rivals.since, rivals.source) == (
        "rivals_active",
        ago(9),
        Sighting(ago(5), "risk_report", "X5"),
    )
    assert dict(rivals.reasons[0].figures) == {"n": 3, "days": 30}


def test_the_worst_reason_and_the_worst_signal_come_first():
    facts = replace(CALM, postponed=(ago(1), ago(2)), buyer_since=ago(120), waived=1)

    found = judge_signals(shipped_rules(), facts, on=ON)

    assert [signal.rule for signal in found] == ["decision_delay", "evidence_lapsed"]
    assert [reason.code for reason in found[0].reasons] == ["buyer_still", "postponed"]
    assert risk_of(found) is Level.RED


def test_an_empty_figure_never_counts_and_one_alone_does():
    rule = shipped_rules()["silence"]
    silent = replace(CALM, last_record_on=ago(400))

    never = rule.with_figures({"quiet": {"amber": None, "red": None}})
    red_only = rule.with_figures({"quiet": {"amber": None, "red": 90}, "unknown": {"amber": 1}})

    assert judge_signals({"silence": never}, silent, on=ON) == []
    assert judge_signals({"silence": red_only}, silent, on=ON)[0].level is Level.RED
    assert judge_signals({"silence": red_only}, replace(silent, last_record_on=ago(89)), on=ON) == []


def test_figures_that_make_no_sense_are_named():
    rule = shipped_rules()["rivals_active"]

    wrong = rule.with_figures({"seen": {"amber": 9, "red": 3, "within_days": 0}})

    assert list(faults_of(wrong)) == [("seen.within_days", "range"), ("seen.red", "order")]
    assert list(faults_of(rule.with_figures({"seen": {"amber": 0, "red": 101}}))) == [
        ("seen.amber", "range"), ("seen.red", "range"),
    ]  # fmt: skip
