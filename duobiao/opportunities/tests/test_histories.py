"""Movement through the stages, counted from many histories at once, held to a naive reading of the same rules."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.opportunities.domain.figures import Spread, spread, velocity_minor_per_day
from duobiao.opportunities.domain.histories import Histories, Period, day_number, edges, moves

FIRST = date(2026, 1, 1)
STAGES = 5


@pytest.mark.parametrize(
    ("deals", "mean", "rate", "days", "velocity"),
    [
        (40, 25_000, "0.25", 90, Decimal("2777.78")),
        (20, 500_000, "0.3", 180, Decimal("16666.67")),
    ],
)
def test_the_velocity_is_that_of_the_reference(deals, mean, rate, days, velocity):
    found = velocity_minor_per_day(
        deals=deals, mean_minor=Decimal(mean), win_ratio=Decimal(rate), cycle_days=Decimal(days)
    )

    assert found == velocity


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], Spread()),
        ([7], Spread(1, 7.0, 7)),
        ([4, 1, 3, 2], Spread(4, 2.5, 4)),
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], Spread(10, 55.0, 90)),
    ],
)
def test_days_spread_by_median_and_nearest_rank(days, expected):
    assert spread(np.array(days, dtype=np.int64)) == expected


change = st.tuples(st.integers(0, 60), st.integers(0, STAGES), st.integers(0, STAGES))
deals = st.lists(st.lists(change, max_size=6), max_size=6)


def histories(found):
    """Turn lists of (days later, stage, completed) into rows, and into the arrays of the engine."""
    rows = []
    for deal, changes in enumerate(found):
        day, stage, completed = FIRST, 0, 0
        for later, after, done in changes:
            day += timedelta(days=later)
            rows.append((deal, FIRST, day, stage, after, completed, done))
            stage, completed = after, done
    columns = list(zip(*rows, strict=True)) or [()] * 7
    numbers = [
        np.array([day_number(v) if isinstance(v, date) else v for v in column], dtype=np.int64) for column in columns
    ]
    return rows, Histories(*numbers)


def naive_waits(rows, deal):
    """Yield (day, before, after, days waited) of the steps of a deal."""
    arrived = FIRST
    for row in (row for row in rows if row[0] == deal):
        _deal, _opened, day, before, after, *_ = row
        if before != after:
            yield day, before, after, (day - arrived).days
            arrived = day


@given(deals, st.integers(0, 200), st.integers(0, 200))
def test_moves_and_edges_are_what_a_naive_reading_counts(found, start, length):
    rows, history = histories(found)
    period = Period(FIRST + timedelta(days=start), FIRST + timedelta(days=start + length))
    rows = [row for row in rows if row[2] <= period.until]
    keep = history.on <= day_number(period.until)
    history = Histories(
        *(
            getattr(history, name)[keep]
            for name in ("deal", "opened", "on", "before", "after", "completed_before", "completed_after")
        )
    )
    within = [row for row in rows if row[2] >= period.since]
    waits = [
        (deal, before, after, days)
        for deal in range(len(found))
        for day, before, after, days in naive_waits(rows, deal)
        if day >= period.since
    ]

    moved = moves(history, period, stages=STAGES)
    mapped = {(edge.before, edge.after): edge for edge in edges(history, period)}

    for n in range(1, STAGES + 1):
        entered = {row[0] for row in within if row[3] < n <= row[4]}
        dwell = sorted(days for _deal, before, _after, days in waits if before == n)
        assert moved[n].entered == len(entered)
        assert moved[n].passed == sum(any(row[4] > n for row in rows if row[0] == deal) for deal in entered)
        assert moved[n].completed == len({row[0] for row in within if row[5] < n <= row[6]})
        assert moved[n].left == len({deal for deal, before, _after, _days in waits if before == n})
        assert (moved[n].dwell.count, moved[n].dwell.median) == (len(dwell), median(dwell) if dwell else None)
    assert set(mapped) == {(before, after) for _deal, before, after, _days in waits}
    for (before, after), edge in mapped.items():
        here = [(deal, days) for deal, b, a, days in waits if (b, a) == (before, after)]
        assert edge.deals == len({deal for deal, _days in here})
        assert edge.waited.median == median(days for _deal, days in here)
        assert edge.is_backward == (after < before)
