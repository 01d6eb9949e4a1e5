"""The daily job: many deals at once, each as if it were alone."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.models import Opportunity, StageChange
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_user, prove_stages
from duobiao.playbooks.domain.model import Method
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db

FALL = NOW + timedelta(days=91)


def fallen(deal: Opportunity) -> tuple[int, int]:
    """Return how many changes and sealed entries tell that a deal fell back by itself."""
    changes = StageChange.objects.filter(opportunity=deal, cause="day_passed", on=TODAY + timedelta(days=91))
    entries = Entry.objects.filter(subject_ref=deal.ref, event="opportunities.stage_changed", actor=None)
    return changes.count(), entries.count()


def test_deals_that_fall_back_on_one_day_each_get_their_row_entry_and_line(monkeypatch):
    monkeypatch.setattr("duobiao.opportunities.actions.reassess_due.BATCH", 2)
    owners = [make_user() for _ in range(3)]
    deals = [make_deal(owner) for owner in owners]
    for deal in deals:
        prove_stages(deal, 1, actor=deal.owner)

    assert reassess_due(now=FALL) == 3

    assert [fallen(deal) for deal in deals] == [(1, 1)] * 3
    for deal in deals:
        deal.refresh_from_db()
        assert (deal.stage_number, deal.stage_since) == (0, TODAY + timedelta(days=91))
    told = Notification.objects.filter(event="opportunities.stage_changed", at=FALL)
    assert {line.user for line in told} == set(owners)
    assert recompute(today=TODAY + timedelta(days=91)).differences == []


def test_queries_do_not_grow_with_the_deals_that_fall():
    def queries_of_a_fall(count: int) -> int:
        owner = make_user()
        for deal in [make_deal(owner) for _ in range(count)]:
            prove_stages(deal, 1, actor=owner)
        with CaptureQueriesContext(connection) as captured:
            assert reassess_due(now=FALL) == count
        statements = [query["sql"] for query in captured.captured_queries]
        return len([sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE"))])

    queries_of_a_fall(1)

    assert queries_of_a_fall(6) == queries_of_a_fall(2)


def test_a_purchase_method_that_comes_into_force_by_the_day_is_judged_like_any_other():
    traveller = make_user()
    traveller.time_zone = "Pacific/Auckland"
    traveller.save()
    evening = datetime.combine(TODAY, time(14), UTC)  # 22:00 in Shanghai, the next day in Auckland
    deal = make_deal(traveller, now=evening)
    tomorrow = TODAY + timedelta(days=1)
    fact = draft("procurement.method_known", on=tomorrow, method=Method.DIRECT)
    confirm_evidence(opportunity=deal, draft=fact, actor=traveller, now=evening)
    deal.refresh_from_db()
    assert (deal.purchase_method, deal.reassess_on) == ("UNKNOWN", tomorrow)

    reassess_due(now=NOW + timedelta(days=1))

    deal.refresh_from_db()
    assert deal.purchase_method == "DIRECT"
    assert recompute(today=tomorrow).differences == []
