"""Rivals are found by search, and shown on the pages of customers where they compete."""

import pytest
from django.urls import reverse

from duobiao.competition.actions.keep_rival import RivalFactsSaid, edit_rival
from duobiao.competition.actions.merge_rivals import merge_rivals
from duobiao.competition.actions.place_rival import note_left
from duobiao.competition.queries.at_customer import rivals_at
from duobiao.competition.tests.factories import placed, rival, scored
from duobiao.customers.tests.factories import token
from duobiao.duplicates.actions.undo_merge import undo_merge
from duobiao.duplicates.models import Merge
from duobiao.identity.models import Role, RoleGrant
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal
from duobiao.search.actions.rebuild_index import rebuild_index
from duobiao.search.queries import find

pytestmark = pytest.mark.django_db


def found(user, text):
    return [(hit.ref, hit.title) for hit in find(user=user, text=text, kinds=["rival"])]


def test_a_rival_is_found_by_every_name_by_everybody_who_sees_rivals(seller, stranger, viewer):
    made = rival(seller, "西川数科", aliases=["Xichuan Digital"], region="华东")

    for user in (seller, stranger, viewer):
        assert found(user, "西川") == found(user, "xichuan") == found(user, "华东") == [(made.ref, "西川数科")]


def test_a_rival_is_found_as_it_now_is(seller):
    made = rival(seller, "西川数科")

    edit_rival(rival=made, version=1, said=RivalFactsSaid("诺顿工业"), actor=seller, now=NOW)

    assert found(seller, "西川") == []
    assert found(seller, "诺顿") == [(made.ref, "诺顿工业")]


def test_who_may_not_see_rivals_finds_none(seller, stranger):
    rival(seller, "西川数科")
    RoleGrant.objects.create(role=Role.SELLER, verb="competition.view", scope="none")
    stranger.held_grants = None

    assert found(stranger, "西川") == []


def test_a_merged_rival_is_found_once_by_both_names_and_again_when_parted(seller, manager):
    kept, gone = rival(seller, "西川数科"), rival(seller, "诺顿工业")

    merge_rivals(keeper=kept, other=gone, actor=manager, now=NOW)
    merged = found(seller, "诺顿")
    undo_merge(merge=Merge.objects.get(), actor=manager, now=NOW)

    assert merged == [(kept.ref, "西川数科")]
    assert found(seller, "诺顿") == [(gone.ref, "诺顿工业")]


def test_the_index_built_anew_holds_the_same_rivals(seller, manager):
    kept, gone = rival(seller, "西川数科"), rival(seller, "诺顿工业")
    merge_rivals(keeper=kept, other=gone, actor=manager, now=NOW)
    before = found(seller, "诺顿")

    rebuild_index()

    assert found(seller, "诺顿") == before == [(kept.ref, "西川数科")]


def test_a_customer_shows_who_competes_there_and_what_became_of_it(deal, xichuan, seller, customer):
    row = placed(deal, xichuan, seller)
    scored(deal, None, seller, 3)
    scored(deal, row, seller, 4)
    norton = rival(seller, "诺顿工业")
    closed = [make_deal(seller, customer, name=name) for name in ("一期", "零期", "备件")]
    for one in closed:
        placed(one, norton, seller)
    left = placed(deal, norton, seller)
    note_left(row=left, version=1, left_on=TODAY, reason="报价过高", actor=seller, now=NOW)
    for one, outcome in zip(closed, (Outcome.WON, Outcome.LOST, Outcome.LOST), strict=True):
        Opportunity.objects.filter(pk=one.pk).update(outcome=outcome, closed_on=TODAY)
    Opportunity.objects.filter(pk=closed[2].pk).update(outcome_unproved=True)
    placed(make_deal(seller, make_customer(seller, "别家")), norton, seller)

    lines = rivals_at(customer, seller)

    assert [(line.rival, list(line.racing), line.gap) for line in lines] == [(xichuan, [deal], -1), (norton, [], None)]
    assert [(line.results.won, line.results.lost) for line in lines] == [(0, 0), (1, 1)]


def test_of_deals_out_of_sight_nothing_is_shown_on_a_customer(row, customer, stranger):
    assert rivals_at(customer, stranger) == []


def test_the_page_and_the_api_of_a_customer_name_its_rivals(client, api, row, customer, seller, stranger):
    client.force_login(seller)
    page = client.get(reverse("customers:customer", args=[customer.ref])).content.decode()
    told = api(token(seller)).get(f"/customers/{customer.ref}/rivals").json()
    hidden = api(token(stranger)).get(f"/customers/{customer.ref}/rivals")

    assert 'id="customer-rivals"' in page
    assert "西川数科" in page
    assert told == [
        {
            "rival": row.rival.ref,
            "name": "西川数科",
            "racing": [row.opportunity.ref],
            "gap": None,
            "won": 0,
            "lost": 0,
        }
    ]
    assert hidden.status_code == 404


def test_the_rivals_of_a_customer_cost_the_same_for_any_number(deal, customer, seller, assert_flat_queries):
    placed(deal, rival(seller, "西川数科"), seller)

    assert_flat_queries(
        visit=lambda: rivals_at(customer, seller),
        grow=lambda: [
            placed(make_deal(seller, customer, name=f"{n}期"), rival(seller, f"对手{n}号工控"), seller)
            for n in range(4)
        ],
    )
