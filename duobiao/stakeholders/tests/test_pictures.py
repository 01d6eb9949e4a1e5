"""The two pictures of a chain: where people stand, who moved them, and that nobody lies on anybody else."""

import random
from itertools import combinations

import pytest

from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.tests.factories import NOW, TODAY
from duobiao.stakeholders.actions.place_person import arrange_anew, place_person
from duobiao.stakeholders.domain.graph import LinkKind, Tie
from duobiao.stakeholders.domain.layout import CARD_H, CARD_W, MOST_WORDS, draw
from duobiao.stakeholders.domain.network import draw_network
from duobiao.stakeholders.domain.support import Level
from duobiao.stakeholders.models import Layout, PersonPlace
from duobiao.stakeholders.queries.drawing import picture_of
from duobiao.stakeholders.tests.factories import chain, everything, line


def many(people=300, lines=2000):
    dice = random.Random(1)
    ties = [
        Tie(*dice.sample(range(people), 2), LinkKind.INFORMAL)
        for _line in range(lines - people + 1 if people > 1 else 0)
    ]
    ties += [Tie(person, person // 8, LinkKind.FORMAL) for person in range(1, people)]
    return {person: list(Level)[min(person // 40, 3)] for person in range(people)}, ties


def apart(places):
    return all(
        abs(one.x - other.x) >= CARD_W or abs(one.y - other.y) >= CARD_H
        for one, other in combinations(places.values(), 2)
    )


@pytest.mark.parametrize("count", [1, 2, 9, 60, 300])
def test_nobody_lies_on_anybody_else(count):
    levels, ties = many(count, 2 * count)

    for drawing in (draw(levels, ties), draw_network(list(levels), ties)):
        assert set(drawing.places) == set(levels)
        assert apart(drawing.places)
        for place in drawing.places.values():
            assert 0 <= place.x <= drawing.width - CARD_W
            assert 0 <= place.y <= drawing.height - CARD_H


def test_the_same_chain_gives_the_same_pictures():
    levels, ties = many(40, 80)

    assert draw_network(list(levels), ties) == draw_network(list(levels), ties)
    assert draw(levels, ties) == draw(levels, ties)


def test_who_is_close_stands_close():
    people = list(range(12))
    groups = [people[:6], people[6:]]
    ties = [Tie(*pair, LinkKind.INFORMAL) for group in groups for pair in combinations(group, 2)]

    places = draw_network(people, ties).places

    def mean(pairs):
        far = [
            abs(places[one].middle - places[other].middle) + abs(places[one].y - places[other].y)
            for one, other in pairs
        ]
        return sum(far) / len(far)

    within = mean([pair for group in groups for pair in combinations(group, 2)])
    assert within < mean([(one, other) for one in groups[0] for other in groups[1]])


def test_who_was_moved_stands_there_and_stays_in_their_band():
    levels = dict.fromkeys(range(5), Level.TOP) | dict.fromkeys(range(5, 9), Level.BASE)

    plain = draw(levels, [])
    moved = draw(levels, [], kept={0: (5000, 5000), 5: (0, 0)})

    top, base = moved.bands
    assert apart(moved.places)
    assert moved.places[0].x == max(place.x for place in moved.places.values())
    assert top.y < moved.places[0].y < top.y + top.height
    assert base.y < moved.places[5].y < base.y + base.height
    assert moved.places[5].x == min(moved.places[key].x for key in range(5, 9))
    assert (moved.width, moved.height) == (plain.width, plain.height)


def test_a_network_takes_the_place_next_to_where_somebody_was_moved():
    levels, ties = many(30, 60)
    free = draw_network(list(levels), ties)
    target = free.places[7]

    moved = draw_network(list(levels), ties, kept={3: (target.x + 5, target.y - 5)})

    assert moved.places[3] == target
    assert apart(moved.places)


def test_words_of_lines_are_left_out_where_nobody_could_read_them():
    levels, ties = many(60, MOST_WORDS + 1)

    for drawing in (draw(levels, ties), draw_network(list(levels), ties)):
        assert not any(curve.has_words for curve in drawing.curves)
    few = draw(levels, ties[:MOST_WORDS])
    assert all(curve.has_words for curve in few.curves)


@pytest.mark.django_db
def test_the_map_of_parts_shows_who_plays_each_and_which_is_missing(deal, seller, decider, gatekeeper):
    picture = picture_of(chain(deal), layout=Layout.ROLES)

    assert [(band.title, band.empty) for band in picture.bands] == [
        ("最终决策者 ×5", False),
        ("关键影响者 ×3 · 还没有人", True),
        ("把关者 ×2", False),
        ("用户与执行者 ×1 · 还没有人", True),
    ]
    places = {card.name: card.y for card in picture.cards}
    (top, _second, third, _last) = picture.bands
    assert top.y < places["陈立群"] < top.y + top.height
    assert third.y < places["孙国栋"] < third.y + third.height
    assert chain(deal).missing_parts == ["INFLUENCER", "USER"]


@pytest.mark.django_db
def test_a_place_is_kept_for_everybody_and_forgotten_again(deal, seller, decider, gatekeeper):
    line(gatekeeper, decider, seller)
    before = picture_of(chain(deal), layout=Layout.NETWORK)

    place_person(person=gatekeeper, layout="NETWORK", x=-40, y=99_999, actor=seller, now=NOW)
    place_person(person=gatekeeper, layout="NETWORK", x=4, y=8, actor=seller, now=NOW)
    held = PersonPlace.objects.get()
    moved = picture_of(chain(deal), layout=Layout.NETWORK)

    assert (held.x, held.y, held.placed_by, held.person) == (4, 8, seller, gatekeeper)
    assert (before.moved, moved.moved, picture_of(chain(deal)).moved) == (False, True, False)
    corner = min((card.x, card.y) for card in moved.cards)
    assert [card.name for card in moved.cards if (card.x, card.y) == corner] == ["孙国栋"]
    assert arrange_anew(opportunity=deal, layout="LAYERS", actor=seller) == 0
    assert arrange_anew(opportunity=deal, layout="NETWORK", actor=seller) == 1
    assert picture_of(chain(deal), layout=Layout.NETWORK) == before


@pytest.mark.django_db
def test_who_may_not_write_moves_nobody(deal, seller, stranger, decider):
    before = everything()

    with pytest.raises(NotAllowed):
        place_person(person=decider, layout="LAYERS", x=1, y=1, actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        arrange_anew(opportunity=deal, layout="LAYERS", actor=stranger)
    with pytest.raises(Invalid) as refusal:
        place_person(person=decider, layout="CIRCLE", x=1, y=1, actor=seller, now=NOW)

    assert set(refusal.value.fields) == {"layout"}
    assert everything() == before


@pytest.mark.django_db
def test_a_lost_deal_stays_as_it_was_drawn(deal, seller, decider):
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    with pytest.raises(DealClosed):
        place_person(person=decider, layout="LAYERS", x=1, y=1, actor=seller, now=NOW)

    assert not PersonPlace.objects.exists()
