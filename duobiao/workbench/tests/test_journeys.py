"""A deal from nothing to signed, through the forms alone: a direct purchase and an open tender."""

import re

import pytest
from django.utils import timezone

from duobiao.opportunities.models import Opportunity, Proof
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.playbooks.domain.model import Kind, Method
from duobiao.playbooks.queries import compiled_playbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit(), language="en")


@pytest.fixture
def page(client, seller):
    client.force_login(seller)
    return client


def post(page, path, **fields):
    answer = page.post(path, {"happened_on": timezone.localdate().isoformat(), **fields})
    assert answer.status_code == 303, re.sub(r"\s+", " ", answer.content.decode())[:2000]
    return answer


def work_through(page, deal, method: Method, stages, *, quote: str) -> list[tuple[int, int, int]]:
    """Supply every gating item of some stages by its form; returns where the deal stood after each stage."""
    compiled, standing = compiled_playbook(deal.playbook_id), []
    for stage in stages:
        for item in compiled.playbook.items:
            if item.stage == stage and item.gates and item.applies_to(method):
                supply(page, deal, item, method, quote=quote)
        deal.refresh_from_db()
        standing.append((deal.stage_number, deal.completed_stage, deal.rate_percent))
    return standing


def supply(page, deal, item, method: Method, *, quote: str) -> None:
    key = item.accepts_under(method)[0].evidence
    if Proof.objects.filter(opportunity=deal, key=key, retracted_on=None).exists():
        return
    fields = {"key": key, "quote": f"{quote}: {item.key}"}
    if key == "procurement.method_known":
        post(page, f"/opportunities/{deal.ref}/purchase-method/", method=str(method), **fields)
    else:
        post(page, f"/opportunities/{deal.ref}/proofs/new/?item={item.key}", **fields)


def test_a_direct_purchase_goes_from_nothing_to_won(page, seller):
    deal = make_deal(seller, make_customer(seller, "Hengrui"), now=timezone.now())
    post(
        page,
        f"/opportunities/{deal.ref}/purchase-method/",
        key="procurement.method_known",
        method="DIRECT",
        quote="letter",
    )

    standing = work_through(page, deal, Method.DIRECT, range(1, 9), quote="on paper")

    assert standing == [
        (1, 1, 5),
        (2, 2, 10),
        (3, 3, 25),
        (4, 4, 30),
        (5, 5, 50),
        (6, 6, 75),
        (7, 7, 90),
        (8, 8, 100),
    ]
    answer = page.post(
        f"/opportunities/{deal.ref}/close/",
        {"outcome": "WON", "reason": "VALUE", "on": timezone.localdate().isoformat()},
    )
    assert answer.status_code == 303
    held = Opportunity.objects.get()
    assert (held.outcome, held.state, held.buyer_stage) == ("WON", "COMPLETED", 8)
    text = page.get(f"/opportunities/{deal.ref}/").content.decode()
    assert "Won, with 8 stages completed" in text


def test_an_open_tender_goes_from_nothing_to_won_with_the_buyer_ahead(page, seller):
    deal = make_deal(seller, make_customer(seller, "Hengrui"), now=timezone.now())
    contact = make_contact(deal.customer)
    work_through(page, deal, Method.OPEN_TENDER, [1, 2, 3], quote="on paper")
    buyer = f"/opportunities/{deal.ref}/buyer/"

    post(page, buyer, key="procurement.tender_notice_published", quote="no. ZH-911")
    text = page.get(f"/opportunities/{deal.ref}/").content.decode()
    assert "The buyer is in stage 5; we are about to enter stage 4" in text
    assert "1 stage behind" in text

    post(
        page,
        f"/opportunities/{deal.ref}/purchase-method/",
        key="procurement.method_known",
        method="OPEN_TENDER",
        quote="the notice says so",
    )
    work_through(page, deal, Method.OPEN_TENDER, [4, 5], quote="on paper")
    deal.refresh_from_db()
    assert (deal.completed_stage, deal.rate_percent) == (5, 50)
    post(
        page,
        buyer,
        key="procurement.award_notice_received",
        quote="award notice",
        contact=contact.ref,
        channel="LETTER",
    )
    deal.refresh_from_db()
    assert (deal.settled_through, deal.completed_stage, deal.rate_percent) == (6, 6, 75)
    work_through(page, deal, Method.OPEN_TENDER, [7, 8], quote="on paper")
    answer = page.post(
        f"/opportunities/{deal.ref}/close/",
        {"outcome": "WON", "reason": "TECHNICAL_WON", "on": timezone.localdate().isoformat()},
    )

    assert answer.status_code == 303
    held = Opportunity.objects.get()
    assert (held.outcome, held.completed_stage, held.rate_percent) == ("WON", 8, 100)
    history = page.get(f"/opportunities/{deal.ref}/history/").content.decode()
    assert "75% → 90%" in history


def test_every_milestone_of_every_method_has_a_form_that_opens(page, seller):
    deal = make_deal(seller, now=timezone.now())
    items = [item for item in compiled_playbook(deal.playbook_id).playbook.items if item.kind is Kind.M]

    for item in items:
        answer = page.get(f"/opportunities/{deal.ref}/proofs/new/?item={item.key}")
        assert answer.status_code in (200, 302), item.key
