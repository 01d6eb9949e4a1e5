"""People outside, who knows whom, and the shortest way to somebody with its weakest link."""

from itertools import pairwise, permutations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from duobiao.customers.actions.keep_network import (
    add_outsider,
    edit_outsider,
    note_acquaintance,
    remove_acquaintance,
    remove_outsider,
)
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.domain.introductions import LONGEST_WAY, Tie, ways_to
from duobiao.customers.models import Acquaintance, Outsider
from duobiao.customers.queries.introductions import shortest_ways
from duobiao.customers.queries.network import introductions_to
from duobiao.customers.tests.factories import NOW, contact, customer, person, token, unit
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.timeline.models import Entry


def test_the_shortest_way_is_taken_and_of_equally_long_ones_the_stronger():
    ties = [Tie("u", "a", 5), Tie("a", "t", 2), Tie("u", "b", 4), Tie("b", "t", 4), Tie("u", "c", 5), Tie("c", "b", 5)]

    found = ways_to("t", ties=ties, ours=["u"])

    assert [way.parties for way in found] == [("u", "b", "t"), ("u", "a", "t"), ("u", "c", "b", "t")]
    assert [(way.strength, way.weakest) for way in found] == [(4, 0), (2, 1), (4, 2)]


def test_a_way_of_the_one_who_asks_comes_before_an_equal_one_of_a_colleague():
    ties = [Tie("u", "a", 3), Tie("v", "b", 3), Tie("a", "t", 3), Tie("b", "t", 3)]

    assert [way.parties[0] for way in ways_to("t", ties=ties, ours=["u", "v"], first="v")] == ["v", "u"]


def test_nobody_is_reached_without_a_tie():
    assert ways_to("t", ties=[Tie("u", "a", 3)], ours=["u"]) == []
    assert ways_to("t", ties=[], ours=["u"]) == []


@given(st.lists(st.tuples(st.sampled_from("uabcdt"), st.sampled_from("uabcdt"), st.integers(1, 5)), max_size=12))
def test_the_first_way_is_as_short_as_a_naive_search_finds(rows):
    ties = [Tie(*row) for row in rows if row[0] != row[1]]
    known = {frozenset((tie.one, tie.other)) for tie in ties}
    naive = [
        length + 1
        for length in range(5)
        for middle in permutations("abcd", length)
        if all(frozenset(step) in known for step in zip(("u", *middle), (*middle, "t"), strict=True))
    ]

    found = ways_to("t", ties=ties, ours=["u"])

    assert [len(way.strengths) for way in found[:1]] == ([min(naive)] if naive and min(naive) <= LONGEST_WAY else [])


@pytest.fixture
def east():
    return unit("华东")


@pytest.fixture
def seller(east):
    return person(within=east, name="林晓")


@pytest.fixture
def colleague():
    return person(within=unit("华北"), name="赵敏")


@pytest.fixture
def target(seller):
    return contact(customer(seller, "恒力"), "王总")


def know(knower, known, actor, strength=3, **values):
    return note_acquaintance(knower=knower, known=known, values={"strength": strength, **values}, actor=actor, now=NOW)


@pytest.mark.django_db
def test_a_way_leads_through_outsiders_and_says_where_it_breaks_first(seller, target):
    expert = add_outsider(values={"name": "张院士", "organisation": "设计院"}, actor=seller, now=NOW)
    know(seller, expert, seller, 4)
    know(expert, target, seller, 2, source="同门")

    (way,) = introductions_to(target, user=seller)

    assert (way.begins.name, [step.party.name for step in way.steps]) == ("林晓", ["张院士", "王总"])
    assert [(step.strength, step.is_weakest) for step in way.steps] == [(4, False), (2, True)]
    assert Entry.objects.filter(event="customers.acquaintance_noted").count() == 2


