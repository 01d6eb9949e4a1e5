"""Strategy versions and their reviews: never overwritten, reviewed before the next, overdue shown as a risk."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.judge_signals import judge_all
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.models import Opportunity, RiskSignal
from duobiao.opportunities.tests.factories import NOW, TODAY, make_deal, make_user
from duobiao.strategy.actions.review_strategy import NothingToReview, review_strategy
from duobiao.strategy.actions.write_strategy import ReviewFirst, write_strategy
from duobiao.strategy.models import StrategyReview, StrategyVersion
from duobiao.strategy.queries.strategies import versions_of
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
TEXTS = {"goal": "年底签约", "position": "第二", "moves": "拜访部长", "supporters": "李伟", "opponents": ""}
FINDINGS = {"worked": "拜访", "failed": "报价", "causes": "没有见到决策者"}
IN_TEN_DAYS = TODAY + timedelta(days=10)


@pytest.fixture
def seller():
    return make_user("linxiao")


@pytest.fixture
def deal(seller):
    return make_deal(seller)


def write(deal, actor, now=NOW, review_on=IN_TEN_DAYS, **texts):
    return write_strategy(opportunity=deal, texts={**TEXTS, **texts}, review_on=review_on, actor=actor, now=now)


def review(deal, actor, now=NOW, **findings):
    return review_strategy(opportunity=deal, findings={**FINDINGS, **findings}, actor=actor, now=now)


def test_a_version_is_kept_with_its_review_day(deal, seller):
    version = write(deal, seller)

    assert (version.number, version.goal, version.opponents) == (1, "年底签约", "")
    assert Opportunity.objects.get(pk=deal.pk).review_on == IN_TEN_DAYS
    entry = Entry.objects.get(event="strategy.strategy_written")
    assert (entry.chain, entry.subject_ref) == (deal.ref, version.ref)


def test_a_new_version_needs_a_review_and_leaves_the_old_one_as_it_was(deal, seller):
    first = write(deal, seller)
    with pytest.raises(ReviewFirst):
        write(deal, seller, goal="明年签约")
    assert StrategyVersion.objects.count() == 1

    review(deal, seller)
    second = write(deal, seller, goal="明年签约", opponents="孙部长", review_on=TODAY)

    newest, oldest = versions_of(deal)
    assert (newest.version, oldest.version) == (second, first)
    assert [(change.name, change.before, change.after) for change in newest.changes] == [
        ("goal", "年底签约", "明年签约"),
        ("opponents", "", "孙部长"),
        ("review_on", IN_TEN_DAYS, TODAY),
    ]
    assert oldest.changes == []
    assert (oldest.review.causes, newest.review) == ("没有见到决策者", None)


def test_a_version_is_reviewed_once(deal, seller):
    with pytest.raises(NothingToReview):
        review(deal, seller)
    write(deal, seller)
    review(deal, seller)
    with pytest.raises(NothingToReview):
        review(deal, seller)

    assert StrategyReview.objects.count() == 1
    assert Entry.objects.filter(event="strategy.strategy_reviewed").count() == 1


def test_an_overdue_review_is_a_risk_until_it_is_done(deal, seller):
    write(deal, seller)
    judge_all(now=NOW + timedelta(days=10))
    assert not RiskSignal.objects.exists()

    judge_all(now=NOW + timedelta(days=11))
    assert RiskSignal.objects.get().rule == "review_overdue"

    review(deal, seller, now=NOW + timedelta(days=11))
    assert not RiskSignal.objects.exists()
    assert Opportunity.objects.get(pk=deal.pk).review_on is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"goal": "  "}, "goal"),
        ({"position": ""}, "position"),
        ({"moves": "x" * 2001}, "moves"),
        ({"review_on": TODAY - timedelta(days=1)}, "review_on"),
        ({"review_on": TODAY + timedelta(days=4000)}, "review_on"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(deal, seller, change, field):
    entries = Entry.objects.count()

    with pytest.raises(Invalid) as refusal:
        write(deal, seller, **change)

    assert set(refusal.value.fields) == {field}
    assert not StrategyVersion.objects.exists()
    assert Entry.objects.count() == entries


def test_a_review_without_causes_is_refused(deal, seller):
    write(deal, seller)

    with pytest.raises(Invalid) as refusal:
        review(deal, seller, causes=" ")

    assert set(refusal.value.fields) == {"causes"}
    assert not StrategyReview.objects.exists()


def test_a_closed_deal_gets_no_new_strategy_but_its_last_one_can_be_reviewed(deal, seller):
    write(deal, seller)
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    review(deal, seller)
    with pytest.raises(DealClosed):
        write(deal, seller)


def test_others_may_not_plan(deal):
    stranger = make_user("stranger")

    with pytest.raises(NotAllowed):
        write(deal, stranger)
    with pytest.raises(NotAllowed):
        review(deal, stranger)

    assert not StrategyVersion.objects.exists()


def test_the_database_refuses_what_cannot_be(deal, seller):
    write(deal, seller)
    same = {"opportunity": deal, "review_on": TODAY, "created_at": NOW}

    for row in ({"number": 1, "goal": "x", "position": "x", "moves": "x"}, {"number": 2, "goal": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StrategyVersion.objects.create(**same, **row)
