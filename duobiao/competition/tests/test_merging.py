"""Rivals entered twice become one, deals with the same rival bring their landscapes together, and both can be undone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from duobiao.competition.actions.keep_rival import RivalFactsSaid, RivalKnown, add_rival, edit_rival
from duobiao.competition.actions.merge_rivals import merge_rivals
from duobiao.competition.actions.note_move import note_move
from duobiao.competition.actions.place_rival import Placing, RivalOutOfUse, note_left, place_rival
from duobiao.competition.actions.plan_counter import plan_counter
from duobiao.competition.models import (
    Barrier,
    CardStatement,
    DealRival,
    Landscape,
    Reach,
    Rival,
    RivalMove,
    RivalName,
    RivalScore,
)
from duobiao.competition.queries.cards import get_rival, rivals_like
from duobiao.competition.tests.factories import barrier, everything, placed, reach, rival, scored, statement
from duobiao.customers.tests.factories import token
from duobiao.duplicates.actions.find_duplicates import find_duplicates
from duobiao.duplicates.actions.undo_merge import undo_merge
from duobiao.duplicates.domain.changes import COUNTED
from duobiao.duplicates.models import Merge, Pair
from duobiao.duplicates.queries.found import likely_others
from duobiao.duplicates.queries.surroundings import surroundings
from duobiao.duplicates.registry import kind_of
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed
from duobiao.opportunities.actions.merge_deals import merge_deals
from duobiao.opportunities.models import DealTask, Opportunity, Proof, RiskReport
from duobiao.opportunities.tests.factories import NOW, TODAY, make_deal
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)
JUDGED = frozenset(("stage_since", "last_evidence_on", "reassess_on"))
HISTORY = frozenset(
    (
        "opportunities.StageChange",
        "opportunities.Proof",
        "opportunities.RiskSignal",
        "opportunities.Suggestion",
        "opportunities.Conversation",
    )
)


@pytest.fixture
def other(seller):
    return rival(seller, "诺顿工业", site="https://norton.example", region="华北")


def around(*records):
    return {
        place: {name: value for name, value in row.items() if name not in COUNTED | JUDGED}
        for place, row in surroundings(type(records[0]), records).items()
        if place[0] not in HISTORY
    }


def moved(row, seller):
    return note_move(row=row, sort="PRICE", text="降价一成", source="采购", happened_on=TODAY, actor=seller, now=NOW)


def answered(row, seller, held=None):
    return plan_counter(
        row=row, title="请副总出面", owner=seller, due_on=TODAY + timedelta(days=7), actor=seller, now=NOW, barrier=held
    )


def on_both(deal, xichuan, other, seller):
    """Put both entries on one deal with all that can hang on them."""
    kept = placed(deal, xichuan, seller, rival_class="INDIRECT")
    gone = placed(deal, other, seller, offers="整线交钥匙", position="LEADS", share_percent=30)
    scored(deal, None, seller, 3)
    scored(deal, kept, seller, {"price": 4})
    scored(deal, gone, seller, 5)
    reach(kept, seller, function="TECHNICAL", depth=1)
    reach(gone, seller, function="TECHNICAL", depth=3, on=TODAY - timedelta(days=3))
    reach(gone, seller, function="FINANCE")
    answered(gone, seller, barrier(gone, seller))
    moved(gone, seller)
    statement(other, seller, on=TODAY - timedelta(days=40))
    return kept, gone


def test_everything_of_a_rival_follows_its_other_entry(deal, xichuan, other, seller, manager, customer):
    elsewhere = placed(make_deal(seller, customer, name="二期"), other, seller)
    kept, gone = on_both(deal, xichuan, other, seller)
    counter = gone.counters.get()
    written = RivalScore.objects.count()

    merge_rivals(keeper=xichuan, other=other, actor=manager, now=NOW)

    kept.refresh_from_db()
    elsewhere.refresh_from_db()
    assert elsewhere.rival == xichuan
    assert list(DealRival.objects.filter(opportunity=deal)) == [kept]
    assert (kept.rival_class, kept.offers, kept.position, kept.share_percent) == ("DIRECT", "整线交钥匙", "LEADS", 30)
    assert RivalScore.objects.count() == written
    assert kept.scores.count() == 7
    assert sorted(kept.reaches.values_list("function", "depth")) == [("FINANCE", 2), ("TECHNICAL", 1)]
    assert (kept.barriers.count(), kept.moves.count(), kept.counters.count()) == (1, 1, 1)
    assert DealTask.objects.get(pk=counter.task_id).source_ref == kept.ref
    assert RiskReport.objects.filter(opportunity=deal, retracted_at=None).count() == 1
    assert CardStatement.objects.get().rival == xichuan
    assert Rival.objects.get(pk=xichuan.pk).card_on == TODAY - timedelta(days=40)
    assert kept.gap_hundredths is not None
    assert Entry.objects.get(event="competition.rivals_merged").chain == xichuan.ref


def test_the_other_name_is_an_alias_by_which_the_rival_is_found(xichuan, other, seller, manager):
    merge_rivals(keeper=xichuan, other=other, actor=manager, now=NOW)

    assert list(rivals_like("诺顿")) == [xichuan]
    assert get_rival(ref=other.ref, user=seller) == xichuan
    assert sorted(RivalName.objects.values_list("name", "is_main")) == [("西川数科", True), ("诺顿工业", False)]
    assert Rival.objects.get(pk=xichuan.pk).region == "华北"
    with pytest.raises(RivalKnown) as refused:
        add_rival(said=RivalFactsSaid("诺顿工业有限公司"), actor=seller, now=NOW)
    assert refused.value.details == {"rival": xichuan.ref}


def test_the_name_of_the_other_entry_may_be_chosen(xichuan, other, manager):
    merge_rivals(keeper=xichuan, other=other, actor=manager, now=NOW, take=frozenset({"name"}))

    assert Rival.objects.get(pk=xichuan.pk).name == "诺顿工业"
    assert RivalName.objects.get(is_main=True).name == "诺顿工业"


def test_rivals_parted_again_are_what_they_were(deal, xichuan, other, seller, manager, customer):
    placed(make_deal(seller, customer, name="二期"), other, seller)
    on_both(deal, xichuan, other, seller)
    before, tasks = around(xichuan, other), list(DealTask.objects.order_by("pk").values_list("ref", "source_ref"))
    gaps = list(DealRival.objects.order_by("pk").values_list("pk", "gap_hundredths"))

    merge_rivals(keeper=xichuan, other=other, actor=manager, now=NOW, take=frozenset({"name"}))
    undone = undo_merge(merge=Merge.objects.get(), actor=manager, now=LATER)

    assert undone.kept == 0
    assert around(xichuan, other) == before
    assert list(DealTask.objects.order_by("pk").values_list("ref", "source_ref")) == tasks
    assert list(DealRival.objects.order_by("pk").values_list("pk", "gap_hundredths")) == gaps
    assert rivals_like("诺顿").get() == other


def test_a_rival_parted_after_its_names_were_written_anew_has_its_own_name(xichuan, other, seller, manager):
    merge_rivals(keeper=xichuan, other=other, actor=manager, now=NOW)
    xichuan.refresh_from_db()
    said = RivalFactsSaid("西川数科", aliases=["西川", "诺顿工业"])
    edit_rival(rival=xichuan, version=xichuan.version, said=said, actor=seller, now=NOW)

    undo_merge(merge=Merge.objects.get(), actor=manager, now=LATER)

    assert list(other.names.values_list("name", "is_main")) == [("诺顿工业", True)]
    assert sorted(xichuan.names.values_list("name", flat=True)) == ["西川", "西川数科"]


@pytest.mark.parametrize("who", ["seller", "viewer"])
def test_who_may_not_merge_rivals_changes_nothing(who, request, xichuan, other):
    actor = request.getfixturevalue(who)
    before = everything()

    with pytest.raises(NotAllowed):
        merge_rivals(keeper=xichuan, other=other, actor=actor, now=NOW)

    assert everything() == before


def test_a_rival_is_merged_once_and_not_with_itself(xichuan, other, manager):
    merge_rivals(keeper=xichuan, other=other, actor=manager, now=NOW)
    before = everything()

    with pytest.raises(Invalid):
        merge_rivals(keeper=xichuan, other=xichuan, actor=manager, now=NOW)
    with pytest.raises(Conflict):
        merge_rivals(keeper=other, other=xichuan, actor=manager, now=NOW)

    assert everything() == before


def test_a_rival_that_went_is_put_on_no_deal_and_not_changed(deal, xichuan, other, seller, manager):
    merge_rivals(keeper=xichuan, other=other, actor=manager, now=NOW)
    before = everything()

    with pytest.raises(RivalOutOfUse):
        place_rival(opportunity=deal, rival=other, placing=Placing(noted_on=TODAY), actor=seller, now=NOW)
    with pytest.raises(Conflict):
        edit_rival(rival=other, version=2, said=RivalFactsSaid("诺顿"), actor=seller, now=NOW)

    assert everything() == before


def test_likely_duplicates_are_found_by_any_name(xichuan, seller, manager):
    twin = rival(seller, "上海西川数科科技有限公司", aliases=["Xichuan"])
    kind = kind_of("rival")

    found = find_duplicates(kind, now=NOW)

    assert found.proposed == 1
    assert {Pair.objects.get().first, Pair.objects.get().second} == {xichuan.ref, twin.ref}
    assert likely_others(kind, xichuan, text="", user=manager) == [twin]


def test_rivals_are_merged_from_the_page_and_the_old_address_leads_on(client, api, xichuan, other, manager):
    client.force_login(manager)
    card = client.get(reverse("competition:rival", args=[xichuan.ref])).content.decode()
    address = reverse("duplicates:side_by_side", args=["rival", xichuan.ref, other.ref])
    page = client.get(address)
    sent = {"keeper": xichuan.ref, f"version_{xichuan.ref}": 1, f"version_{other.ref}": 1, "fact_name": xichuan.ref}
    answer = client.post(address, sent)
    again = client.post(address, sent)

    assert reverse("duplicates:choose", args=["rival", xichuan.ref]) in card
    assert page.status_code == 200
    assert answer.url == again.url == reverse("competition:rival", args=[xichuan.ref])
    assert Merge.objects.count() == 1
    assert client.get(reverse("competition:rival", args=[other.ref])).url == answer.url
    assert api(token(manager)).get(f"/rivals/{other.ref}").json()["ref"] == xichuan.ref


def test_a_seller_is_offered_no_merge(client, xichuan, other, seller):
    client.force_login(seller)

    card = client.get(reverse("competition:rival", args=[xichuan.ref])).content.decode()
    answer = client.get(reverse("duplicates:side_by_side", args=["rival", xichuan.ref, other.ref]))

    assert reverse("duplicates:choose", args=["rival", xichuan.ref]) not in card
    assert answer.status_code == 403


def two_deals(seller, customer, xichuan, other):
    """Make two deals with one rival on both, one on each alone, and scores of all sides."""
    kept, gone = (make_deal(seller, customer, name=name) for name in ("二期产线", "二期 产线"))
    mine, twin = placed(kept, xichuan, seller), placed(gone, xichuan, seller, offers="整线交钥匙")
    placed(gone, other, seller)
    scored(kept, None, seller, 3, on=TODAY - timedelta(days=5))
    scored(kept, mine, seller, {"price": 2}, on=TODAY - timedelta(days=5))
    scored(gone, None, seller, 4)
    scored(gone, twin, seller, 5)
    reach(twin, seller)
    moved(twin, seller)
    answered(twin, seller, barrier(twin, seller))
    return kept, gone, mine, twin


def test_merged_deals_bring_their_landscapes_together_without_losing_a_score(seller, manager, customer, xichuan, other):
    kept, gone, mine, _twin = two_deals(seller, customer, xichuan, other)
    written = RivalScore.objects.count()

    merge_deals(keeper=kept, other=gone, actor=manager, now=NOW)

    mine.refresh_from_db()
    held = Landscape.objects.get(opportunity=kept)
    assert sorted(row.rival.name for row in kept.rivals.all()) == ["西川数科", "诺顿工业"]
    assert not gone.rivals.exists()
    assert RivalScore.objects.count() == written
    assert (held.scores.count(), mine.scores.count()) == (12, 7)
    assert (held.gap_hundredths, mine.gap_hundredths) == (-100, -100)
    assert mine.offers == "整线交钥匙"
    for model in (Barrier, Reach, RivalMove):
        assert model.objects.get().deal_rival == mine
    assert DealTask.objects.get().source_ref == mine.ref
    proofs = Proof.objects.filter(opportunity=kept, retracted_on=None, key__startswith="competition.")
    assert {proof.source_ref for proof in proofs} == {held.ref}


def test_deals_parted_again_have_their_own_landscapes(seller, manager, customer, xichuan, other):
    kept, gone, mine, twin = two_deals(seller, customer, xichuan, other)
    before = around(kept, gone)

    merge_deals(keeper=kept, other=gone, actor=manager, now=NOW)
    undone = undo_merge(merge=Merge.objects.get(), actor=manager, now=LATER)

    assert undone.kept == 0
    assert around(kept, gone) == before
    assert (mine.scores.count(), DealRival.objects.get(pk=twin.pk).scores.count()) == (1, 6)
    for deal in (kept, gone):
        held = Landscape.objects.get(opportunity=deal)
        proofs = Proof.objects.filter(opportunity=deal, retracted_on=None, key__startswith="competition.")
        assert {proof.source_ref for proof in proofs} <= {held.ref}
    assert Opportunity.objects.get(pk=gone.pk).merged_into is None


def test_a_rival_that_left_one_of_two_merged_deals_is_in_the_race(seller, manager, customer, xichuan):
    kept, gone = (make_deal(seller, customer, name=name) for name in ("二期产线", "二期 产线"))
    mine = placed(kept, xichuan, seller)
    placed(gone, xichuan, seller)
    note_left(row=mine, version=1, left_on=TODAY, reason="报价过高", actor=seller, now=NOW)

    merge_deals(keeper=kept, other=gone, actor=manager, now=NOW)

    mine.refresh_from_db()
    assert (mine.left_on, mine.left_reason) == (None, "")
