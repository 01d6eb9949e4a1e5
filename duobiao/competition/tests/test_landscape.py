"""Rivals on a deal: placing, scores and gaps, barriers, contacts, moves, answers; and what all this proves and signals."""

from datetime import timedelta
from decimal import Decimal

import pytest

from duobiao.competition.actions.judge_criterion import judge_criterion
from duobiao.competition.actions.keep_barrier import BarrierSaid, change_barrier, remove_barrier
from duobiao.competition.actions.keep_reach import remove_reach
from duobiao.competition.actions.note_move import note_move, withdraw_move
from duobiao.competition.actions.place_rival import (
    Placing,
    RivalOnDeal,
    RivalOutOfUse,
    change_placing,
    note_back,
    note_left,
)
from duobiao.competition.actions.plan_counter import plan_counter
from duobiao.competition.actions.score_offer import set_weights
from duobiao.competition.domain.proving import BIDDERS, COMPARED, FIRST_RIVALS, KEYS, LISTED
from duobiao.competition.models import DealRival, Landscape, Rival, RivalScore
from duobiao.competition.queries.landscape import landscape_shown
from duobiao.competition.tests.factories import barrier, everything, placed, reach, rival, scored
from duobiao.customers.models import Function
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.actions.merge_deals import merge_deals
from duobiao.opportunities.models import Opportunity, Proof, RiskReport, RiskSignal
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import all_actions
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_customer, make_deal, prove_stages
from duobiao.playbooks.queries import catalogue
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def proved(deal: Opportunity) -> set[str]:
    return set(Proof.objects.filter(opportunity=deal, retracted_on=None, key__in=KEYS).values_list("key", flat=True))


def shown(deal: Opportunity, user):
    return landscape_shown(Opportunity.objects.get(pk=deal.pk), user, on=TODAY)


def change(row: DealRival, actor, version: int = 1, **known):
    return change_placing(row=row, version=version, placing=Placing(noted_on=TODAY, **known), actor=actor, now=NOW)


def test_a_rival_is_placed_once_and_proves_that_rivals_are_known(deal, row, seller, xichuan):
    with pytest.raises(RivalOnDeal):
        placed(deal, xichuan, seller)

    proof = Proof.objects.get(opportunity=deal, key=FIRST_RIVALS)
    assert (proof.grade, proof.source_kind, proof.quote) == (2, Landscape.kind, "西川数科")
    assert Entry.objects.filter(chain=deal.ref, event="competition.rival_placed").count() == 1
    assert DealRival.objects.count() == 1


