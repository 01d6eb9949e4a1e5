"""The account of a deal on one page, by page and API: the decision, the needs, the rivals, from the records."""

import pytest
from django.utils import timezone

from duobiao.competition.tests.factories import placed, reach, rival
from duobiao.identity.commands import create_token
from duobiao.needs.tests.factories import meet, noted, objected, rank, verify
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.stakeholders.queries.chain import load_chain
from duobiao.stakeholders.tests.factories import line, put, saw, won

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit(), language="en")


@pytest.fixture
def deal(seller):
    return make_deal(seller, make_customer(seller, "苏州恒睿"))


def people(deal, seller) -> list:
    """Put a chart of four on the chain; 李伟 sits lowest, and the two above him listen to him."""
    rows = [
        ("陈立群", "FINAL_DECIDER", {"level": "TOP"}),
        ("孙国栋", "INFLUENCER", {}),
        ("刘倩", "GATEKEEPER", {}),
        ("李伟", "USER", {"level": "BASE"}),
    ]
    put_on = [put(deal, make_contact(deal.customer, name), seller, role=role, **more) for name, role, more in rows]
    decider, sun, liu, li = put_on
    for below, above in ((sun, decider), (liu, sun), (li, liu)):
        line(below, above, seller, "FORMAL")
    line(li, decider, seller, strength=2.0)
    line(li, sun, seller, strength=2.0)
    saw(decider, seller, 1)
    saw(sun, seller, -2)
    won(decider, seller, "COMPANY_NEED_PRODUCT")
    return put_on


def summary(client, deal) -> str:
    answer = client.get(f"/opportunities/{deal.ref}/summary/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_empty_deal_says_what_is_not_known(client, seller, deal, api):
    client.force_login(seller)
    page = summary(client, deal)
    held = api(create_token(username=seller.username, now=timezone.now())).get(f"/opportunities/{deal.ref}/summary")

    assert "Nobody was put on the chain yet." in page
    assert "No need is noted yet." in page
    assert held.json()["chain"] is None
    assert held.json()["needs"] == {"total": 0, "p0": 0, "assumed": 0, "open_p0": [], "open_objections": []}


def test_the_account_tells_the_decision_the_needs_and_who_stands_for_a_rival(client, seller, deal, api):
    decider, sun, _liu, li = people(deal, seller)
    contact = decider.contact
    done, half = noted(deal, seller, said_by=contact), noted(deal, seller, text="报表", said_by=contact)
    guessed = noted(deal, seller, text="以后再说", words="")
    for need in (done, half, guessed):
        rank(need, seller)
    meet(done, seller)
    meet(half, seller)
    verify(done, seller, contact)
    verify(half, seller, contact, upto=2)
    objection = objected(deal, seller, sun.contact)
    reach(placed(deal, rival(seller), seller), seller, contact=sun.contact, function="TECHNICAL", depth=3)
    client.force_login(seller)

    page = summary(client, deal)
    held = api(create_token(username=seller.username, now=timezone.now())).get(f"/opportunities/{deal.ref}/summary")

    chain, needs = held.json()["chain"], held.json()["needs"]
    spoken_to = sum(figure.covered for figure in load_chain(deal, on=company_day(timezone.now())).present)
    assert (chain["people"], chain["stances_known"], chain["spoken_to"]) == (4, 2, spoken_to)
    assert chain["decider"] == {"person": decider.ref, "name": "陈立群", "stance": 1}
    assert chain["support_index"] == pytest.approx((5 * 3 * 1 - 3 * 3 * 2) / (2 * (5 * 3 + 3 * 3)))
    assert [row["name"] for row in chain["hidden"]] == ["李伟"]
    assert (needs["total"], needs["p0"], needs["assumed"]) == (3, 3, 1)
    assert [(row["ref"], row["verified_step"]) for row in needs["open_p0"]] == [(half.ref, 2), (guessed.ref, 0)]
    assert [row["ref"] for row in needs["open_objections"]] == [objection.ref]
    assert held.json()["rivals"][0]["supporters"] == ["孙国栋"]
    for words in ("-0.06", "李伟", "2 of 3 P0 open", "比预算高两成", "leans to it: 孙国栋"):
        assert words in page
    assert f"/deal-people/{li.ref}/" in page
    assert f"/needs/{done.ref}/" not in page


def test_the_account_costs_the_same_for_any_number_of_records(client, seller, deal, assert_flat_queries):
    people(deal, seller)
    contact = make_contact(deal.customer, "周建明")
    rank(noted(deal, seller, said_by=contact), seller)
    objected(deal, seller, contact)
    rows = placed(deal, rival(seller), seller)
    reach(rows, seller, contact=contact, function="TECHNICAL")
    client.force_login(seller)

    def grow() -> None:
        for number in range(3):
            more = make_contact(deal.customer, f"新人{number}")
            saw(put(deal, more, seller, role="USER"), seller, 1)
            rank(noted(deal, seller, text=f"需求{number}", said_by=more), seller)
            objected(deal, seller, more)
            reach(rows, seller, contact=more, function="TECHNICAL")

    assert_flat_queries(visit=lambda: summary(client, deal), grow=grow)
