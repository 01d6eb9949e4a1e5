"""Objections in five steps, what calls and visits bring, questions, the library, suggestions."""

import pytest

from duobiao.engagement.tests.factories import hold, log
from duobiao.kernel.refusals import Invalid
from duobiao.needs.actions.keep_objection import ObjectionClosed, answer_objection, change_objection
from duobiao.needs.actions.keep_objection import Said as Answered
from duobiao.needs.actions.plan_spin import Question, plan_spin
from duobiao.needs.actions.take_over import TakenOver, take_over
from duobiao.needs.actions.verify_need import StepDone, StepOutOfOrder
from duobiao.needs.models import ObjectionAnswer
from duobiao.needs.queries.library import library
from duobiao.needs.queries.records import problems_of
from duobiao.needs.tests.factories import (
    NOW,
    TODAY,
    everything,
    fresh,
    make_deal,
    noted,
    objected,
    proved,
    rank,
    verify,
)
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import all_actions
from duobiao.opportunities.queries.surroundings import around

pytestmark = pytest.mark.django_db


def reply(row, actor, number, contact=None, **given):
    held = fresh(row)
    said = Answered(given.pop("note", "说明了"), contact=contact, **given)
    return answer_objection(objection=held, version=held.version, step=number, said=said, actor=actor, now=NOW)


def test_an_objection_is_answered_in_order_and_closed_by_the_customer_alone(deal, seller, handler):
    row = objected(deal, seller, handler)
    with pytest.raises(StepOutOfOrder):
        reply(row, seller, 2)
    for number in range(1, 5):
        reply(row, seller, number, tactic="total_cost" if number == 4 else "")
    with pytest.raises(StepDone):
        reply(row, seller, 4)
    before = everything()
    with pytest.raises(Invalid) as refused:
        reply(row, seller, 5)
    assert "contact" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        reply(row, seller, 5, handler)
    assert "channel" in refused.value.fields
    assert everything() == before

    reply(row, seller, 5, handler, channel="PHONE")

    assert (fresh(row).is_closed, ObjectionAnswer.objects.count()) == (True, 5)
    held = fresh(row)
    with pytest.raises(ObjectionClosed):
        change_objection(objection=held, version=held.version, values={"text": "x"}, actor=seller, now=NOW)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"type": "WEATHER"}, "type"),
        ({"contact": None}, "contact"),
        ({"raised_on": TODAY.replace(year=2027)}, "raised_on"),
        ({"tactic": "magic"}, "tactic"),
    ],
)
def test_what_is_no_objection_is_refused_by_field(deal, seller, handler, values, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        objected(deal, seller, handler, **values)

    assert field in refused.value.fields
    assert everything() == before


def test_the_library_counts_wins_by_deal_and_tells_no_rate_of_a_few(deal, seller, handler, customer):
    deals = [deal, *(make_deal(seller, customer) for _ in range(5))]
    for number, held in enumerate(deals):
        reply(objected(held, seller, handler), seller, 1, tactic="total_cost")
        if number == 0:
            reply(objected(held, seller, handler), seller, 1, tactic="total_cost")
    Opportunity.objects.filter(pk__in=[row.pk for row in deals[:4]]).update(outcome="WON", closed_on=TODAY)
    row = library(seller)[0].tactics[0]
    assert (row.tactic.key, row.closed.total, row.won.good, row.won.total, row.won.percent) == (
        "total_cost",
        7,
        4,
        4,
        None,
    )

    Opportunity.objects.filter(pk=deals[4].pk).update(outcome="LOST", closed_on=TODAY)
    row = library(seller)[0].tactics[0]
    assert (row.won.total, row.won.percent, row.low, row.high) == (5, 80, 37.6, 96.4)


def test_the_problem_of_a_call_becomes_a_need_in_one_step(deal, seller, handler):
    call = log(seller, handler, deal, need_kind="HIDDEN").call
    assert [row.token for row in problems_of(deal, seller)] == [f"call:{call.ref}"]

    made = take_over(opportunity=deal, record=call, actor=seller, now=NOW)

    assert (made.level, made.layer, made.need_kind, made.said_by) == ("HIDDEN", "HIDDEN", "HIDDEN", handler)
    assert (made.words, made.channel, made.source_ref) == (call.words, "PHONE", call.ref)
    assert problems_of(deal, seller) == []
    with pytest.raises(TakenOver):
        take_over(opportunity=deal, record=call, actor=seller, now=NOW)


def test_the_problem_of_a_visit_brings_its_effect_and_date(deal, seller, handler, customer):
    visit = hold(seller, handler, deal)

    made = take_over(opportunity=deal, record=visit, actor=seller, now=NOW)

    assert (made.text, made.impact, made.wanted_by) == (visit.problem, visit.impact, visit.wanted_by)
    assert "needs.problem_recorded" in proved(deal)
    with pytest.raises(Invalid):
        take_over(opportunity=make_deal(seller, customer), record=visit, actor=seller, now=NOW)


def test_questions_come_from_the_bank_or_from_us(deal, seller):
    with pytest.raises(Invalid) as refused:
        plan_spin(opportunity=deal, title="研讨", contact=None, chosen=["nothing"], own=[], actor=seller, now=NOW)
    assert "chosen" in refused.value.fields
    with pytest.raises(Invalid):
        plan_spin(
            opportunity=deal, title="研讨", contact=None, chosen=[], own=[Question("X", "?")], actor=seller, now=NOW
        )

    sheet = plan_spin(
        opportunity=deal,
        title="研讨",
        contact=None,
        chosen=["gen_s1"],
        own=[Question("N", "值多少？")],
        actor=seller,
        now=NOW,
    )
    assert list(sheet.questions.order_by("position").values_list("letter", "bank")) == [("S", "gen_s1"), ("N", "")]


def keys(deal):
    return [
        row.key for row in all_actions(explain(fresh_deal(deal), TODAY), around(deal)) if row.key.startswith("needs.")
    ]


def fresh_deal(deal):
    return Opportunity.objects.select_related("owner", "customer").get(pk=deal.pk)


def test_what_is_open_stands_among_the_next_actions(deal, seller, handler, need):
    rank(need, seller, "P0")
    assumed = noted(deal, seller, words="")
    row = objected(deal, seller, handler)

    assert set(keys(deal)) == {
        f"needs.objection.{row.ref}", f"needs.unverified_p0.{need.ref}", f"needs.assumed.{assumed.ref}"
    }  # fmt: skip

    verify(need, seller, handler)
    for number in range(1, 6):
        reply(row, seller, number, handler, channel="PHONE")
    assert keys(deal) == [f"needs.assumed.{assumed.ref}"]