@pytest.mark.django_db
def test_of_somebody_out_of_sight_only_the_colleague_to_ask_is_named(client, seller, colleague, target):
    hidden = add_outsider(values={"name": "机密顾问"}, actor=colleague, now=NOW)
    know(colleague, hidden, colleague, 5)
    elsewhere = contact(customer(colleague, "别家"), "秘密联系人")
    know(hidden, elsewhere, colleague, 4)
    Acquaintance.objects.create(contact=elsewhere, to_contact=target, strength=3, noted_at=NOW, noted_by=colleague)
    client.force_login(seller)

    (way,) = introductions_to(target, user=seller)
    page = client.get(reverse("customers:introductions", args=[target.ref])).content.decode()

    assert [(step.party.name, step.party.ask) for step in way.steps] == [("", "赵敏"), ("", "赵敏"), ("王总", "")]
    assert "赵敏" in page
    assert "机密顾问" not in page
    assert "秘密联系人" not in page


@pytest.mark.django_db
def test_who_cannot_introduce_leads_nowhere_and_a_supporter_is_reached_by_who_owns_the_customer(seller, target):
    expert = add_outsider(values={"name": "张院士"}, actor=seller, now=NOW)
    know(seller, expert, seller)
    know(expert, target, seller, can_introduce=False)
    assert introductions_to(target, user=seller) == []

    target.stance = 1
    target.save(update_fields=["stance"])

    assert [(way.begins.name, way.strength) for way in introductions_to(target, user=seller)] == [("林晓", 3)]


@pytest.mark.django_db
def test_a_way_is_six_acquaintances_long_at_most(seller, target):
    chain = [add_outsider(values={"name": f"第{n}人"}, actor=seller, now=NOW) for n in range(LONGEST_WAY)]
    know(chain[0], target, seller)
    for one, other in pairwise(chain):
        know(other, one, seller)
    know(seller, chain[-1], seller)
    assert introductions_to(target, user=seller) == []

    know(seller, chain[-2], seller)

    (way,) = introductions_to(target, user=seller)
    assert [step.party.name for step in way.steps] == [*(person.name for person in chain[-2::-1]), "王总"]


@pytest.mark.django_db
def test_noted_again_the_newer_word_counts_and_taken_back_it_is_gone(seller, target):
    know(seller, target, seller, 2)
    tie = know(seller, target, seller, 5)

    assert Acquaintance.objects.get() == tie
    assert tie.strength == 5
    remove_acquaintance(tie=tie, actor=seller, now=NOW)
    assert introductions_to(target, user=seller) == []
    with pytest.raises(NotFound):
        remove_acquaintance(tie=tie, actor=seller, now=NOW)


@pytest.mark.django_db
def test_what_makes_no_sense_or_is_not_allowed_changes_nothing(seller, colleague, target):
    outsider = add_outsider(values={"name": "张院士"}, actor=seller, now=NOW)
    entries = Entry.objects.count()

    with pytest.raises(Invalid):
        know(target, target, seller)
    with pytest.raises(Invalid):
        know(seller, target, seller, 6)
    with pytest.raises(NotAllowed):
        know(colleague, target, colleague)
    with pytest.raises(NotAllowed):
        edit_outsider(outsider=outsider, version=1, values={"name": "李"}, actor=colleague, now=NOW)
    with pytest.raises(StaleVersion):
        edit_outsider(outsider=outsider, version=2, values={"name": "李"}, actor=seller, now=NOW)
    with pytest.raises(Invalid):
        edit_outsider(outsider=outsider, version=1, values={"mobile": "abc"}, actor=seller, now=NOW)
    with pytest.raises(Invalid):
        add_outsider(values={"name": " "}, actor=seller, now=NOW)

    assert not Acquaintance.objects.exists()
    assert Outsider.objects.get().name == "张院士"
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_an_outsider_taken_out_leads_nowhere(seller, target):
    outsider = add_outsider(values={"name": "张院士"}, actor=seller, now=NOW)
    know(seller, outsider, seller)
    know(outsider, target, seller)

    remove_outsider(outsider=outsider, actor=seller, now=NOW)

    assert introductions_to(target, user=seller) == []
    with pytest.raises(NotFound):
        remove_outsider(outsider=outsider, actor=seller, now=NOW)


