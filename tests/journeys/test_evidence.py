"""Evidence that runs out, is waived, or was wrong: the deal says what it stands on, and falls back when that goes."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone
from playwright.sync_api import expect

from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.models import Opportunity, Waiver
from tests.journeys import deals
from tests.journeys.deal_room import DealRoom
from tests.journeys.desk import Desk


def test_interest_that_was_not_renewed_throws_the_deal_back(sit: Callable[..., Desk], people: SimpleNamespace) -> None:
    customer = deals.a_customer(people.seller)
    deal = deals.a_deal(people.seller, customer, now=deals.ago(95))
    deals.proved(deal, 1, actor=people.seller, days_ago=91, skip=("1.S4",))
    deal.refresh_from_db()
    assert (deal.stage_number, deal.state) == (1, "IN_STAGE")
    desk = sit(people.seller, name="expiry")
    desk.go("/today/")
    desk.look("today")

    assert reassess_due(now=timezone.now()) == 1
    room = DealRoom(desk, deal.ref)
    room.open()

    assert room.standing() == ("买方阶段未知，我方待进入第 1 阶段", "0%", "买方未知")
    expect(room.item("客户有兴趣解决自己的问题")).to_contain_text("已过期")
    desk.look("deal room after expiry")
    bell = desk.page.get_by_role("link", name="通知")
    expect(bell.locator(".dot-n")).to_have_text("2")  # where it fell back to, and that nothing was recorded for long
    room.open("history/")
    row = desk.page.locator("table.history tbody tr").first
    expect(row).to_contain_text("到期：客户有兴趣解决自己的问题")
    desk.look("history after expiry")
    desk.go("/notifications/")
    desk.look("notifications")
    desk.page.locator("#notifications button.notice").first.click()
    desk.page.wait_for_url(f"**{room.path}")
    expect(desk.page.get_by_role("link", name="通知").locator(".dot-n")).to_have_text("1")


def test_a_waiver_moves_the_stage_but_not_the_rate_until_it_ends(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    deal = deals.a_deal(people.seller)
    deals.proved(deal, 1, 2, actor=people.seller, skip=("2.S2",))
    seller = sit(people.seller, name="waiver-seller")
    room = DealRoom(seller, deal.ref)
    ask_for_a_waiver(room)
    approve_on_the_own_screen(sit(people.manager, name="waiver-manager"))

    room.open()
    assert room.standing() == ("买方已到第 1 阶段，我方待进入第 3 阶段", "5%\n证据补齐后 10%", "领先")
    expect(seller.page.locator("#two-track li[data-n='2'] .tt-r s")).to_have_text("10%")
    seller.says("放行不计")
    seller.look("deal room on a waiver")

    assert reassess_due(now=timezone.now() + timedelta(days=8)) >= 1
    deal.refresh_from_db()
    assert (deal.stage_number, deal.state) == (2, "IN_STAGE")
    room.open("history/")
    row = seller.page.locator("table.history tbody tr").first
    expect(row).to_have_class("back")
    expect(row).to_contain_text("约定初步方案的内容范围与提交时间")
    seller.look("history after a waiver")


def ask_for_a_waiver(room: DealRoom) -> None:
    """Ask from the page of the stage, with a reason and a last day a week away."""
    desk = room.desk
    room.open("stages/2/")
    desk.look("items of a stage")
    gate = desk.page.locator(".gate").filter(has_text="约定初步方案的内容范围与提交时间").first
    gate.get_by_role("link", name="申请放行").click()
    desk.dialog.wait_for()
    desk.fill("reason", "范围已口头谈定，客户下周三发函", within=desk.dialog)
    desk.fill("expires_on", (timezone.localdate() + timedelta(days=7)).isoformat(), within=desk.dialog)
    desk.look("asking for a waiver")
    desk.dialog.get_by_role("button", name="提交申请").click()
    expect(desk.dialog).to_have_count(0)
    room.open()
    desk.says("林晓申请放行：约定初步方案的内容范围与提交时间")
    assert room.standing().sentence == "买方已到第 1 阶段，我方在第 2 阶段"
    assert Waiver.objects.get().is_pending


def approve_on_the_own_screen(desk: Desk) -> None:
    """Find the request on Today and approve it there."""
    desk.go("/today/")
    desk.look("today of a manager")
    desk.page.get_by_role("link", name="约定初步方案的内容范围与提交时间").last.click()
    desk.dialog.wait_for()
    desk.look("deciding on a waiver")
    desk.dialog.get_by_role("button", name="批准", exact=True).click()
    expect(desk.dialog).to_have_count(0)
    expect(desk.page.locator("#main")).to_contain_text("没有等你处理的")


def test_what_a_wrongly_typed_call_proved_follows_its_correction(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    customer = deals.a_customer(people.seller)
    handler = deals.a_handler(customer)
    deal = deals.a_deal(people.seller, customer)
    call = deals.a_call(people.seller, handler, deal).call
    desk = sit(people.seller, name="correction")
    room = DealRoom(desk, deal.ref)
    room.open()
    assert room.missing() == ["邀约客户符合目标客户选择标准"]
    desk.go(f"/calls/{call.ref}/")
    desk.look("call with what it proves")

    desk.page.get_by_role("link", name="更正").click()
    desk.page.wait_for_url("**/edit/")
    desk.choose("was_handler", "no")
    expect(desk.page.locator("#proves")).to_contain_text("对方不是经手人，通话会保存，但不能证明约见")
    desk.look("correcting a call")
    desk.page.get_by_role("button", name="保存更正").click()
    desk.page.wait_for_url(lambda url: not url.endswith("/edit/"))
    room.open()

    assert len(room.missing()) == 7
    assert room.item("与经手人确认会面时间").get_attribute("data-verdict") == "MISSING"
    assert Opportunity.objects.get(ref=deal.ref).proofs.filter(retraction=None).count() < 9
    desk.look("deal room after a correction")
