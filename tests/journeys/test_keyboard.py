"""Work without a mouse, and the accidents of a hand: double clicks, the back button, two people at once."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import Locator, Page, expect

from duobiao.opportunities.models import Opportunity, Proof
from tests.journeys import deals
from tests.journeys.deal_room import DealRoom
from tests.journeys.desk import Desk


def focused(page: Page, what: str) -> str:
    """Return an attribute of the element that has the focus."""
    return str(page.evaluate(f"document.activeElement.getAttribute('{what}')"))


def test_the_keyboard_finds_a_deal_by_two_characters_and_works_in_it(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    deals.a_deal(people.seller, name="盛泰三号站储能 EMS", customer=deals.a_customer(people.seller, "盛泰新能源"))
    deal = deals.a_deal(people.seller)
    desk = sit(people.seller, name="keyboard")
    page = desk.page
    desk.go("/today/")

    page.keyboard.press("Tab")
    assert focused(page, "href") == "#main"
    page.keyboard.press("Enter")
    assert focused(page, "id") == "main"

    page.keyboard.press("Control+k")
    page.keyboard.type("恒瑞")
    expect(page.locator("#palette-found [role=option]").filter(has_text=deal.name)).to_have_count(1)
    expect(page.locator("#palette-found")).not_to_contain_text("盛泰")
    desk.look("palette")
    options = page.locator("#palette-found [role=option]")
    while deal.name not in options.filter(has=page.locator(":scope[aria-selected=true]")).first.inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/opportunities/{deal.ref}/")

    page.keyboard.press("?")
    expect(desk.dialog).to_contain_text("键盘")
    desk.look("keyboard help")
    page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)
    opener = page.locator(".deal-hd a[href$='/proofs/new/']:visible")
    opener.focus()
    page.keyboard.press("Enter")
    desk.dialog.wait_for()
    for _step in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_double_click_and_the_back_button_leave_one_record(sit: Callable[..., Desk], people: SimpleNamespace) -> None:
    deal = deals.a_deal(people.seller)
    desk = sit(people.seller, name="double")
    page = desk.page
    desk.go("/pipeline/")
    desk.go(f"/opportunities/{deal.ref}/stages/1/")
    room = DealRoom(desk)
    room.supply_otherwise("邀约客户符合目标客户选择标准")
    desk.look("proof dialog")
    desk.fill("quote", "评估表 82 分", within=desk.dialog)
    room.save(Twice(desk.dialog.locator("#proof-save button")))
    assert Proof.objects.count() == 1

    page.go_back()
    page.wait_for_url("**/pipeline/**")
    page.go_forward()
    page.wait_for_url(f"**{room.path}stages/1/")
    assert desk.page.locator("#dialog[open]").count() == 0
    assert Proof.objects.count() == 1

    desk.go("/opportunities/new/")
    desk.fill("name", "二期扩建")
    desk.fill("customer_name", "恒瑞")
    page.locator("label.opt-row").filter(has_text="恒瑞精密").click()
    page.get_by_role("button", name="建立项目").dblclick()
    page.wait_for_url("**/opportunities/P-*/")
    page.go_back()
    assert Opportunity.objects.filter(name="二期扩建").count() == 1


class Twice:
    """A button that is pressed twice in a row."""

    def __init__(self, button: Locator) -> None:
        self.button = button

    def click(self) -> None:
        """Double-click."""
        self.button.dblclick()


def test_two_people_who_edit_the_same_deal_choose_between_both_versions(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    deal = deals.a_deal(people.seller)
    mine, theirs = sit(people.seller, name="conflict-mine"), sit(people.manager, name="conflict-theirs")
    rooms = [DealRoom(mine, deal.ref), DealRoom(theirs, deal.ref)]
    for room in rooms:
        room.open()
        room.from_menu("修改")
    mine.look("editing a deal")
    theirs.fill("amount", "1350", within=theirs.dialog)
    rooms[1].save(theirs.dialog.locator(".actions button[type=submit]"))
    mine.fill("amount", "1300", within=mine.dialog)
    mine.fill("description", "含 MES 与追溯", within=mine.dialog)
    mine.dialog.locator(".actions button[type=submit]").click()

    conflict = mine.dialog.locator("table.conflict")
    expect(conflict.locator("tr.changed")).to_have_count(2)
    expect(mine.dialog).to_contain_text("陈立")
    for words in ("1300 万", "1350 万"):
        expect(conflict).to_contain_text(words)
    mine.look("conflict")
    conflict.locator("label:has([name=keep_amount][value=theirs])").click()
    rooms[0].save(mine.dialog.locator(".actions button[type=submit]"))

    deal.refresh_from_db()
    assert (deal.amount.amount, deal.description) == (13_500_000, "含 MES 与追溯")