def test_a_rival_without_a_source_proves_nothing(deal, seller, xichuan):
    placed(deal, xichuan, seller, source="")

    assert proved(deal) == set()


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"share_percent": 101}, "share_percent"),
        ({"share_percent": -1}, "share_percent"),
        ({"rival_class": "ENEMY"}, "rival_class"),
        ({"position": "ABOVE"}, "position"),
        ({"bidding": "LIKELY"}, "bid_basis"),
        ({"offers": "长" * 1001}, "offers"),
        ({"on": TOMORROW}, "noted_on"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_nothing_is_kept(deal, seller, xichuan, known, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        placed(deal, xichuan, seller, **known)

    assert list(refused.value.fields) == [field]
    assert everything() == before


def test_who_may_not_assess_and_a_closed_deal_are_refused(deal, row, seller, viewer, stranger, xichuan):
    before = everything()

    for who in (viewer, stranger):
        with pytest.raises(NotAllowed):
            change(row, who, position="LEADS")
        with pytest.raises(NotAllowed):
            barrier(row, who)
        with pytest.raises(NotAllowed):
            scored(deal, row, who, 3)
    Opportunity.objects.filter(pk=deal.pk).update(outcome="LOST", closed_on=TODAY)
    with pytest.raises(DealClosed):
        change(row, seller, position="LEADS")

    assert everything() == before


def test_a_rival_out_of_use_is_not_put_on_deals(deal, seller):
    held = rival(seller, "诺顿工业", is_active=False)

    with pytest.raises(RivalOutOfUse):
        placed(deal, held, seller)

    assert not DealRival.objects.exists()


def test_a_change_needs_the_version_seen(row, seller):
    change(row, seller, position="LEADS", source="王海涛")

    with pytest.raises(StaleVersion):
        change(row, seller, position="LEVEL")
    row.refresh_from_db()

    assert (row.position, row.version) == ("LEADS", 2)


def test_scores_are_kept_with_their_day_and_the_latest_day_holds(deal, row, seller):
    scored(deal, None, seller, {"price": 2})
    scored(deal, row, seller, {"price": 5}, on=TODAY - timedelta(days=3))
    scored(deal, row, seller, {"price": 3}, on=TODAY - timedelta(days=9))

    line = next(line for line in shown(deal, seller).dimensions if line.key == "price")

    assert RivalScore.objects.count() == 3
    assert (line.ours.score, line.best, line.gap) == (2, 5, -3)


@pytest.mark.parametrize(
    ("scores", "field"), [({"price": 0}, "scores"), ({"price": 6}, "scores"), ({"looks": 3}, "scores"), ({}, "scores")]
)
def test_scores_out_of_range_or_of_nothing_known_are_refused(deal, row, seller, scores, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        scored(deal, row, seller, scores)
    with pytest.raises(Invalid):
        scored(deal, row, seller, 3, on=TOMORROW)

    assert list(refused.value.fields) == [field]
    assert everything() == before


def test_the_gap_to_the_strongest_rival_follows_scores_weights_and_who_is_in_the_race(deal, row, seller):
    other = placed(deal, rival(seller, "诺顿工业"), seller)
    scored(deal, None, seller, {"price": 2, "service": 4})
    scored(deal, row, seller, {"price": 4, "service": 3})
    scored(deal, other, seller, {"price": 5, "service": 5})

    assert shown(deal, seller).gap == Decimal("-2.14")
    note_left(row=other, version=1, left_on=TODAY, reason="退出", actor=seller, now=NOW)
    assert shown(deal, seller).gap == Decimal("-0.71")
    weights = {"function": 0, "technology": 0, "price": 0, "service": 100, "brand": 0, "past_results": 0}
    set_weights(opportunity=deal, version=1, weights=weights, actor=seller, now=NOW)
    assert shown(deal, seller).gap == Decimal("1.00")
    note_back(row=other, version=2, actor=seller, now=NOW)
    assert shown(deal, seller).gap == Decimal("-1.00")


def test_weights_are_refused_unless_complete_and_a_hundred_and_by_stale_hands(deal, row, seller):
    usual = {line.key: line.weight for line in shown(deal, seller).dimensions}
    before = everything()

    for wrong in ({"price": 100}, {**usual, "price": 99}, {**usual, "price": -1}):
        with pytest.raises(Invalid):
            set_weights(opportunity=deal, version=1, weights=wrong, actor=seller, now=NOW)
    with pytest.raises(StaleVersion):
        set_weights(opportunity=deal, version=7, weights={}, actor=seller, now=NOW)

    assert everything() == before


def test_complete_records_prove_all_four_items_and_taking_one_back_retracts_its_proof(deal, row, seller):
    change(row, seller, source="王海涛", offers="MES 套件", bidding="LIKELY", bid_basis="官网招聘驻场工程师")
    held = reach(row, seller)
    scored(deal, None, seller, 4)
    assert proved(deal) == {FIRST_RIVALS, LISTED, BIDDERS}

    scored(deal, row, seller, 3)
    assert proved(deal) == set(KEYS)
    assert all(not line.lack for line in shown(deal, seller).proofs)

    remove_reach(reach=held, actor=seller, now=NOW)
    assert proved(deal) == {FIRST_RIVALS, COMPARED, BIDDERS}
    note_left(row=row, version=2, left_on=TODAY, reason="退出", actor=seller, now=NOW)
    assert proved(deal) == set()


def test_the_playbook_shows_that_these_records_supply_the_keys(deal, seller):
    assert {key for key in KEYS if catalogue()[key].supplied_by == "rivals"} == {LISTED, COMPARED, BIDDERS}


def test_what_the_records_prove_is_no_move_of_a_rival(deal, row, seller):
    change(row, seller, source="王海涛", offers="MES 套件", bidding="LIKELY", bid_basis="公告")
    reach(row, seller)
    scored(deal, None, seller, 4)
    scored(deal, row, seller, 3)

    assert not RiskSignal.objects.filter(opportunity=deal, rule="rivals_active").exists()


def moved(row: DealRival, actor, on=TODAY, **changes):
    values = {"sort": "PRICE", "text": "降价一成", "source": "采购", "happened_on": on, **changes}
    return note_move(row=row, **values, actor=actor, now=NOW)


def test_moves_feed_the_signal_and_taking_one_back_takes_it_off(row, deal, seller):
    first = moved(row, seller)
    assert not RiskSignal.objects.filter(opportunity=deal, rule="rivals_active").exists()
    second = moved(row, seller, sort="TOP_CALL", text="约见集团 IT")

    signal = RiskSignal.objects.get(opportunity=deal, rule="rivals_active")
    assert (signal.level, signal.reasons[0]["n"], signal.source_kind) == ("AMBER", 2, "rival_move")
    assert signal.source_ref in (first.ref, second.ref)
    withdraw_move(move=second, reason="记错了项目", actor=seller, now=NOW)
    assert not RiskSignal.objects.filter(opportunity=deal, rule="rivals_active").exists()
    assert RiskReport.objects.filter(retracted_at=None).count() == 1
    with pytest.raises(Conflict):
        withdraw_move(move=second, reason="再来", actor=seller, now=NOW)


def test_moves_need_words_a_source_and_a_day_that_has_come(row, seller):
    before = everything()

    for wrong, field in (
        ({"text": ""}, "text"),
        ({"source": ""}, "source"),
        ({"sort": "SPY"}, "sort"),
        ({"on": TOMORROW}, "happened_on"),
    ):
        with pytest.raises(Invalid) as refused:
            moved(row, seller, **wrong)
        assert list(refused.value.fields) == [field]

    assert everything() == before


def test_barriers_are_kept_by_strength_with_their_break_point(row, deal, seller):
    weak = barrier(row, seller, strength=2, text="本地办事处", sort="REGIONAL_TIES")
    strong = barrier(row, seller, strength=5, break_point="合同明年三月到期")

    assert [held.barrier.pk for held in shown(deal, seller).rivals[0].barriers] == [strong.pk, weak.pk]
    again = BarrierSaid("REGIONAL_TIES", "本地办事处撤了", 1, "客户", TODAY)
    change_barrier(barrier=weak, version=1, said=again, actor=seller, now=NOW)
    with pytest.raises(StaleVersion):
        remove_barrier(barrier=weak, version=1, actor=seller, now=NOW)
    remove_barrier(barrier=weak, version=2, actor=seller, now=NOW)
    with pytest.raises(NotFound):
        remove_barrier(barrier=weak, version=3, actor=seller, now=NOW)
    assert [held.barrier.pk for held in shown(deal, seller).rivals[0].barriers] == [strong.pk]


@pytest.mark.parametrize("wrong", [{"strength": 0}, {"strength": 6}, {"sort": "WALL"}, {"noted_on": TOMORROW}])
def test_barriers_out_of_range_are_refused(row, seller, wrong):
    before = everything()

    with pytest.raises(Invalid):
        barrier(row, seller, **wrong)

    assert everything() == before


def test_the_map_shows_who_is_for_us_and_whom_each_rival_reaches_by_department(row, deal, seller, customer):
    make_contact(customer, "李伟", function="USING", stance=2)
    it = make_contact(customer, "孙国栋", function="TECHNICAL", stance=-1)
    reach(row, seller, contact=it, depth=3)
    reach(row, seller, function="FINANCE", depth=1)
    reach(row, seller, contact=it, depth=2)

    lines = {line.title: line for line in shown(deal, seller).departments}

    using, technical, finance = (
        lines[str(name.label)] for name in (Function.USING, Function.TECHNICAL, Function.FINANCE)
    )
    assert [person.name for person in using.ours] == ["李伟"]
    assert [(held.name, held.reach.depth) for held in technical.theirs[0]] == [("孙国栋", 2)]
    assert [(held.name, held.reach.depth) for held in finance.theirs[0]] == [("", 1)]


def test_people_of_other_companies_and_no_department_are_refused(row, seller):
    outsider = make_contact(make_customer(seller), "外人", function="USING")
    before = everything()

    with pytest.raises(Invalid) as refused:
        reach(row, seller, contact=outsider)
    with pytest.raises(Invalid) as unplaced:
        reach(row, seller, function="CANTEEN")

    assert (list(refused.value.fields), list(unplaced.value.fields)) == (["contact"], ["function"])
    assert everything() == before


def actions(deal: Opportunity) -> dict[str, str]:
    held = Opportunity.objects.get(pk=deal.pk)
    return {action.key: action.url for action in all_actions(explain(held, TODAY), around(held))}


def test_no_rival_at_stage_three_is_called_for_until_one_is_recorded(deal, seller, xichuan):
    assert "competition.none" not in actions(deal)
    prove_stages(deal, 1, 2, actor=seller)
    assert actions(deal)["competition.none"] == f"/opportunities/{deal.ref}/competition/rivals/new/"

    placed(deal, xichuan, seller)

    assert "competition.none" not in actions(deal)


def test_a_lead_without_an_answer_is_called_for_until_a_task_stands_against_it(deal, row, seller):
    scored(deal, None, seller, 3)
    scored(deal, row, seller, 4)
    key = f"competition.gap.{row.ref}"
    assert key in actions(deal)
    assert shown(deal, seller).rivals[0].needs_answer

    held = barrier(row, seller)
    made = plan_counter(row=row, title="带去看样板", owner=seller, due_on=TODAY, barrier=held, actor=seller, now=NOW)

    assert key not in actions(deal)
    assert shown(deal, seller).rivals[0].barriers[0].counters[0].counter == made
    finish_task(task=made.task, result="不必了", dropped=True, actor=seller, now=NOW)
    assert key in actions(deal)


def test_an_answer_names_a_barrier_of_the_same_rival(deal, row, seller):
    other = placed(deal, rival(seller, "诺顿工业"), seller)
    before = everything()

    with pytest.raises(Invalid) as refused:
        plan_counter(
            row=other, title="看样板", owner=seller, due_on=TODAY, barrier=barrier(row, seller), actor=seller, now=NOW
        )
    assert list(refused.value.fields) == ["barrier"]
    assert everything()["CounterAction"] == before["CounterAction"]


def test_an_old_card_of_a_rival_in_the_race_is_called_for(deal, row, seller):
    Rival.objects.filter(pk=row.rival_id).update(card_on=TODAY - timedelta(days=400))

    assert f"competition.card.{row.rival.ref}" in actions(deal)


def test_a_merge_brings_rivals_along_and_compares_anew(deal, row, seller, manager, customer):
    scored(deal, None, seller, 3)
    other = make_deal(seller, customer)
    theirs = placed(other, rival(seller, "诺顿工业"), seller)
    scored(other, None, seller, 5)
    scored(other, theirs, seller, 4)

    merge_deals(keeper=deal, other=other, actor=manager, now=NOW)

    found = shown(deal, seller)
    assert {held.row.rival.name for held in found.rivals} == {"西川数科", "诺顿工业"}
    assert found.gap == Decimal("1.00")  # ours of both are there, and of one day what was written last holds


def test_the_page_costs_the_same_for_any_number_of_records(deal, row, seller, client, assert_flat_queries):
    client.force_login(seller)
    barrier(row, seller)
    reach(row, seller)
    moved(row, seller)
    scored(deal, row, seller, 3)

    def more() -> None:
        for name in ("诺顿工业", "甲工控"):
            held = placed(deal, rival(seller, name), seller)
            barrier(held, seller)
            reach(held, seller)
            moved(held, seller)
            scored(deal, held, seller, 2)
            plan_counter(row=held, title=f"应对{name}", owner=seller, due_on=TODAY, actor=seller, now=NOW)

    assert_flat_queries(visit=lambda: client.get(f"/opportunities/{deal.ref}/competition/"), grow=more)


def test_a_judgement_belongs_to_open_deals_only(deal, seller):
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", note="贵", on=TODAY, actor=seller, now=NOW)

    with pytest.raises(DealClosed):
        judge_criterion(opportunity=deal, criterion="relation", value=3, why="见过", on=TODAY, actor=seller, now=NOW)
