"""The deal room as a seller uses it: read where the deal stands, press what is missing, prove it in the dialog."""

from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Locator, Request, Response, expect

from tests.journeys.desk import Desk

KEPT = "!'()*~-_."
"""What a browser does not encode in a form that htmx sends."""
IN_FLIGHT = ".htmx-request, .htmx-swapping, .htmx-settling"


class Standing(NamedTuple):
    """What the head of the deal room says.

    Attributes:
        sentence: Where both sides stand, above the tracks.
        rate: Success rate.
        lag: The distance between the tracks, in words.
    """

    sentence: str
    rate: str
    lag: str


class DealRoom:
    """One deal on somebody's screen."""

    def __init__(self, desk: Desk, ref: str = "") -> None:
        self.desk = desk
        self.page = desk.page
        self.ref = ref or desk.page.url.split("/opportunities/")[1].split("/")[0]

    @property
    def path(self) -> str:
        """Address of the deal."""
        return f"/opportunities/{self.ref}/"

    def open(self, page: str = "") -> None:
        """Open the deal, or one of its pages."""
        self.desk.go(f"{self.path}{page}")

    def standing(self) -> Standing:
        """Read where the deal stands."""
        facts = self.page.locator(".deal-hd .facts > div")
        rate = facts.filter(has_text="成功率").locator("dd").inner_text()
        lag = self.page.locator("#two-track .say .bdg").first.inner_text()
        return Standing(self.page.locator("#two-track-title").inner_text(), rate.strip(), lag.strip())

    def reached(self) -> list[int]:
        """Return the stages that our track shows as proved."""
        done = self.page.locator("#two-track li[data-n]:has(.tt-no .nd.done)")
        return [int(stage.get_attribute("data-n") or 0) for stage in done.all()]

    def missing(self) -> list[str]:
        """Return the open items under "what is missing"."""
        return self.page.locator("#gap .gate.todo b").all_inner_texts()

    def item(self, title: str) -> Locator:
        """Return one row of what is missing."""
        return self.page.locator("#gap .gate").filter(has=self.page.get_by_text(title, exact=True))

    def supply(self, title: str) -> None:
        """Press the button beside a missing item; its form opens as a dialog.

        What has pages of its own is proved by other material, from the page of its stage.
        """
        button = self.item(title).locator("a.btn")
        if button.get_attribute("data-dialog") is None:
            self.open(f"stages/{max(self.reached(), default=0) + 1}/")
            self.supply_otherwise(title)
            return
        button.click()
        self.desk.dialog.wait_for()

    def assess(self, title: str) -> None:
        """Press the button beside what an assessment supplies, give every dimension the highest score, and come back."""
        self.item(title).locator("a.btn").click()
        self.page.wait_for_url("**/assess/**")
        self.desk.give_highest()
        self.page.wait_for_url(f"**{self.path}")

    def supply_otherwise(self, title: str) -> None:
        """Press the link that proves an item of a stage's page by other material; its form opens as a dialog."""
        gate = self.page.locator(".gate").filter(has_text=title).first
        gate.get_by_role("link", name="用其他材料证明").click()
        self.desk.dialog.wait_for()

    def from_menu(self, label: str) -> None:
        """Choose from "more actions"; its form opens as a dialog."""
        self.page.locator(".deal-hd details.menu summary").click()
        self.page.locator(".deal-hd .pop a:visible").filter(has_text=label).click()
        self.desk.dialog.wait_for()

    def prove(self, words: str, *, key: str = "", told_by: str = "", look: str = "") -> str:
        """Fill in the open proof dialog and save it; return what its button promised.

        Args:
            key: Which evidence, where several would do.
            told_by: Reference of the contact who wrote it; with it the customer has confirmed.
            look: Name of the sight to judge before saving.
        """
        dialog = self.desk.dialog
        if key:
            self._pick(key)
        if told_by:
            dialog.locator("[name=contact]").select_option(told_by)
            dialog.locator("[name=channel]").select_option("LETTER")

        def weighed(response: Response) -> bool:
            sent = _form(response.request)
            return f"quote={quote(words, safe=KEPT)}" in sent and "preview=1" in sent

        with self.page.expect_response(weighed):
            dialog.locator("[name=quote]").fill(words)
            dialog.locator("[name=quote]").press("Tab")
        expect(self.page.locator(IN_FLIGHT)).to_have_count(0)
        if look:
            self.desk.look(look)
        button = dialog.locator("#proof-save button")
        promise = button.inner_text()
        self.save(button)
        return promise

    def close_as_won(self) -> None:
        """Close the deal as won, for the first reason offered."""
        self.from_menu("结案")
        self.desk.choose("outcome", "WON", within=self.desk.dialog)
        self.desk.dialog.locator("label:has([name=reason]):visible").first.click()
        self.save(self.desk.dialog.locator(".actions button[type=submit]"))

    def save(self, button: Locator) -> None:
        """Press a button of the dialog; the deal behind it refreshes."""

        def refreshed(response: Response) -> bool:
            return response.request.method == "GET" and self.path in response.url

        with self.page.expect_response(refreshed):
            button.click()
        expect(self.desk.dialog).to_have_count(0)
        expect(self.page.locator(IN_FLIGHT)).to_have_count(0)

    def _pick(self, key: str) -> None:
        choice = self.desk.dialog.locator(f"label:has(input[value='{key}'])")
        group = self.desk.dialog.locator(f"details:not([open]):has(input[value='{key}'])")
        if group.count():
            group.locator("summary").click()
        choice.click()


def _form(request: Request) -> str:
    return (request.post_data or "") if request.method == "POST" else ""
