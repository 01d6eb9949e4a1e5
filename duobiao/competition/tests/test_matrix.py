"""The investment matrix: each criterion from its records, judgements over it, quadrants, priority, who sees what."""

from datetime import timedelta
from decimal import Decimal

import pytest

from duobiao.competition.actions.judge_criterion import judge_criterion, reckon_pursuit
from duobiao.competition.domain.matrix import Quadrant, from_relation
from duobiao.competition.queries.portfolio import Amounts, place, portfolio
from duobiao.competition.queries.settings import settings
from duobiao.competition.tests.factories import everything, placed, rival, scored
from duobiao.customers.models.profile import CustomerProfile
from duobiao.customers.tests.factories import token
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.models import Conversation, Opportunity
from duobiao.opportunities.queries.filters import Filters
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_deal, make_user
from duobiao.stakeholders.queries.relation import relations
from duobiao.stakeholders.tests.factories import put, saw, won

pytestmark = pytest.mark.django_db


def judged(deal, criterion, value, actor, on=TODAY, why="见过三个部门"):
    return judge_criterion(opportunity=deal, criterion=criterion, value=value, why=why, on=on, actor=actor, now=NOW)


def values(deal) -> dict[str, int | None]:
    held = Opportunity.objects.select_related("customer", "owner").get(pk=deal.pk)
    return {row.criterion.key: row.value for row in place([held], on=TODAY)[0].criteria}


def spoke(deal, name, function, days_ago=0):
    contact = make_contact(deal.customer, name, function=function)
    on = TODAY - timedelta(days=days_ago)
    Conversation.objects.create(opportunity=deal, contact=contact, on=on, source_kind="call", source_ref=name)


def test_a_new_deal_is_placed_by_nothing_it_does_not_know(deal):
    found = values(deal)

    assert found["amount"] == 45
    assert (found["solution_fit"], found["price"], found["competition"], found["margin"]) == (None,) * 4
    assert (found["strategic"], found["growth"]) == (None, None)
    held = Opportunity.objects.select_related("customer", "owner").get(pk=deal.pk)
    assert place([held], on=TODAY)[0].quadrant is Quadrant.UNKNOWN


def test_each_criterion_follows_from_its_records(deal, row, seller, customer):
    spoke(deal, "李伟", "USING")
    spoke(deal, "孙国栋", "TECHNICAL", 90)
    spoke(deal, "赵敏", "PROCUREMENT", 91)
    scored(deal, None, seller, {"function": 4, "technology": 5, "price": 2})
    scored(deal, row, seller, {"function": 4, "technology": 3, "price": 4})
    CustomerProfile.objects.update_or_create(customer=customer, defaults={"investment_trend": "SHRINKING"})
    Opportunity.objects.filter(pk=deal.pk).update(risk="RED")
    reckon_pursuit(
        opportunity=deal, version=0, margin_percent=30, cost_minor=None, note="", on=TODAY, actor=seller, now=NOW
    )

    found = values(deal)

    assert found["relation"] == 40
    assert found["solution_fit"] == 88
    assert found["price"] == 25
    assert found["competition"] == 50
    assert (found["margin"], found["growth"], found["risk"], found["amount"]) == (75, 25, 90, 45)


@pytest.mark.parametrize(
    ("support", "cells", "covered", "points"),
    [
        (0.0, (0, 4), 0, 25),
        (1.0, (4, 4), 100, 100),
        (-1.0, (0, 4), 0, 0),
        (0.133, (2, 3), 50, 58),
        (None, (1, 2), 50, 50),
        (None, (0, 0), 40, 40),
        (0.5, (0, 0), None, 75),
        (None, (0, 0), None, None),
    ],
)
def test_relations_are_the_weighted_mean_of_what_is_known(support, cells, covered, points):
    weights = settings().relation_weights

    assert from_relation(support=support, cells=cells, covered_percent=covered, weights=weights) == points


