"""Needs on the tree of a deal: noted, changed, moved, ranked, taken off; what they prove."""

import pytest

from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.needs.actions.keep_need import (
    CannotStandThere,
    HasNeedsBelow,
    NeedConfirmed,
    Said,
    change_need,
    move_need,
    note_need,
    remove_need,
)
from duobiao.needs.actions.rank_need import rank_need
from duobiao.needs.actions.voice_need import voice_need
from duobiao.needs.models import Need, NeedVoice, PriorityChange
from duobiao.needs.queries.trees import live_needs, tree_of
from duobiao.needs.tests.factories import (
    NOW,
    TODAY,
    everything,
    fresh,
    make_contact,
    make_customer,
    meet,
    noted,
    proved,
    rank,
    verify,
)
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


def change(need, actor, version=None, inaction=None, **values):
    held = fresh(need)
    said = Said(values, inaction=inaction)
    return change_need(need=held, version=version or held.version, said=said, actor=actor, now=NOW)


def move(need, actor, parent=None, before=None):
    held = fresh(need)
    return move_need(need=held, version=held.version, parent=parent, before=before, actor=actor, now=NOW)


def test_a_need_in_the_customers_words_is_not_assumed(need, handler):
    assert not need.is_assumed
    assert (need.said_by, need.said_on, need.pain) == (handler, TODAY, 16)
    assert need.inaction_yearly == Money.of(1_320_000)
    assert Entry.objects.filter(event="needs.need_noted").count() == 1


