"""Rivals without duplicates, battle cards with age, results from real outcomes."""

from datetime import timedelta

import pytest

from duobiao.competition.actions.keep_rival import RivalFactsSaid, RivalKnown, RivalLikelyKnown, add_rival, edit_rival
from duobiao.competition.actions.keep_statement import Said, change_statement, remove_statement
from duobiao.competition.actions.place_rival import note_left
from duobiao.competition.models import CardStatement, Rival
from duobiao.competition.queries.cards import card_shown, lines_of, results_of, rivals_like
from duobiao.competition.tests.factories import everything, placed, rival, statement
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.opportunities.tests.factories import NOW, TODAY, make_deal
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


def said(name: str, **facts) -> RivalFactsSaid:
    return RivalFactsSaid(name, **facts)


def test_a_rival_is_entered_with_its_names_and_leaves_its_trace(seller):
    made = rival(seller, "西川数科科技有限公司", aliases=["西川", "Xichuan Digital"], region="华东")

    assert [row.name for row in made.names.order_by("pk")] == ["西川数科科技有限公司", "西川", "Xichuan Digital"]
    assert Entry.objects.get(chain=made.ref).event == "competition.rival_added"


@pytest.mark.parametrize("name", ["西川数科", "西川数科有限公司", "西川数科（上海）股份有限公司", "XICHUAN  digital"])
def test_the_same_company_is_not_entered_twice_however_it_is_spelt(seller, name):
    rival(seller, "西川数科", aliases=["Xichuan Digital"])
    before = everything()

    with pytest.raises(RivalKnown) as refused:
        add_rival(said=said(name), actor=seller, now=NOW, distinct=True)

    assert list(refused.value.fields) == ["name"]
    assert everything() == before


