"""An administrator clones a playbook, changes it, publishes it, and the next deal is opened by it."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import expect

from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from tests.journeys import deals
from tests.journeys.desk import Desk


def test_an_administrator_clones_changes_and_publishes_a_playbook(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    before = deals.a_deal(people.seller)
    desk = sit(people.administrator, name="studio")
    clone(desk)
    change(desk)
    publish(desk)

    after = deals.a_deal(people.seller, name="太湖新材二期")
    assert (before.playbook.version, after.playbook.version) == (1, 2)
    assert Opportunity.objects.get(pk=before.pk).playbook.version == 1
    assert PlaybookVersion.objects.get(key="project-sales-8", version=2).document["rates"][6] == 68


def clone(desk: Desk) -> None:
    """Clone the standard playbook in the dialog."""
    desk.go("/playbooks/")
    desk.look("playbook with its map")
    desk.page.get_by_role("link", name="克隆为草稿").click()
    expect(desk.dialog).to_be_visible()
    desk.look("cloning a playbook")
    desk.dialog.get_by_role("button", name="打开草稿").click()
    desk.page.wait_for_url("**/playbooks/drafts/**")
    desk.look("draft of a playbook")


def change(desk: Desk) -> None:
    """Change the rate after stage 6, first wrongly; raise the grade of an item; add a control point."""
    desk.page.get_by_role("link", name="成功率", exact=True).click()
    desk.fill("rate_6", "40")
    desk.page.get_by_role("button", name="保存成功率").click()
    desk.says("成功率 40 不高于前面的 50")
    desk.look("draft with a problem")
    desk.page.locator(".note.warn li a").click()
    desk.fill("rate_6", "68")
    desk.page.get_by_role("button", name="保存成功率").click()
    expect(desk.page.locator("#main")).not_to_contain_text("不能发布")
    desk.page.get_by_role("link", name="4 方案演示与技术交流").click()
    desk.page.locator("#stage").get_by_role("link", name="客户认可演示与交流").click()
    desk.page.locator("[name=a0-min_grade]").select_option("BUYER_CONFIRMED")
    desk.look("editing an item")
    desk.page.get_by_role("button", name="保存这一项").click()
    desk.page.wait_for_url("**stage=4**")
    desk.page.locator("#control_points").get_by_role("link").click()
    desk.fill("title_zh", "技术交流评审")
    desk.fill("title_en", "Review of the exchange")
    desk.fill("key", "ATI")
    desk.look("editing a control point")
    desk.page.get_by_role("button", name="保存", exact=True).click()
    desk.page.wait_for_url("**stage=4**")
    expect(desk.page.locator(".pb-row .pip.ctl")).to_have_text("ATI")


def publish(desk: Desk) -> None:
    """Look at what differs, publish, and compare both versions."""
    desk.page.get_by_role("link", name="校验并发布").click()
    desk.says("第 6 阶段后的成功率", "68%", "客户认可演示与交流", "控制点 ATI")
    desk.look("publishing a playbook")
    desk.page.get_by_role("button", name="发布第 2 版").click()
    desk.page.wait_for_url("**/playbooks/project-sales-8/2/")
    desk.page.get_by_role("button", name="比较").click()
    desk.page.wait_for_url("**/compare/**")
    desk.says("修改")
    desk.look("comparing two versions")
    desk.go("/playbooks/studio/")
    desk.look("studio")
    assert PlaybookDraft.objects.get().published is not None
