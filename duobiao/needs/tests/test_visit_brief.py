"""The brief of a visit says of each person what they want, what is to be verified, and what they hold against us."""

import pytest
from django.urls import reverse
from django.utils import translation

from duobiao.customers.tests.factories import token
from duobiao.engagement.queries.brief import brief_of
from duobiao.engagement.tests.factories import plan
from duobiao.needs.actions.voice_need import voice_need
from duobiao.needs.queries.met import notes_for_visit
from duobiao.needs.tests.factories import NOW, TODAY, make_contact, noted, objected, rank, verify

pytestmark = pytest.mark.django_db


def told(deal, *people):
    return {
        key: [(note.title, list(note.lines)) for note in notes]
        for key, notes in notes_for_visit(deal, {person.pk for person in people}).items()
    }


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_each_person_is_told_with_their_own_needs_and_objections(deal, seller, customer):
    chief, buyer, silent = (make_contact(customer, name) for name in ("周建明", "李采购", "王工"))
    must = rank(noted(deal, seller, text="策略自动优化", owner_contact=chief), seller, "P0")
    verify(must, seller, chief, upto=1)
    noted(deal, seller, text="报表自动出", said_by=chief, words="每月做三天")
    noted(deal, seller, text="预测五年", words="", owner_contact=chief)
    voiced = noted(deal, seller, text="换掉旧系统", words="总部要求")
    for person, voice, note in ((chief, "WANTS", ""), (buyer, "OPPOSES", "怕停产")):
        voice_need(need=voiced, contact=person, voice=voice, note=note, actor=seller, now=NOW)
    objected(deal, seller, buyer)

    found = told(deal, chief, buyer, silent)

    assert found[chief.pk] == [
        ("P0 to be verified", ["策略自动优化 (next: Confirm the pain)"]),
        ("Open needs", ["报表自动出", "预测五年 (assumed by us: ask)", "换掉旧系统"]),
    ]
    assert found[buyer.pk] == [
        ("Is against", ["换掉旧系统: 怕停产"]),
        ("Open objections", ["比预算高两成 (next: Listen)"]),
    ]
    assert silent.pk not in found


def test_what_is_confirmed_is_told_no_more(deal, seller, customer):
    chief = make_contact(customer, "周建明")
    need = rank(noted(deal, seller, owner_contact=chief), seller, "P0")

    verify(need, seller, chief)

    assert told(deal, chief) == {}


def test_of_other_deals_and_of_nobody_nothing_is_told(deal, seller, customer):
    chief = make_contact(customer, "周建明")

    assert told(deal) == {}
    assert told(deal, chief) == {}


def test_the_brief_costs_the_same_for_any_number_of_needs(deal, seller, customer, assert_flat_queries):
    chief = make_contact(customer, "周建明")
    noted(deal, seller, owner_contact=chief)
    objected(deal, seller, chief)

    def more():
        for n in range(3):
            noted(deal, seller, text=f"需求{n}", owner_contact=chief)
            objected(deal, seller, chief, text=f"异议{n}")

    assert_flat_queries(visit=lambda: notes_for_visit(deal, {chief.pk}), grow=more)


def test_page_file_and_api_name_people_who_are_not_on_the_chain(client, api, deal, seller, customer):
    chief = make_contact(customer, "周建明")
    noted(deal, seller, text="报表自动出", owner_contact=chief)
    visit = plan(seller, customer, deal, with_=chief).visit
    client.force_login(seller)

    page = client.get(reverse("engagement:visit", args=[visit.ref])).content.decode()
    by_api = api(token(seller)).get(f"/visits/{visit.ref}/brief").json()["people"]
    brief = brief_of(visit, on=TODAY)

    assert "报表自动出" in page
    assert [(person["contact"], person["person"]) for person in by_api] == [(chief.ref, None)]
    assert by_api[0]["notes"][0]["lines"] == ["报表自动出"]
    assert brief.people[0].chain is None
    assert client.get(reverse("engagement:visit_brief", args=[visit.ref])).status_code == 200
