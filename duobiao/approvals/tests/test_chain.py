"""Chains as data: what can be read, what is refused, when a step is needed, when it is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.approvals.domain.chain import ChainFault, Condition, DayUnit, Deadline, read_steps, write_steps
from duobiao.approvals.queries.chains import shipped_chains
from duobiao.approvals.tests.factories import step
from duobiao.kernel.money import Money
from duobiao.kernel.workdays import add_workdays, is_provisional, is_workday

FINANCE = {"by": "ROLE", "role": "finance", "reach": "COMPANY"}


def test_what_is_written_reads_the_same():
    document = [
        step("a", when={"amount_at_least": 5_000_000}, deadline={"days": 2, "unit": "WORKING"}),
        step("b", FINANCE, "ALL"),
        step("c", {"by": "PEOPLE", "people": ["E-1", "E-2"]}, when={"fact": "reason", "value": "LATE"}),
    ]

    assert write_steps(read_steps(document)) == document


def test_shipped_chains_read():
    assert sorted(shipped_chains()) == ["account_plan", "gate_review", "give_up", "registration", "waiver"]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ([], "steps"),
        ("x", "steps"),
        (None, "steps"),
        ([{}], "steps[0].name"),
        ([step("a"), step("a")], "steps"),
        ([step(str(n)) for n in range(13)], "steps"),
        ([step("a", when={"amount_at_least": 1})], "steps"),
        ([step("a", mode="SOME")], "steps[0].mode"),
        ([step("a", {"by": "NOBODY"})], "steps[0].approvers.by"),
        ([step("a", {"by": "ROLE"})], "steps[0].approvers.role"),
        ([step("a", {"by": "PEOPLE", "people": []})], "steps[0].approvers.people"),
        ([step("a", {"by": "PEOPLE", "people": [1]})], "steps[0].approvers.people"),
        ([step("a", when={"amount_at_least": "1"})], "steps[0].when.amount_at_least"),
        ([step("a", when={"amount_at_least": True})], "steps[0].when.amount_at_least"),
        ([step("a", when={})], "steps[0].when"),
        ([step("a", deadline={"days": 0})], "steps[0].deadline.days"),
        ([step("a", surprise=1)], "steps[0].surprise"),
        ([{**step("a"), "name": {"en": "x"}}], "steps[0].name"),
        ([{**step("a"), "name": {"en": "x", "zh-Hans": "长" * 61}}], "steps[0].name"),
    ],
)
def test_a_wrong_chain_is_refused_with_its_place(wrong, path):
    with pytest.raises(ChainFault) as refused:
        read_steps(wrong)

    assert refused.value.path == path


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["key", "name", "approvers", "by", "mode", "when", "people", "zh-Hans", "en", "x"]), inner), max_leaves=12))  # fmt: skip
def test_nonsense_is_refused_and_never_breaks(document):
    with pytest.raises(ChainFault):
        read_steps([document, document])


@pytest.mark.parametrize(
    ("amount", "needed"),
    [(None, False), (Money.of(99, "CNY"), False), (Money.of(100, "CNY"), True), (Money.of(1, "USD"), True)],
)
def test_a_step_from_an_amount_on(amount, needed):
    assert Condition(amount=100).holds(amount=amount, currency="CNY", facts={}) is needed


def test_a_step_for_some_facts_only():
    condition = Condition(fact="stage", value="3")

    assert condition.holds(amount=None, currency="CNY", facts={"stage": 3})
    assert not condition.holds(amount=None, currency="CNY", facts={})


def test_working_days_skip_weekends_and_holidays_and_count_make_up_days():
    assert add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert Deadline(2).due_on(date(2026, 9, 11)) == date(2026, 9, 15)
    assert Deadline(2, DayUnit.CALENDAR).due_on(date(2026, 9, 11)) == date(2026, 9, 13)
    assert is_workday(date(2026, 10, 10))
    assert not is_provisional(date(2026, 9, 11))


def test_a_year_without_published_holidays_counts_monday_to_friday():
    assert is_provisional(date(2090, 9, 15))
    assert [is_workday(date(2090, 9, day)) for day in (15, 16, 17)] == [True, False, False]
