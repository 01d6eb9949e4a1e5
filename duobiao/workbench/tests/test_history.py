"""How the history of a deal words what moved."""

from datetime import UTC, datetime

import pytest

from duobiao.opportunities.models import StageChange
from duobiao.workbench.queries.deal_history import _place

AT = datetime(2026, 11, 28, 8, tzinfo=UTC)


@pytest.mark.parametrize(("before", "after", "backward"), [(12, 10, True), (10, 12, False)])
def test_a_rate_that_moves_alone_goes_the_way_it_moves(before, after, backward):
    change = StageChange(
        at=AT, stage_before=3, stage_after=3, completed_before=2, completed_after=2, buyer_before=5, buyer_after=5,
        rate_before=before, rate_after=after,
    )  # fmt: skip

    row = _place(change, {})

    assert row.rates == f"{before}% → {after}%"
    assert row.backward is backward
