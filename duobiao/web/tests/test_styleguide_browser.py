"""The style guide in a real browser: accessible, within its width, quiet under the strict policy."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, Page, expect

from duobiao.web import registry
from duobiao.web.context import THEME_COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGE_COOKIE = "duobiao_language"


@pytest.fixture
def open_guide(
    browser_context: Callable[..., BrowserContext], sign_in: Callable[[Page, Any], None], live_server: Any
) -> Callable[..., Page]:
    """Open the style guide as somebody who may see it."""
    registry.set_permission_checker(lambda _user, verb: verb == "web.styleguide")
    registry.register_search("web:more")
    user = get_user_model().objects.create_user(username="judge")

    def opened(width: int, theme: str, language: str) -> Page:
        context = browser_context(viewport={"width": width, "height": 900})
        context.add_cookies(
            [
                {"name": THEME_COOKIE, "value": theme, "url": live_server.url},
                {"name": LANGUAGE_COOKIE, "value": language, "url": live_server.url},
            ]
        )
        page = context.new_page()
        sign_in(page, user)
        page.goto("/styleguide/")
        return page

    return opened


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [
        (1440, "light", "zh-hans"),
        (1440, "dark", "en"),
        (1024, "light", "zh-hant"),
        (390, "light", "zh-hans"),
        (390, "dark", "en"),
    ],
)
def test_the_style_guide_is_accessible_and_fits(open_guide, assert_accessible, width, theme, language):
    page = open_guide(width, theme, language)

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme


def test_the_keyboard_reaches_search_help_and_the_stages(open_guide):
    page = open_guide(1440, "light", "zh-hans")

    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('palette').open")
    page.keyboard.press("?")
    page.wait_for_selector("#dialog[open] kbd")
    page.keyboard.press("Escape")
    page.locator("#track-1 a.nd").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("买方第 2 阶段")


def test_the_theme_changes_at_once_and_stays(open_guide):
    page = open_guide(1440, "light", "zh-hans")

    page.locator("details.menu > summary").first.click()
    with page.expect_response("**/theme/"):
        page.locator("button[name=theme][value=dark]").first.click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_tracks_turn_upright_on_a_phone(open_guide):
    page = open_guide(390, "light", "zh-hans")

    boxes = [page.locator("#track-1 a.nd").nth(n).bounding_box() for n in (0, 8, 7, 15)]

    assert boxes[0]["x"] < boxes[1]["x"]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 8
    assert boxes[2]["y"] - boxes[0]["y"] >= 7 * 52 - 8
