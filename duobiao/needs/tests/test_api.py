"""Needs and objections over the API: the same answers and refusals as the pages."""

import pytest
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.needs.models import Need
from duobiao.needs.tests.factories import everything, make_contact, make_customer, make_user, noted, objected, rank

pytestmark = pytest.mark.django_db
WORDS = {"text": "策略自动", "level": "BUSINESS", "layer": "SURFACE", "words": "靠人工排"}


@pytest.fixture
def mine(api, seller):
    return api(create_token(username=seller.username, now=timezone.now()))


def test_a_need_is_noted_read_ranked_and_verified(mine, deal, handler):
    made = mine.post(
        f"/opportunities/{deal.ref}/needs",
        {**WORDS, "said_by": handler.ref, "inaction": {"amount_minor": 1_100_000, "currency": "CNY"}},
    )
    assert made.status_code == 201
    ref = made.json()["ref"]

    assert mine.post(f"/needs/{ref}/rank", {"version": 1, "priority": "P0"}).json()["version"] == 2
    done = mine.post(f"/needs/{ref}/verify", {"version": 2, "step": 1, "note": "复述"})
    assert (done.status_code, done.json()["verified_step"]) == (200, 1)
    twice = mine.post(f"/needs/{ref}/verify", {"version": 3, "step": 1, "note": "复述"})
    assert (twice.status_code, twice.json()["code"]) == (409, "step_done")
    ahead = mine.post(f"/needs/{ref}/verify", {"version": 3, "step": 3, "note": "复述", "kpi": "1"})
    assert (ahead.status_code, ahead.json()["code"]) == (409, "step_out_of_order")

    tree = mine.get(f"/opportunities/{deal.ref}/needs").json()
    assert (tree["needs"][0]["number"], tree["needs"][0]["answer"], tree["must_haves"]["total"]) == ("1", "OPEN", 1)
    assert tree["needs"][0]["inaction"] == {"amount_minor": 1_100_000, "currency": "CNY"}


def test_what_cannot_be_names_its_field_and_changes_nothing(mine, deal, seller, need):
    foreigner = make_contact(make_customer(seller), "外人")
    before = everything()
    address = f"/opportunities/{deal.ref}/needs"

    for body, field in (
        ({**WORDS, "words": "话" * 10_000}, "words"),
        ({**WORDS, "said_by": foreigner.ref}, "said_by"),
        ({**WORDS, "said_by": "K-NOBODY"}, "said_by"),
        ({**WORDS, "parent": "ND-NOTHING"}, "parent"),
        ({**WORDS, "level": "FIFTH"}, "level"),
        ({**WORDS, "severity": 9}, "severity"),
        ({**WORDS, "source": {"kind": "call", "ref": "Q-NOTHING"}}, "source"),
    ):
        refused = mine.post(address, body)
        assert (refused.status_code, list(refused.json()["fields"])) == (422, [field]), body
    stale = mine.patch(f"/needs/{need.ref}", {"version": 9, "impact": "x"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert everything() == before


def test_what_is_left_out_of_a_change_stays(mine, need):
    changed = mine.patch(f"/needs/{need.ref}", {"version": 1, "impact": "少赚"})

    assert changed.status_code == 200
    held = Need.objects.get()
    assert (held.impact, held.words, held.inaction_minor) == ("少赚", need.words, need.inaction_minor)
    mine.patch(f"/needs/{need.ref}", {"version": 2, "inaction": None})
    assert Need.objects.get().inaction_minor is None


def test_the_requirements_are_confirmed_by_an_address_that_the_answer_holds(mine, deal, seller, need, handler):
    rank(need, seller, "P0")
    paper = mine.post(f"/opportunities/{deal.ref}/requirements").json()

    asked = mine.post(f"/requirements/{paper['ref']}/request-confirmation", {"contact": handler.ref})

    assert asked.status_code == 201
    assert "/c/dbl_" in asked.json()["url"]
    rows = mine.get(f"/requirements/{paper['ref']}/confirmations").json()
    assert [(row["standing"], row["contact"]) for row in rows] == [("WAITING", handler.ref)]


def test_the_matrix_says_who_wants_what_and_what_answers_it(mine, deal, need, handler):
    module = mine.post(f"/opportunities/{deal.ref}/solution-modules", {"name": "策略引擎"}).json()["ref"]
    mine.put(f"/needs/{need.ref}/voices", {"contact": handler.ref, "voice": "OPPOSES"})
    mine.put(f"/needs/{need.ref}/solution", {"version": 1, "fit": "FULL", "modules": {module: "CUSTOM"}})

    found = mine.get(f"/opportunities/{deal.ref}/needs/matrix").json()

    assert found["voices"] == {need.ref: {handler.ref: "OPPOSES"}}
    assert found["answers"] == {need.ref: {module: "CUSTOM"}}
    assert (found["idle"], found["unanswered"]) == ([], [])


def test_an_objection_is_closed_by_the_customer_alone(mine, deal, seller, handler):
    ref = objected(deal, seller, handler).ref
    for step in range(1, 5):
        done = mine.post(f"/objections/{ref}/answer", {"version": step, "step": step, "note": "说明"})
        assert done.status_code == 200
    alone = mine.post(f"/objections/{ref}/answer", {"version": 5, "step": 5, "note": "说明"})
    assert (alone.status_code, list(alone.json()["fields"])) == (422, ["contact"])

    body = {"version": 5, "step": 5, "note": "行", "contact": handler.ref, "channel": "PHONE"}
    closed = mine.post(f"/objections/{ref}/answer", body)

    assert closed.json()["closed"] is True


def test_who_only_reads_is_refused_and_a_stranger_finds_nothing(api, deal, seller, stranger, unit):
    need = noted(deal, seller)
    reader = api(create_token(username=make_user("董事", role=Role.EXECUTIVE, unit=unit).username, now=timezone.now()))
    foreign = api(create_token(username=stranger.username, now=timezone.now()))

    assert reader.get(f"/needs/{need.ref}").status_code == 200
    assert reader.post(f"/needs/{need.ref}/rank", {"version": 1, "priority": "P0"}).status_code == 403
    assert foreign.get(f"/needs/{need.ref}").status_code == 404
    assert foreign.get(f"/opportunities/{deal.ref}/objections").status_code == 404