def test_a_need_without_words_is_marked_as_assumed(deal, seller, handler):
    made = noted(deal, seller, words="", said_by=handler)

    assert (made.is_assumed, made.said_by, made.said_on, made.channel) == (True, None, None, "")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "长" * 301}, "text"),
        ({"words": "话" * 10_000}, "words"),
        ({"level": "FIFTH"}, "level"),
        ({"layer": ""}, "layer"),
        ({"severity": 6}, "severity"),
        ({"urgency": 0}, "urgency"),
        ({"said_on": TODAY.replace(year=2027)}, "said_on"),
        ({"forecast": "再上两条线"}, "forecast_years"),
        ({"forecast": "再上两条线", "forecast_years": 2}, "forecast_years"),
        ({"channel": "PIGEON"}, "channel"),
        ({"inaction_per": "DECADE"}, "inaction_per"),
        ({"words": "\x00"}, "words"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_changes(deal, seller, values, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        noted(deal, seller, **values)

    assert field in refused.value.fields
    assert everything() == before


def test_somebody_of_a_company_outside_the_deal_did_not_say_it(deal, seller):
    foreigner = make_contact(make_customer(seller), "外人")

    with pytest.raises(Invalid) as refused:
        noted(deal, seller, said_by=foreigner)

    assert "said_by" in refused.value.fields
    assert not Need.objects.exists()


def test_who_does_not_work_on_the_deal_notes_nothing(deal, stranger):
    with pytest.raises(NotAllowed):
        noted(deal, stranger)


def test_a_closed_deal_takes_no_needs(deal, seller):
    Opportunity.objects.filter(pk=deal.pk).update(outcome="LOST", closed_on=TODAY)

    with pytest.raises(DealClosed):
        noted(deal, seller)


def test_changing_names_the_version_one_saw(need, seller):
    change(need, seller, impact="每月少赚 11 万")
    before = everything()

    with pytest.raises(StaleVersion):
        change(need, seller, version=1, impact="别的")

    assert everything() == before
    assert fresh(need).version == 2


def test_saying_the_same_again_leaves_no_trace(need, seller):
    before = everything()

    change(need, seller, text=need.text)

    assert everything() == before


def test_the_record_of_a_problem_follows_its_need(need, seller, deal):
    assert "needs.problem_recorded" not in proved(deal)

    change(need, seller, impact="每月少赚 11 万", wanted_by="年底前")
    assert proved(deal)["needs.problem_recorded"] == 2

    change(need, seller, wanted_by="")
    assert "needs.problem_recorded" not in proved(deal)


def test_one_need_is_enough_for_the_record_and_another_takes_its_place(deal, seller, need):
    told = {"impact": "少赚", "wanted_by": "年底"}
    change(need, seller, **told)
    other = noted(deal, seller, text="远程巡检", **told)
    live = Proof.objects.filter(key="needs.problem_recorded", retracted_on=None)
    assert live.get().source_ref == need.ref

    change(need, seller, wanted_by="")
    assert live.get().source_ref == other.ref


def test_growth_in_the_customers_words_is_proved(need, seller, deal):
    change(need, seller, forecast="三年内再上二期 400MWh", forecast_years=3)

    assert proved(deal) == {"needs.growth_recorded": 2}


def test_needs_stand_below_each_other_and_move_with_what_stands_below(deal, seller):
    first, second = noted(deal, seller, text="甲"), noted(deal, seller, text="乙")
    child = noted(deal, seller, parent=first, text="甲一", layer="DEEP")

    move(first, seller, parent=second)
    assert [line.number for line in tree_of(deal).lines] == ["1", "1.1", "1.1.1"]
    assert [need.text for need in live_needs(deal)] == ["乙", "甲", "甲一"]

    move(child, seller, before=None)
    move(child, seller, before=second)
    assert [need.text for need in live_needs(deal)] == ["甲一", "乙", "甲"]


def test_a_need_cannot_stand_below_itself_or_below_a_deeper_layer(deal, seller):
    top = noted(deal, seller, text="甲")
    child = noted(deal, seller, parent=top, text="甲一", layer="HIDDEN")
    before = everything()

    with pytest.raises(CannotStandThere):
        move(top, seller, parent=child)
    with pytest.raises(CannotStandThere):
        noted(deal, seller, parent=child, layer="SURFACE")

    assert everything() == before


def test_a_need_of_another_deal_is_no_parent(deal, seller, need, customer):
    from duobiao.needs.tests.factories import make_deal

    other = make_deal(seller, customer)

    with pytest.raises(Invalid) as refused:
        note_need(
            opportunity=other, parent=need, said=Said({"text": "甲", "level": "SURFACE", "layer": "SURFACE"}),
            actor=seller, now=NOW,
        )  # fmt: skip
    assert "parent" in refused.value.fields


def test_every_step_of_the_ranking_is_kept_with_its_reason(need, seller):
    rank(need, seller, "P2")
    rank(need, seller, "P0", "总经理点名要")

    rows = PriorityChange.objects.order_by("pk").values_list("before", "after", "reason")
    assert list(rows) == [("", "P2", ""), ("P2", "P0", "总经理点名要")]


@pytest.mark.parametrize(
    ("priority", "reason", "field"), [("P2", "", "reason"), ("P1", "x", "priority"), ("P9", "x", "priority")]
)
def test_ranking_anew_needs_a_reason_and_another_priority(need, seller, priority, reason, field):
    rank(need, seller, "P1")
    before = everything()

    with pytest.raises(Invalid) as refused:
        rank(need, seller, priority, reason)

    assert field in refused.value.fields
    assert everything() == before


def test_must_haves_are_proved_while_they_are_met(deal, seller, need):
    second = noted(deal, seller, text="远程巡检")
    rank(need, seller, "P0")
    rank(second, seller, "P1")
    meet(need, seller, "FULL")
    assert "needs.must_haves_covered" not in proved(deal)

    meet(second, seller, "UPGRADE", "二期加装")
    assert proved(deal)["needs.must_haves_covered"] == 2

    meet(need, seller, "PARTIAL", "缺一个接口")
    assert "needs.must_haves_covered" not in proved(deal)


def test_a_substitute_says_what_stands_in(need, seller):
    with pytest.raises(Invalid) as refused:
        meet(need, seller, "SUBSTITUTE")

    assert "fit_note" in refused.value.fields


def test_a_need_is_taken_off_with_what_it_proved(deal, seller, need):
    change(need, seller, impact="少赚", wanted_by="年底")
    held = fresh(need)

    remove_need(need=held, version=held.version, reason="客户撤回", actor=seller, now=NOW)

    assert (proved(deal), live_needs(deal)) == ({}, [])
    assert Need.objects.get().removed_by == seller


def test_what_others_stand_below_or_what_is_confirmed_stays(deal, seller, need, handler):
    noted(deal, seller, parent=need, layer="DEEP")
    with pytest.raises(HasNeedsBelow):
        remove_need(need=need, version=1, reason="撤", actor=seller, now=NOW)

    held = verify(need, seller, handler)
    with pytest.raises(NeedConfirmed):
        remove_need(need=held, version=held.version, reason="撤", actor=seller, now=NOW)
    with pytest.raises(NeedConfirmed):
        change(held, seller, text="另一件事")
    change(held, seller, severity=5)
    assert fresh(need).severity == 5


def test_who_wants_a_need_and_who_opposes_it_is_noted_once_a_person(need, seller, handler, bystander):
    voice_need(need=need, contact=handler, voice="WANTS", note="", actor=seller, now=NOW)
    voice_need(need=need, contact=handler, voice="OPPOSES", note="怕担责", actor=seller, now=NOW)
    voice_need(need=need, contact=bystander, voice="NEUTRAL", note="", actor=seller, now=NOW)
    assert NeedVoice.objects.get(contact=handler).voice == "OPPOSES"

    voice_need(need=need, contact=handler, voice="", note="", actor=seller, now=NOW)
    assert NeedVoice.objects.get().contact == bystander

    foreigner = make_contact(make_customer(seller), "外人")
    with pytest.raises(Invalid):
        voice_need(need=need, contact=foreigner, voice="WANTS", note="", actor=seller, now=NOW)


def test_gaps_of_the_tree_come_with_a_method_of_asking(deal, seller):
    noted(deal, seller, words="")

    found = {shown.gap.value: shown.method.key for shown in tree_of(deal).gaps if shown.method}

    assert found["assumed"] == "reflect"
    assert found["no_strategic"] == "strategic_question"


def test_the_tree_costs_the_same_for_any_number_of_needs(deal, seller, django_assert_num_queries):
    for number in range(6):
        noted(deal, seller, text=f"需求 {number}")

    with django_assert_num_queries(2):
        tree_of(deal)


def test_ranking_is_refused_for_a_stale_version(need, seller):
    rank(need, seller, "P1")

    with pytest.raises(StaleVersion):
        rank_need(need=need, version=1, priority="P0", reason="x", actor=seller, now=NOW)
