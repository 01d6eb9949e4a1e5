"""Sums, rates and conversion of the pipeline, to the last minor unit."""

from datetime import timedelta
from decimal import Decimal

import pytest

from duobiao.kernel.cells import plain_text
from duobiao.kernel.money import Money
from duobiao.opportunities.domain.figures import ratio_percent, weighted_minor, win_rate_percent
from duobiao.opportunities.domain.histories import Period
from duobiao.opportunities.models import Opportunity, Outcome, StageChange
from duobiao.opportunities.queries.filters import Filters, narrowed, parse_filters
from duobiao.opportunities.queries.funnel import ends_within, moves_within
from duobiao.opportunities.queries.pipeline import chips, grouped, sums_of
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_user

YEAR = Period(since=TODAY - timedelta(days=364), until=TODAY)


def test_the_weighted_sum_of_the_reference_is_755():
    assert weighted_minor([(1000, 30), (500, 75), (800, 10)]) == 755


def test_a_weighted_sum_is_rounded_once_half_up():
    assert weighted_minor([(1, 25), (1, 25)]) == 1
    assert weighted_minor([(1, 25)]) == 0
    assert weighted_minor([]) == 0


@pytest.mark.parametrize(
    ("won", "lost", "rate"), [(9, 5, Decimal(64)), (0, 3, Decimal(0)), (0, 0, None), (1, 0, Decimal(100))]
)
def test_the_win_rate_leaves_out_what_was_never_decided(won, lost, rate):
    assert win_rate_percent(won, lost) == rate


def test_a_ratio_is_rounded_half_up():
    assert ratio_percent(1, 8) == 13
    assert ratio_percent(1, 3, places=1) == Decimal("33.3")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0@x", "＝1", "＠x", "\n-2"]
)
def test_what_a_spreadsheet_would_calculate_becomes_text(text):
    assert plain_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "恒睿 = 二期", "A-1", "1,280"])
def test_plain_text_stays_as_it_is(text):
    assert plain_text(text) == text


def derive(deal, **columns):
    Opportunity.objects.filter(pk=deal.pk).update(**columns)


@pytest.fixture
def seller(db):
    return make_user("lin")


def test_sums_are_exact_and_keep_currencies_apart(seller):
    customer = make_customer(seller)
    big = 10**15
    for minor, currency, stage, rate in (
        (big, "CNY", 3, 30),
        (big - 1, "CNY", 3, 25),
        (1, "CNY", 7, 75),
        (999, "USD", 7, 75),
    ):
        deal = make_deal(seller, customer, amount=Money(minor, currency))
        derive(deal, stage_number=stage, rate_percent=rate)
    derive(make_deal(seller, customer, amount=None), stage_number=3)

    sums = sums_of(grouped(Opportunity.objects.all()))

    assert (sums.count, sums.unpriced) == (5, 1)
    assert sums.amounts == {"CNY": 2 * big, "USD": 999}
    assert sums.weighted["CNY"] == (big * 30 + (big - 1) * 25 + 75 + 50) // 100
    assert sums.others("CNY") == {"USD": 999}


def test_sums_by_stage_add_up_to_the_whole(seller):
    customer = make_customer(seller)
    for stage in (0, 1, 1, 4, 8):
        derive(make_deal(seller, customer), stage_number=stage)

    groups = grouped(Opportunity.objects.all())

    parts = [sums_of(g for g in groups if g.stage == n) for n in range(9)]
    assert [part.count for part in parts] == [1, 2, 0, 0, 1, 0, 0, 0, 1]
    assert sum(part.amount("CNY") for part in parts) == sums_of(groups).amount("CNY")


def test_chips_count_each_mark_once(seller):
    marks = [{"lag": 1, "lag_verdict": "CATCH_UP"}, {"lag_verdict": "GIVE_UP_PROPOSED"}, {"waived_count": 2}]
    marks += [
        {"expired_count": 1},
        {"reassess_on": TODAY + timedelta(days=14)},
        {"reassess_on": TODAY + timedelta(days=15)},
    ]
    marks += [{"claimed_stage": 2}, {"claimed_stage": 0}]
    for columns in marks:
        derive(make_deal(seller), **{"reassess_on": None, **columns})

    found = chips(Opportunity.objects.all(), today=TODAY)

    assert (found.behind, found.quitting, found.waived, found.expired, found.expiring, found.claimed) == (
        1,
        1,
        1,
        1,
        1,
        1,
    )


