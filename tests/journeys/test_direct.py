"""A direct purchase: the customer's own letter settles what lies behind, and the contract follows."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import expect

from duobiao.opportunities.models import Opportunity
from tests.journeys import deals
from tests.journeys.deal_room import DealRoom
from tests.journeys.desk import Desk

LETTER = "苏水函〔2026〕8 号：确定贵司为本项目唯一供应商"


def test_a_direct_purchase_is_settled_by_the_customers_own_letter_and_signed(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    desk = sit(people.seller, name="direct")
    desk.go("/opportunities/new/")
    desk.look("new deal on a page of its own")
    desk.fill("name", "苏北水务调度平台")
    desk.fill("customer_name", "苏北水务集团")
    desk.page.get_by_text("新建客户「苏北水务集团」").wait_for()
    desk.page.locator("[name=purchase_method]").select_option("DIRECT")
    desk.page.get_by_role("button", name="建立项目").click()
    desk.page.wait_for_url("**/opportunities/P-*/")
    room = DealRoom(desk)
    deal = Opportunity.objects.get(ref=room.ref)
    director = deals.a_handler(deal.customer, "李建国")
    deals.proved(deal, 1, 2, 3, actor=people.seller)
    room.open()
    assert room.standing().rate == "25%"

    room.from_menu("记买方动作")
    promise = room.prove(LETTER, key="procurement.preferred_supplier_named", told_by=director.ref)
    assert promise == "保存，完成第 5 阶段"
    assert room.standing() == ("买方已到第 6 阶段，我方待进入第 6 阶段", "50%", "同步")
    expect(desk.page.locator("#two-track .tt-no .nd.sett")).to_have_count(2)
    desk.look("settled deal")

    room.from_menu("记买方动作")
    promise = room.prove("合同 SB-2026-08 双方盖章，原件两份", key="contracts.signed_by_both", told_by=director.ref)
    assert promise == "保存，进入第 8 阶段"
    for title in room.missing():
        room.supply(title)
        room.prove(f"{title}，见附件第 3 页")
    room.close_as_won()

    deal.refresh_from_db()
    assert (deal.outcome, deal.rate_percent, deal.settled_through) == ("WON", 100, 7)