def test_the_relation_follows_the_decision_chain(deal, seller):
    spoke(deal, "李伟", "USING")
    Opportunity.objects.filter(pk=deal.pk).update(stage_number=3)
    deal.refresh_from_db()
    assert values(deal)["relation"] == 20
    decider = put(deal, make_contact(deal.customer, "陈立群", is_handler=True), seller, role="FINAL_DECIDER")
    before = values(deal)["relation"]
    saw(decider, seller, -2)
    against = values(deal)["relation"]
    saw(decider, seller, 2, source="本人说", now=NOW + timedelta(hours=1), percent=100)
    in_favour = values(deal)["relation"]
    held = relations([Opportunity.objects.get(pk=deal.pk)], on=TODAY)[deal.pk]
    won(decider, seller, "COMPANY_NEED_PRODUCT", now=NOW + timedelta(hours=2))

    accepted = relations([Opportunity.objects.get(pk=deal.pk)], on=TODAY)[deal.pk]
    assert before != 20
    assert against < in_favour < values(deal)["relation"]
    assert (held.support, held.accepted, accepted.accepted) == (1.0, 0, 1)
    assert held.required == accepted.required > 0


def test_a_judgement_replaces_what_the_records_say_until_it_is_left_to_them_again(deal, seller):
    judged(deal, "relation", 80, seller)
    judged(deal, "relation", 10, seller, on=TODAY - timedelta(days=30))
    assert values(deal)["relation"] == 80

    judged(deal, "relation", None, seller, why="记录补齐了")

    assert values(deal)["relation"] == 0


def test_an_old_judgement_is_marked(deal, seller):
    judged(deal, "growth", 80, seller, on=TODAY - timedelta(days=91))

    held = Opportunity.objects.select_related("customer", "owner").get(pk=deal.pk)
    growth = next(row for row in place([held], on=TODAY)[0].criteria if row.criterion.key == "growth")

    assert (growth.old, growth.value, growth.derived) == (True, 80, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"criterion": "luck"}, "criterion"),
        ({"value": 101}, "value"),
        ({"value": -1}, "value"),
        ({"why": ""}, "why"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
    ],
)
def test_judgements_that_do_not_fit_are_refused(deal, seller, wrong, field):
    before = everything()
    given = {"criterion": "relation", "value": 50, "why": "见过", "on": TODAY, **wrong}

    with pytest.raises(Invalid) as refused:
        judge_criterion(opportunity=deal, **given, actor=seller, now=NOW)

    assert list(refused.value.fields) == [field]
    assert everything() == before


def test_who_only_reads_may_not_judge_and_figures_need_their_version(deal, seller, viewer):
    with pytest.raises(NotAllowed):
        judged(deal, "relation", 50, viewer)
    figures = {"margin_percent": 30, "cost_minor": 100_000_00, "note": "", "on": TODAY}
    reckon_pursuit(opportunity=deal, version=0, **figures, actor=seller, now=NOW)
    before = everything()

    with pytest.raises(StaleVersion):
        reckon_pursuit(opportunity=deal, version=0, **figures, actor=seller, now=NOW)
    with pytest.raises(Invalid):
        reckon_pursuit(opportunity=deal, version=1, **{**figures, "margin_percent": 101}, actor=seller, now=NOW)
    with pytest.raises(Invalid):
        reckon_pursuit(opportunity=deal, version=1, **{**figures, "cost_minor": -1}, actor=seller, now=NOW)

    assert everything() == before


WIN = ("relation", "solution_fit", "price", "competition", "information")
WORTH = ("amount", "margin", "strategic", "growth")


def settled(deal, actor, winnable, worth, risk=50):
    for key in WIN:
        judged(deal, key, winnable, actor)
    for key in WORTH:
        judged(deal, key, worth, actor)
    judged(deal, "risk", risk, actor)


def test_deals_are_placed_in_four_quadrants_with_their_priority(seller, customer):
    high = make_deal(seller, customer, name="双高", amount=Money.of(1_000_000))
    worth = make_deal(seller, customer, name="难赢")
    easy = make_deal(seller, customer, name="好赢")
    settled(high, seller, 80, 70, risk=30)
    settled(worth, seller, 40, 70, risk=30)
    settled(easy, seller, 60, 50)
    reckon_pursuit(
        opportunity=high, version=0, margin_percent=20, cost_minor=50_000_00, note="", on=TODAY, actor=seller, now=NOW
    )

    found = portfolio(seller, filters=Filters(), on=TODAY, currency="CNY")

    assert [(row.deal.name, row.quadrant) for row in found.rows] == [
        ("双高", Quadrant.INVEST),
        ("难赢", Quadrant.BREAK_THROUGH),
        ("好赢", Quadrant.HARVEST),
    ]
    assert (found.rows[0].winnable.value, found.rows[0].attractive.value) == (Decimal("80.0"), Decimal("70.0"))
    assert found.rows[0].priority == Decimal("224.00")
    assert found.counts[Quadrant.INVEST] == 1
    assert found.amounts_of(Quadrant.INVEST) == Amounts(own_minor=1_000_000_00)


