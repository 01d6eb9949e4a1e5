"""A call on a phone, and the pages of calls and visits, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from duobiao.engagement.models import Call
from duobiao.engagement.tests.factories import log, make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.opportunities.models import Proof

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(settings):
    seller = make_user("林晓", unit=make_unit("华东一部"))
    customer = make_customer(seller, "苏北储能科技有限公司", short_name="苏北储能")
    handler = make_contact(customer, "周建明", position="工程部经理", is_handler=True, mobile="138 0512 6627")
    return seller, handler, make_deal(seller, customer, name="200MWh 储能电站能量管理")


def test_a_call_is_saved_on_a_phone_with_five_taps_and_one_sentence(phone, sign_in, story, assert_accessible):
    seller, _handler, deal = story
    sign_in(phone, seller)
    phone.goto(f"/calls/new/?opportunity={deal.ref}")
    assert_accessible(phone)

    phone.locator(".step-nav .btn.p").tap()
    phone.locator("#id_problem").tap()
    phone.keyboard.insert_text("峰谷策略靠人工排，上个月少赚 11 万")
    phone.locator("label.chip:has(input[name=interest][value='4'])").tap()
    phone.locator("label.chip:has(input[name=attitude][value=POSITIVE])").tap()
    expect(phone.locator("#dock-count")).to_have_text("证明 4 项")
    expect(phone.locator(".folded")).to_contain_text("开场共识")
    assert_accessible(phone)
    with phone.expect_navigation():
        phone.locator(".actions.docked [type=submit]").tap()

    call = Call.objects.get()
    assert (call.opportunity, call.interest, call.problem) == (deal, 4, "峰谷策略靠人工排，上个月少赚 11 万")
    assert Proof.objects.filter(source_ref=call.ref).count() == 3


def test_the_panel_follows_while_the_call_is_typed(page, sign_in, story):
    seller, _handler, deal = story
    sign_in(page, seller)
    page.goto(f"/calls/new/?opportunity={deal.ref}")
    expect(page.locator("#proves")).to_contain_text("完成第 1 阶段还差 9 项，1/10")

    page.locator("#id_problem").fill("上个月少赚 11 万")
    page.locator("label.chip:has(input[name=interest][value='4'])").click()
    page.locator("label.chip:has(input[name=meeting_slot])").nth(1).click()
    page.locator("#id_meeting_place").fill("1 号站集控室")

    expect(page.locator("#proves")).to_contain_text("确认会面地点")
    expect(page.locator("#proves")).to_contain_text("『上个月少赚 11 万』，领导知道吗")
    assert page.locator("#id_problem").input_value() == "上个月少赚 11 万"
    assert not Call.objects.exists()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_are_accessible(page, sign_in, story, assert_accessible, theme, live_server):
    seller, handler, deal = story
    now = timezone.now()
    made = log(seller, handler, deal, now=now, meeting_at=now + timedelta(days=1), meeting_place="集控室")
    sign_in(page, seller)
    page.context.add_cookies([{"name": "duobiao_theme", "value": theme, "url": live_server.url}])

    for address in (
        *(
            f"/calls/new/?opportunity={deal.ref}",
            f"/calls/{made.call.ref}/",
            f"/calls/{made.call.ref}/edit/",
            "/calls/",
        ),
        *(f"/visits/{made.visit.ref}/", f"/visits/{made.visit.ref}/record/", f"/visits/new/?opportunity={deal.ref}"),
        *("/visits/", "/calls/new/"),
    ):
        page.goto(address)
        assert_accessible(page)