def change(deal, before, after, on):
    last = deal.stage_changes.count()
    fields = {"stage_before": before, "stage_after": after, "completed_before": 0, "completed_after": 0}
    fields |= {"rate_before": 0, "rate_after": 0, "buyer_before": 0, "buyer_after": 0}
    fields |= {"state_before": "IN_STAGE", "state_after": "IN_STAGE"}
    StageChange.objects.create(opportunity=deal, sequence=last + 1, at=NOW, on=on, cause="test", **fields)


def test_conversion_follows_the_deals_that_entered_a_stage(seller):
    recent, long_ago = TODAY - timedelta(days=10), TODAY - timedelta(days=500)
    through, stuck, early = (make_deal(seller) for _ in range(3))
    change(through, 0, 1, recent)
    change(through, 1, 2, recent)
    change(stuck, 0, 1, recent)
    change(early, 0, 1, long_ago)
    change(early, 1, 2, recent)

    moves = moves_within(Opportunity.objects.all(), YEAR, stages=8)

    assert (moves[1].entered, moves[1].passed) == (2, 1)
    assert (moves[2].entered, moves[2].passed) == (2, 0)
    assert moves[1].conversion == 50
    assert moves[3].conversion is None


def test_a_jump_enters_every_stage_on_its_way_and_a_fall_enters_none(seller):
    deal = make_deal(seller)
    change(deal, 0, 4, TODAY)
    change(deal, 4, 1, TODAY)

    moves = moves_within(Opportunity.objects.all(), YEAR, stages=8)

    assert [moves[n].entered for n in range(1, 9)] == [1, 1, 1, 1, 0, 0, 0, 0]
    assert [moves[n].passed for n in range(1, 5)] == [1, 1, 1, 0]


def test_a_deal_that_enters_a_stage_twice_counts_once(seller):
    deal = make_deal(seller)
    for before, after in ((0, 2), (2, 1), (1, 2)):
        change(deal, before, after, TODAY)

    assert moves_within(Opportunity.objects.all(), YEAR, stages=8)[2].entered == 1


@pytest.mark.parametrize("unproved", [{"claimed_stage": 4}, {"outcome_unproved": True}, {"external_source": "maven"}])
def test_imports_that_nobody_proved_are_left_out(unproved, seller):
    deal = make_deal(seller)
    change(deal, 0, 3, TODAY)
    derive(deal, outcome=Outcome.WON, closed_on=TODAY, **unproved)

    assert moves_within(Opportunity.objects.all(), YEAR, stages=8)[1].entered == 0
    ends = ends_within(Opportunity.objects.all(), YEAR, currency="CNY")
    assert (ends.won, ends.left_out, ends.rate_by_count) == (0, 1, None)


def test_ends_count_deals_amounts_and_days_within_the_period(seller):
    for outcome, closed, opened, wan in (
        ("WON", 5, 105, 300),
        ("WON", 7, 157, 100),
        ("LOST", 8, 20, 100),
        ("GIVEN_UP", 9, 20, 900),
        ("WON", 400, 500, 700),
    ):
        deal = make_deal(seller, amount=Money.of(wan * 10_000))
        derive(
            deal,
            outcome=outcome,
            closed_on=TODAY - timedelta(days=closed),
            opened_on=TODAY - timedelta(days=opened),
        )

    ends = ends_within(Opportunity.objects.all(), YEAR, currency="CNY")

    assert (ends.won, ends.lost, ends.given_up) == (2, 1, 1)
    assert (ends.rate_by_count, ends.rate_by_amount) == (67, 80)
    assert ends.cycle_days == 125


def test_every_figure_of_the_funnel_leads_to_the_deals_it_counts(seller):
    through, stuck = make_deal(seller), make_deal(seller)
    change(through, 0, 2, TODAY)
    change(stuck, 0, 1, TODAY)
    claimed = make_deal(seller)
    change(claimed, 0, 2, TODAY)
    derive(claimed, claimed_stage=2)
    rows = Opportunity.objects.all()

    for stage, count in moves_within(rows, YEAR, stages=8).items():
        for step, expected in (("entered", count.entered), ("passed", count.passed)):
            filters = Filters(outcome="ANY", happened=f"{step}-{stage}", since=YEAR.since, until=YEAR.until)
            assert narrowed(rows, filters, user=seller, today=TODAY).count() == expected


def test_filters_survive_their_own_address():
    filters = Filters(
        q="恒睿", owner="me", stage=0, lag="CATCH_UP", waived=True, close_from=TODAY, amount_min=5_000_000,
        happened="passed-3", since=YEAR.since, until=TODAY, outcome="ANY",
    )  # fmt: skip

    assert parse_filters(filters.params()) == filters
    assert parse_filters({}) == Filters()
    assert Filters().params() == {}
