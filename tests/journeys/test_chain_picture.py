"""The picture of a decision chain as an editor: moved, zoomed and drawn on with mouse and keyboard, and taken along as PNG."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from duobiao.customers.models import Contact
from duobiao.opportunities.tests.factories import make_contact
from duobiao.stakeholders.models import DealPerson, InfluenceLink, PersonPlace
from duobiao.stakeholders.tests.factories import put
from tests.journeys import deals
from tests.journeys.desk import Desk

Seat = Callable[..., Desk]
SLOW = 15_000
"""Milliseconds that a form may take to come on a busy machine."""
SCRIPT = "</title><script>alert(1)</script>"


@pytest.fixture
def page(sit: Seat, people: SimpleNamespace) -> Page:
    """The chain of a deal with three people on two levels."""
    deal = deals.a_deal(people.seller)
    now = timezone.now()
    for name, role in (("陈立群", "FINAL_DECIDER"), ("孙国栋", "GATEKEEPER"), ("李伟", "USER")):
        put(deal, make_contact(deal.customer, name), people.seller, now, role=role)
    desk = sit(people.seller, name="chain picture")
    desk.go(f"/opportunities/{deal.ref}/decision-chain/")
    desk.look("picture")
    return desk.page


def middle(page: Page, name: str) -> tuple[float, float]:
    """Return the middle of a card on the screen."""
    box = page.locator(f"a[data-name='{name}'] rect").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def grip_of(page: Page, name: str) -> tuple[float, float]:
    """Point at a card, and return where its grip has come to."""
    card = page.locator(f"a[data-name='{name}'] rect").first.bounding_box()
    assert card is not None
    edge, row = card["x"] + card["width"], card["y"] + card["height"] / 2
    page.mouse.move(card["x"] + card["width"] / 2, row)
    page.wait_for_function(
        """([edge, row]) => {
          const box = document.querySelector(".grip.shown circle")?.getBoundingClientRect();
          return box && box.left < edge && edge < box.right && box.top < row && row < box.bottom;
        }""",
        arg=[edge, row],
    )
    return edge + 3, row


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag from one point to another."""
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def scrolled(page: Page) -> float:
    """Return how far the picture is moved to the side."""
    return float(page.evaluate("document.querySelector('.chain-view').scrollLeft"))


def test_people_are_moved_and_joined_with_the_mouse(page: Page) -> None:
    x, y = middle(page, "孙国栋")
    with page.expect_response(lambda answer: "/place/" in answer.url):
        drag(page, (x, y), (x + 600, y))
    moved = page.get_by_role("button", name="重新自动排列")
    expect(moved).to_be_visible()
    assert middle(page, "孙国栋")[0] > x
    assert PersonPlace.objects.get().person.contact.name == "孙国栋"

    expect(page.locator(".chain-view[data-begun]")).to_be_visible()
    drag(page, grip_of(page, "李伟"), middle(page, "陈立群"))
    expect(page.locator("#dialog #id_source option:checked")).to_contain_text("李伟", timeout=SLOW)
    expect(page.locator("#dialog #id_target option:checked")).to_contain_text("陈立群")
    page.locator("#dialog [type=submit]").click()
    expect(page.locator("path.inf[data-from]")).to_have_count(1)
    assert InfluenceLink.objects.get().source.contact.name == "李伟"

    moved.click()
    expect(moved).to_have_count(0)
    page.locator("a[data-name='陈立群']").click()
    expect(page.locator("#person")).to_contain_text("陈立群")


def test_everything_is_done_with_the_keyboard(page: Page) -> None:
    page.locator("a[data-name='陈立群']").focus()
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.dataset.name")
    assert first in ("孙国栋", "李伟")
    page.keyboard.press("l")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#announcer")).to_have_text("到陈立群")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog #id_source option:checked")).to_contain_text(first, timeout=SLOW)
    expect(page.locator("#dialog #id_target option:checked")).to_contain_text("陈立群")
    page.keyboard.press("Escape")
    expect(page.locator(f"a[data-name='{first}']")).to_be_focused()

    with page.expect_response(lambda answer: "/place/" in answer.url):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("button", name="重新自动排列")).to_be_visible()
    expect(page.locator(f"a[data-name='{first}']")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#dialog #id_contact")).to_be_visible()


def test_the_picture_is_zoomed_moved_and_found_again(page: Page) -> None:
    value = page.locator("[data-zoom-value]")
    begun = value.inner_text()
    page.locator(".chain-view").focus()
    for _press in range(8):
        page.keyboard.press("+")
    larger = value.inner_text()
    assert int(larger.rstrip("%")) > int(begun.rstrip("%"))
    box = page.locator(".chain-view").bounding_box()
    assert box is not None
    left = scrolled(page)
    drag(page, (box["x"] + 108, box["y"] + 100), (box["x"] + 8, box["y"] + 100))
    assert scrolled(page) == left + 100

    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.keyboard.down("Control")
    page.mouse.wheel(0, 100)
    page.keyboard.up("Control")
    expect(value).not_to_have_text(larger)
    larger = value.inner_text()
    page.wait_for_function("sessionStorage.length > 0")
    page.reload()
    expect(value).to_have_text(larger)
    page.locator("[data-zoom=all]").click()
    expect(value).not_to_have_text(larger)


def test_the_png_is_a_picture_and_a_script_in_a_name_stays_text(page: Page, tmp_path: Path) -> None:
    Contact.objects.filter(name="李伟").update(name=SCRIPT, position="<img src=x onerror=alert(1)>")
    asked: list[str] = []
    page.on("dialog", lambda question: (asked.append(question.message), question.dismiss()))
    page.reload()
    expect(page.locator("a[data-person]")).to_have_count(DealPerson.objects.count())
    with page.expect_download() as got:
        page.locator("[data-png]").click()
    got.value.save_as(tmp_path / "chain.png")

    content = (tmp_path / "chain.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 5000
    assert got.value.suggested_filename.endswith(".png")
    assert asked == []