def test_a_like_name_asks_whether_it_is_another_company(seller):
    rival(seller, "西川数科")

    with pytest.raises(RivalLikelyKnown):
        add_rival(said=said("上海西川数科科技有限公司"), actor=seller, now=NOW)
    made = add_rival(said=said("上海西川数科科技有限公司"), actor=seller, now=NOW, distinct=True)

    assert Rival.objects.count() == 2
    assert made.version == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "！！！"}, "name"),
        ({"name": "名" * 121}, "name"),
        ({"name": "西川", "site": "javascript:alert(1)"}, "site"),
        ({"name": "西川", "aliases": ["…"]}, "aliases"),
        ({"name": "西川", "aliases": [f"别名{n}" for n in range(11)]}, "aliases"),
        ({"name": "西川\x00"}, "name"),
    ],
)
def test_facts_that_do_not_fit_are_refused_by_field(seller, facts, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        add_rival(said=RivalFactsSaid(**facts), actor=seller, now=NOW)

    assert field in refused.value.fields
    assert everything() == before


def test_a_script_in_a_name_is_kept_as_text_and_shown_escaped(seller, client):
    made = rival(seller, "<script>alert(1)</script>西川")
    client.force_login(seller)

    page = client.get(f"/rivals/{made.ref}/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;西川" in page
    assert "<script>alert(1)" not in page


def test_a_change_keeps_names_apart_and_needs_the_version_seen(seller, xichuan):
    rival(seller, "诺顿工业")
    edit_rival(rival=xichuan, version=1, said=said("西川数科", aliases=["西川"], region="华东"), actor=seller, now=NOW)

    with pytest.raises(StaleVersion):
        edit_rival(rival=xichuan, version=1, said=said("西川数科", note="旧"), actor=seller, now=NOW)
    with pytest.raises(RivalKnown):
        edit_rival(rival=xichuan, version=2, said=said("西川数科", aliases=["诺顿工业公司"]), actor=seller, now=NOW)
    xichuan.refresh_from_db()

    assert (xichuan.version, xichuan.region, xichuan.names.count()) == (2, "华东", 2)


def test_saving_without_a_change_leaves_no_trace(seller, xichuan):
    before = everything()

    edit_rival(rival=xichuan, version=1, said=said("西川数科"), actor=seller, now=NOW)

    assert everything() == before


def test_who_only_reads_may_not_keep_rivals(viewer, xichuan):
    before = everything()

    with pytest.raises(NotAllowed):
        add_rival(said=said("诺顿工业"), actor=viewer, now=NOW)
    with pytest.raises(NotAllowed):
        statement(xichuan, viewer)

    assert everything() == before


def test_what_a_rival_says_needs_our_answer_and_every_statement_a_source_and_a_past_day(seller, xichuan):
    before = everything()

    for wrong, field in (
        ({"section": "CLAIM", "answer": ""}, "answer"),
        ({"source": ""}, "source"),
        ({"text": " "}, "text"),
        ({"section": "MIDDLE"}, "section"),
        ({"noted_on": TODAY + timedelta(days=1)}, "noted_on"),
    ):
        with pytest.raises(Invalid) as refused:
            statement(xichuan, seller, **wrong)
        assert list(refused.value.fields) == [field]

    assert everything() == before


def test_the_card_shows_its_age_and_a_confirmation_makes_it_fresh(seller, xichuan):
    old = statement(xichuan, seller, on=TODAY - timedelta(days=181))
    statement(xichuan, seller, text="只在华东有人", on=TODAY - timedelta(days=180))
    xichuan.refresh_from_db()

    shown = card_shown(xichuan, seller, on=TODAY)

    assert (shown.old, xichuan.card_on) == (1, TODAY - timedelta(days=181))
    again = Said(section=old.section, text=old.text, source="客户回访", noted_on=TODAY)
    change_statement(statement=old, version=1, said=again, actor=seller, now=NOW)
    xichuan.refresh_from_db()
    assert (card_shown(xichuan, seller, on=TODAY).old, xichuan.card_on) == (0, TODAY - timedelta(days=180))


def test_a_statement_is_changed_and_taken_off_by_version(seller, xichuan):
    row = statement(xichuan, seller)

    with pytest.raises(StaleVersion):
        remove_statement(statement=row, version=9, actor=seller, now=NOW)
    remove_statement(statement=row, version=1, actor=seller, now=NOW)
    with pytest.raises(NotFound):
        remove_statement(statement=row, version=2, actor=seller, now=NOW)
    xichuan.refresh_from_db()

    assert xichuan.card_on is None
    assert CardStatement.objects.get().removed_at == NOW
    assert card_shown(xichuan, seller, on=TODAY).is_empty


def close(deal: Opportunity, outcome: str) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(outcome=outcome, closed_on=TODAY)


def test_results_count_closed_deals_of_the_company_where_it_stayed_to_the_end(seller, stranger, customer, xichuan):
    for owner, outcome in (
        (seller, "WON"),
        (seller, "WON"),
        (stranger, "LOST"),
        (seller, "GIVEN_UP"),
        (seller, "OPEN"),
    ):
        deal = make_deal(owner, customer if owner == seller else None)
        placed(deal, xichuan, owner)
        if outcome != Outcome.OPEN:
            close(deal, outcome)
    gone = make_deal(seller, customer)
    row = placed(gone, xichuan, seller)
    note_left(row=row, version=1, left_on=TODAY, reason="报价过高", actor=seller, now=NOW)
    close(gone, "LOST")

    found = results_of([xichuan.pk])[xichuan.pk]
    shown = card_shown(xichuan, seller, on=TODAY)

    assert (found.won, found.lost, found.share, found.low, found.high) == (2, 1, 67, 20.8, 93.9)
    assert {row.opportunity.owner_id for row in shown.deals} == {seller.pk}
    assert lines_of([xichuan], seller, on=TODAY)[0].open == 1
    assert lines_of([xichuan], stranger, on=TODAY)[0].open == 0


def test_rivals_are_found_by_any_name_region_or_industry(seller):
    one = rival(seller, "西川数科", aliases=["Xichuan"], region="华东")
    rival(seller, "诺顿工业", is_active=False)

    assert list(rivals_like("xichuan 华东")) == [one]
    assert list(rivals_like("诺顿")) == []
    assert rivals_like("诺顿", retired=True).count() == 1


def test_the_list_costs_the_same_for_any_number_of_rivals(seller, client, assert_flat_queries):
    client.force_login(seller)
    rival(seller)

    def more() -> None:
        for name in ("甲工控", "乙工控", "丙工控"):
            held = rival(seller, name)
            statement(held, seller)
            placed(make_deal(seller), held, seller)

    assert_flat_queries(visit=lambda: client.get("/rivals/"), grow=more)
