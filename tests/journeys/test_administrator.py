"""An administrator brings somebody in, keeps the organisation in order, and lets somebody go."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import expect

from duobiao.identity.models import Unit, User
from duobiao.opportunities.models import Opportunity
from tests.journeys import deals
from tests.journeys.desk import Desk

NEW_PASSWORD = "changfeng-2026-duobiao"


def test_an_administrator_invites_somebody_and_lets_somebody_go(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    deal = deals.a_deal(people.seller)
    desk = sit(people.administrator, name="administrator")
    desk.go("/admin/")
    desk.look("administration")
    add_a_unit(desk, people)
    link = invite(desk)
    accept(sit(None, name="invited"), link)
    let_go(desk, people)

    deal.refresh_from_db()
    assert deal.owner == people.colleague
    leaver = sit(None, name="leaver")
    leaver.go("/accounts/login/")
    leaver.fill("login", "lin")
    leaver.fill("password", "correct-horse-9")
    leaver.page.get_by_role("button", name="登录", exact=True).click()
    expect(leaver.page.locator("#id_password, [name=password]")).to_be_visible()
    leaver.look("sign-in refused")
    assert Opportunity.objects.get().owner == people.colleague


def add_a_unit(desk: Desk, people: SimpleNamespace) -> None:
    """Add a unit below 华东."""
    desk.go("/admin/units/")
    desk.look("units")
    desk.page.get_by_role("link", name="华东", exact=False).filter(has=desk.page.locator("svg")).first.click()
    form = desk.page.locator("#new form")
    form.locator("[name=name]").fill("华东二部")
    form.locator("[name=parent]").select_option(
        label=next(
            text for text in form.locator("[name=parent] option").all_inner_texts() if text.strip().endswith("华东")
        )
    )
    form.get_by_role("button", name="增加部门").click()
    expect(desk.page.locator(".tree-root")).to_contain_text("华东二部")
    assert Unit.objects.get(name="华东二部").parent == people.east


def invite(desk: Desk) -> str:
    """Open an account; return the link for its owner."""
    desk.go("/admin/users/")
    desk.look("people")
    desk.page.get_by_role("link", name="邀请").click()
    desk.page.wait_for_url("**/invite/")
    desk.look("inviting somebody")
    desk.fill("name", "周启明")
    desk.fill("username", "zhou")
    desk.page.locator("[name=role]").select_option("seller")
    desk.page.get_by_role("button", name="开通账号").click()
    code = desk.page.locator("code.token")
    code.wait_for()
    desk.look("link for somebody invited")
    return code.inner_text().strip()


def accept(desk: Desk, link: str) -> None:
    """Open the link in another browser, set the password, and be in."""
    desk.go(link[link.index("/accounts/") :])
    desk.look("setting the first password")
    for name in ("password1", "password2"):
        desk.fill(name, NEW_PASSWORD)
    desk.page.get_by_role("button", name="设置密码并登录").click()
    desk.page.wait_for_url("**/today/")
    desk.says("周启明")
    assert User.objects.get(username="zhou").check_password(NEW_PASSWORD)


def let_go(desk: Desk, people: SimpleNamespace) -> None:
    """Close an account with a successor for its deals."""
    desk.go(f"/admin/users/{people.seller.ref}/")
    desk.look("an account")
    desk.page.get_by_role("link", name="停用账号").click()
    desk.page.wait_for_url("**/deactivate/")
    desk.look("closing an account")
    desk.fill("successor_words", people.colleague.name)
    desk.page.locator("label").filter(has_text=people.colleague.name).first.click()
    desk.page.get_by_role("button", name="停用并移交").click()
    desk.page.wait_for_url(lambda url: "deactivate" not in url)
    assert not User.objects.get(pk=people.seller.pk).is_active