def clones(deal, number):
    """Write many deals like one, without the records around them."""
    rows = []
    for n in range(number):
        row = Opportunity.objects.get(pk=deal.pk)
        row.pk, row.ref, row.name = None, f"P-CLONE-{n:05}", f"副本{n}"
        rows.append(row)
    Opportunity.objects.bulk_create(rows)


def test_amounts_in_other_currencies_stand_beside_the_sum_and_are_not_converted(seller, client, api, deal):
    for currency, minor in (("USD", 200_000_00), ("USD", 100_000_00), ("JPY", 5_000_000), ("USD", None)):
        Opportunity.objects.filter(pk=make_deal(seller).pk).update(currency=currency, amount_minor=minor)
    client.force_login(seller)

    found = portfolio(seller, filters=Filters(), on=TODAY, currency="CNY")
    told = api(token(seller)).get("/portfolio/matrix").json()
    page = client.get("/portfolio/matrix/").content.decode()

    expected = Amounts(deal.amount_minor, (("JPY", 5_000_000, 1), ("USD", 300_000_00, 2)), unknown=1)
    assert found.amounts_of(Quadrant.UNKNOWN) == expected
    assert found.foreign == 3
    assert told["currency"] == "CNY"
    assert told["quadrants"][-1] == {
        "quadrant": "UNKNOWN",
        "count": 5,
        "amount_minor": deal.amount_minor,
        "other_amounts": [
            {"currency": "JPY", "amount_minor": 5_000_000, "count": 1},
            {"currency": "USD", "amount_minor": 300_000_00, "count": 2},
        ],
    }
    assert "not converted" in page


def test_more_deals_than_a_page_are_all_summed_and_none_is_left_out(
    seller, client, api, deal, django_assert_max_num_queries
):
    clones(deal, 320)
    client.force_login(seller)

    with django_assert_max_num_queries(40):
        first = client.get("/portfolio/matrix/").content.decode()
    last = client.get("/portfolio/matrix/?page=7").content.decode()
    beyond = client.get("/portfolio/matrix/?page=99999").content.decode()
    told = api(token(seller)).get("/portfolio/matrix?page=2").json()

    assert "1 to 50 of 321" in first
    assert "301 to 321 of 321" in last
    assert "301 to 321 of 321" in beyond
    assert (told["total"], told["left_out"], len(told["deals"])) == (321, 0, 21)
    assert told["quadrants"][-1]["amount_minor"] == 321 * deal.amount_minor


def test_only_visible_open_deals_are_placed_and_units_and_owners_narrow_them(seller, stranger, manager, unit, deal):
    make_deal(stranger)
    closed = make_deal(seller)
    Opportunity.objects.filter(pk=closed.pk).update(outcome="LOST", closed_on=TODAY)
    other = make_user("colleague", unit=unit)
    theirs = make_deal(other)

    def seen(user, **filters):
        found = portfolio(user, filters=Filters(**filters), on=TODAY, currency="CNY")
        return {row.deal.pk for row in found.rows}

    assert seen(seller) == {deal.pk}
    assert seen(manager) == {deal.pk, theirs.pk}
    assert seen(manager, owner=other.ref) == {theirs.pk}
    assert seen(manager, unit=unit.ref) == {deal.pk, theirs.pk}
    assert seen(manager, unit="U-NONE") == set()


def test_the_portfolio_costs_the_same_for_any_number_of_deals(seller, deal, row, client, assert_flat_queries):
    scored(deal, None, seller, 4)
    scored(deal, row, seller, 3)
    judged(deal, "relation", 70, seller)
    spoke(deal, "李伟", "USING")
    client.force_login(seller)

    def more() -> None:
        for name in ("甲工控", "乙工控"):
            held = make_deal(seller)
            scored(held, None, seller, 4)
            scored(held, placed(held, rival(seller, name), seller), seller, 3)
            judged(held, "relation", 30, seller)
            spoke(held, name, "TECHNICAL")

    assert_flat_queries(visit=lambda: client.get("/portfolio/matrix/"), grow=more)