@pytest.mark.django_db
def test_the_database_refuses_what_code_forgot(seller, target):
    outsider = add_outsider(values={"name": "张院士"}, actor=seller, now=NOW)
    good = {"colleague": seller, "to_contact": target, "noted_at": NOW, "noted_by": seller}
    for wrong in (
        {"contact": target},
        {"to_outsider": outsider},
        {"colleague": None, "contact": target},
        {"strength": 6},
        {"removed_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Acquaintance.objects.create(**{**good, **wrong})
    Acquaintance.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        Acquaintance.objects.create(**good)


@pytest.mark.django_db
def test_acquaintances_follow_merged_contacts(seller, east, target):
    double = contact(target.customer, "王总经理")
    know(seller, double, seller)

    merge_contacts(keeper=target, other=double, actor=person(Role.MANAGER, within=east), now=NOW)

    assert Acquaintance.objects.get().to_contact == target


@pytest.mark.django_db
def test_somebody_is_searched_chosen_and_noted_without_javascript(client, seller, target):
    outsider = add_outsider(values={"name": "张院士", "organisation": "设计院"}, actor=seller, now=NOW)
    client.force_login(seller)
    address = reverse("customers:contact_known_by", args=[target.ref])

    page = client.get(address, {"q": "院士"}).content.decode()
    wrong = client.post(address, {"q": "院士", "knower": "outsider:CO-NOBODY", "strength": "3"})
    done = client.post(address, {"knower": f"outsider:{outsider.ref}", "strength": "4", "can_introduce": "on"})

    assert f'value="outsider:{outsider.ref}"' in page
    assert (wrong.status_code, done.status_code) == (422, 303)
    assert Acquaintance.objects.get().outsider == outsider
    for name, ref in (("contact", target.ref), ("customer", target.customer.ref), ("outsider", outsider.ref)):
        assert "张院士" in client.get(reverse(f"customers:{name}", args=[ref])).content.decode()
    assert "张院士" in client.get(reverse("customers:outsiders"), {"q": "设计"}).content.decode()


@pytest.mark.django_db
def test_the_api_does_what_the_pages_do(api, seller, target):
    client = api(token(seller))

    made = client.post("/outsiders", {"name": "张院士", "part": "INSTITUTE"}).json()
    changed = client.patch(f"/outsiders/{made['ref']}", {"version": 1, "organisation": "设计院"}).json()
    client.post(f"/outsiders/{made['ref']}/acquaintances", {"knower": f"user:{seller.ref}", "strength": 5})
    tie = client.post(f"/contacts/{target.ref}/acquaintances", {"knower": f"outsider:{made['ref']}", "strength": 2})
    (way,) = client.get(f"/contacts/{target.ref}/introductions").json()

    assert (changed["organisation"], changed["version"]) == ("设计院", 2)
    assert (way["begins"]["name"], way["strength"]) == ("林晓", 2)
    assert [step["is_weakest"] for step in way["steps"]] == [False, True]
    assert len(client.get(f"/contacts/{target.ref}/acquaintances").json()) == 1
    assert client.delete(f"/acquaintances/{tie.json()['ref']}").status_code == 204
    assert client.post(f"/contacts/{target.ref}/acquaintances", {"knower": "dragon:x"}).status_code == 404
    assert client.delete(f"/outsiders/{made['ref']}").status_code == 204


@pytest.mark.django_db
def test_a_way_costs_the_same_for_any_number_of_acquaintances(client, seller, colleague, target, assert_flat_queries):
    client.force_login(seller)
    know(seller, target, seller)

    def more():
        for number in range(6):
            outsider = add_outsider(values={"name": f"专家{number}"}, actor=seller, now=NOW)
            know(seller, outsider, seller)
            know(outsider, target, seller)
            know(contact(target.customer, f"同事{number}"), target, seller)

    def strangers():
        """People who know each other and nobody near the target."""
        for number in range(6):
            know(colleague, add_outsider(values={"name": f"路人{number}"}, actor=colleague, now=NOW), colleague)

    more()
    assert_flat_queries(visit=lambda: introductions_to(target, user=seller), grow=more)
    strangers()
    with CaptureQueriesContext(connection) as asked:
        ways = shortest_ways(target, first=seller)
    assert (len(ways), len(asked)) == (3, 5)
    assert_flat_queries(visit=lambda: client.get(reverse("customers:introductions", args=[target.ref])), grow=more)
    assert_flat_queries(visit=lambda: client.get(reverse("customers:contact", args=[target.ref])), grow=more)
