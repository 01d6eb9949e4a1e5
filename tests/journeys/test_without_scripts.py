"""With JavaScript switched off a seller still works."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import expect

from duobiao.identity.tests.factories import PASSWORD
from duobiao.opportunities.models import Opportunity
from tests.journeys.desk import Desk


def test_a_seller_works_without_javascript(sit: Callable[..., Desk], people: SimpleNamespace) -> None:
    desk = sit(None, name="no-scripts", java_script_enabled=False)
    page = desk.page
    sign_in_by_hand(desk)
    page.goto("/opportunities/new/")
    desk.fill("name", "盛泰三号站储能 EMS")
    desk.fill("customer_name", "盛泰新能源有限公司")
    desk.fill("amount", "860")
    page.get_by_role("button", name="建立项目").click()
    page.get_by_text("新建客户「盛泰新能源有限公司」").click()
    page.get_by_role("button", name="建立项目").click()
    page.wait_for_url("**/opportunities/P-*/")
    deal = Opportunity.objects.get(name="盛泰三号站储能 EMS")

    page.locator("#gap a[href*='/calls/new/']").first.click()
    log_a_call(desk)
    page.wait_for_url(f"**/opportunities/{deal.ref}/")
    desk.says("我方在第 1 阶段")

    page.locator("#gap .gate.todo a.btn").first.click()
    page.wait_for_url("**/assess/**")
    desk.give_highest()
    page.wait_for_url(f"**/opportunities/{deal.ref}/")
    desk.says("我方待进入第 2 阶段", "5%")

    page.goto("/pipeline/list/")
    page.locator("input[name=q][form='list-filters'], #list-filters input[name=q]").first.fill("不存在的项目")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).not_to_contain_text("盛泰三号站储能 EMS")


def sign_in_by_hand(desk: Desk) -> None:
    """Fill in the sign-in form."""
    desk.page.goto("/")
    desk.fill("login", "lin")
    desk.fill("password", PASSWORD)
    desk.page.get_by_role("button", name="登录", exact=True).click()
    desk.page.wait_for_url("**/today/")


def log_a_call(desk: Desk) -> None:
    """Fill in all that matters of a call; the three steps stand one below the other."""
    desk.choose("opened_with_consent", "yes")
    desk.fill("new_name", "周建明")
    desk.choose("was_handler", "yes")
    desk.fill("problem", "峰谷策略靠人工排，上月少赚 11 万")
    desk.choose("interest", "4")
    desk.choose("attitude", "POSITIVE")
    desk.page.locator("label:has([name=meeting_slot])").nth(1).click()
    desk.fill("meeting_place", "集控室")
    desk.fill("meeting_topic", "峰谷策略")
    desk.page.get_by_role("button", name="保存电话记录").click()
