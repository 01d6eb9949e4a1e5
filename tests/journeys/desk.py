"""A person at a screen: what they open, press and read, with each new sight held to accessibility and to its width."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

SHOTS = os.environ.get("JOURNEY_SHOTS", "")
"""A folder for a picture of every sight; none are taken without it."""

_looked_at: set[str] = set()
"""Sights already checked in this process: the same page in the same state is judged once."""

DRESSED = "[...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet)"
"""A dialog may bring a stylesheet along, which arrives a moment after it."""
DRESSING = 100


class Desk:
    """One page of a browser, used the way a person uses it.

    Attributes:
        page: The page itself, for what no method covers.
        name: Begins the names of its pictures.
    """

    def __init__(self, page: Page, *, name: str, assert_accessible: Callable[[Page], None]) -> None:
        self.page = page
        self.name = name
        self._assert_accessible = assert_accessible
        self._shots = 0

    def go(self, path: str) -> None:
        """Type an address."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {path}"

    def look(self, sight: str) -> None:
        """Hold what is on the screen to WCAG 2.2 AA and to its width, once per sight; take a picture if wanted."""
        self.page.evaluate("scrollTo(0, 0)")  # the top bar covers what is scrolled below it
        if SHOTS:
            self._shots += 1
            folder = Path(SHOTS) / self.name
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(
                path=folder / f"{self._shots:02d}-{re.sub(r'[^a-z0-9]+', '-', sight)}.png", full_page=True
            )
        if sight in _looked_at:
            return
        # A short message covers what lies below it until it goes; what stays is judged.
        self.page.evaluate("document.querySelectorAll('#toasts .toast-d').forEach((toast) => toast.remove())")
        for _attempt in range(DRESSING):  # waiting inside the page would need eval, which the policy forbids
            if self.page.evaluate(DRESSED):
                break
            self.page.wait_for_timeout(50)
        self._assert_accessible(self.page)
        width, wanted = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= wanted, f"{sight}: {self.page.url} is {width} px wide on a screen of {wanted} px"
        _looked_at.add(sight)

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.locator("#dialog[open]")

    def fill(self, name: str, value: str, *, within: Locator | None = None) -> None:
        """Type into the field called ``name`` in its form."""
        (within or self.page).locator(f"[name='{name}']").first.fill(value)

    def choose(self, name: str, value: str, *, within: Locator | None = None) -> None:
        """Press the chip of a choice."""
        root = within or self.page
        root.locator(f"label:has(input[name='{name}'][value='{value}'])").first.click()

    def give_highest(self) -> None:
        """Give the highest score for each question of an open assessment, and keep it."""
        for row in self.page.locator("#assess .criterion:has(input[type=radio])").all():
            row.locator("label:has(input[type=radio])").last.click()
        self.page.locator("#assess button[type=submit]").click()

    def toast(self) -> str:
        """Return the last short message."""
        box = self.page.locator("#toasts .toast-d").last
        expect(box).to_be_visible()
        return box.inner_text()

    def says(self, *texts: str) -> None:
        """Expect texts in the content."""
        for text in texts:
            expect(self.page.locator("#main")).to_contain_text(text)

    def errors(self) -> list[str]:
        """Return the reasons shown at fields."""
        return self.page.locator(".err").all_inner_texts()


def answered(page: Page, act: Callable[[], Any], *, method: str = "POST", preview: bool = False) -> int:
    """Do something and return the status of the request it sends."""

    def is_it(response: Any) -> bool:
        request = response.request
        return request.method == method and (preview or "preview" not in (request.post_data or ""))

    with page.expect_response(is_it) as waiting:
        act()
    return int(waiting.value.status)
