"""A phone loses the network in the middle of a call record: nothing typed is lost."""

from collections.abc import Callable
from types import SimpleNamespace

from playwright.sync_api import expect

from duobiao.engagement.models import Call
from tests.journeys import deals
from tests.journeys.desk import Desk


def test_a_draft_outlives_a_lost_network_and_is_saved_once(sit: Callable[..., Desk], people: SimpleNamespace) -> None:
    customer = deals.a_customer(people.seller)
    deals.a_handler(customer)
    deal = deals.a_deal(people.seller, customer)
    phone = sit(people.seller, phone=True, name="offline")
    page = phone.page
    phone.go(f"/calls/new/?opportunity={deal.ref}")
    page.locator("label:has([name=opened_with_consent][value=yes])").tap()
    page.locator(".step-nav .btn.p").tap()
    phone.fill("problem", "电梯里记的：换型停机 4 小时")
    page.locator("label:has([name=interest][value='4'])").tap()

    page.context.set_offline(True)
    page.locator(".actions button[type=submit]").tap()
    note = page.locator("[data-draft-note]").first
    expect(note).to_contain_text("已存为草稿，联网后再提交")
    expect(page.locator(".actions button[type=submit]")).to_be_enabled()
    assert not Call.objects.exists()

    page.context.set_offline(False)
    page.reload()
    expect(page.locator("form .note[role=status]").first).to_contain_text("草稿")
    expect(page.locator("[name=problem]")).to_have_value("电梯里记的：换型停机 4 小时")
    assert page.locator("[name=interest][value='4']").is_checked()
    phone.look("draft restored on a phone")
    page.locator(".actions button[type=submit]").tap()
    page.wait_for_url(f"**/opportunities/{deal.ref}/")

    assert Call.objects.get().problem == "电梯里记的：换型停机 4 小时"
    phone.go(f"/calls/new/?opportunity={deal.ref}")
    expect(page.locator("[name=problem]")).to_have_value("")
