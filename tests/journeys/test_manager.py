"""A manager looks over the team's deals: board, list, views, change of owner, files to take away."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import expect

from duobiao.opportunities.models import Opportunity, SavedView
from tests.journeys import deals
from tests.journeys.desk import Desk

PROJECTS = [
    ("恒瑞精密制造有限公司", "恒瑞二期 MES 与产线集成", 1280),
    ("盛泰新能源有限公司", "盛泰三号站储能 EMS", 860),
    ("苏北水务集团", "苏北水务调度平台", 2400),
    ("临港化工园区", "临港园区安全监测", 540),
]


def test_a_manager_looks_over_the_team_and_takes_the_figures_away(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    for customer, name, amount in PROJECTS:
        deals.a_deal(people.seller, deals.a_customer(people.seller, customer), name=name, amount=deals.wan(amount))
    late = Opportunity.objects.get(name="苏北水务调度平台")
    deals.proved(late, 1, 2, actor=people.seller)
    desk = sit(people.manager, name="manager")
    look_into_a_card(desk, late)
    filter_and_keep_a_view(desk)
    hand_over_two(desk, people)
    take_away(desk)


def look_into_a_card(desk: Desk, deal: Opportunity) -> None:
    """On the board, a card shows what its next gate lacks."""
    desk.go("/pipeline/")
    desk.look("board")
    desk.says("4 个", "¥5,080 万")
    card = desk.page.locator("#lane-2 a.deal")
    expect(card).to_contain_text(deal.name)
    card.click()
    desk.dialog.wait_for()
    desk.look("what a card lacks")
    expect(desk.dialog).to_contain_text("进入第 3 阶段")
    desk.page.keyboard.press("Escape")


def filter_and_keep_a_view(desk: Desk) -> None:
    """Filter the list by amount, sort it, keep it as a view, and find it again."""
    page = desk.page
    page.locator(".bar a").filter(has_text="列表").click()
    page.wait_for_url("**/pipeline/list/**")
    desk.look("list")
    names = page.locator("table.deals tbody th a")
    expect(names).to_have_count(4)
    page.get_by_role("link", name="金额").click()
    expect(names.first).not_to_have_text("苏北水务调度平台")
    page.get_by_role("link", name="金额").click()
    expect(names.first).to_have_text("苏北水务调度平台")
    page.locator("#filter-amount").fill("800")
    page.locator("#filter-amount").press("Enter")
    expect(names).to_have_count(3)
    expect(page.locator("table.deals tfoot")).to_contain_text("4,540")

    page.locator("details.views summary").click()
    page.get_by_role("link", name="存为视图").click()
    desk.dialog.wait_for()
    desk.fill("name", "八百万以上", within=desk.dialog)
    desk.look("keeping a view")
    desk.dialog.get_by_role("button", name="保存视图").click()
    page.wait_for_url("**view=*")
    expect(names).to_have_count(3)
    assert SavedView.objects.get().name == "八百万以上"
    desk.go("/pipeline/list/")
    page.locator("details.views summary").click()
    page.locator("details.views a").filter(has_text="八百万以上").click()
    expect(names).to_have_count(3)


def hand_over_two(desk: Desk, people: SimpleNamespace) -> None:
    """Tick two deals and give them to another seller."""
    page = desk.page
    for name in ("恒瑞二期 MES 与产线集成", "盛泰三号站储能 EMS"):
        page.get_by_role("checkbox", name=name).check()
    page.locator(".bulk button").filter(has_text="换负责人").first.click()
    desk.dialog.wait_for()
    desk.look("changing the owner of several deals")
    desk.dialog.get_by_role("searchbox").fill(people.colleague.name[:1])
    desk.dialog.get_by_role("radio", name=people.colleague.name).check()
    desk.dialog.get_by_role("button", name="移交 2 个项目").click()
    expect(page.locator("#toasts")).to_contain_text("2")
    owners = Opportunity.objects.filter(owner=people.colleague).values_list("name", flat=True)
    assert set(owners) == {"恒瑞二期 MES 与产线集成", "盛泰三号站储能 EMS"}


def take_away(desk: Desk) -> None:
    """Take the list away as a workbook and as CSV."""
    desk.go("/pipeline/list/")
    for label, ending in (("Excel 工作簿", ".xlsx"), ("CSV 文件", ".csv")):
        desk.page.locator("details.menu summary").filter(has_text="导出").click()
        with desk.page.expect_download() as waiting:
            desk.page.get_by_role("link", name=label).click()
        taken = waiting.value
        assert taken.suggested_filename.endswith(ending)
        if ending == ".csv":
            rows = taken.path().read_text(encoding="utf-8-sig").splitlines()
            assert len(rows) == 5
    desk.go("/pipeline/funnel/")
    desk.look("funnel")
