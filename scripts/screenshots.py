"""Take the pictures of the documentation from a fresh demo system.

python scripts/screenshots.py            the pictures in docs/images
python scripts/screenshots.py all DIR    every page, both languages, light and dark, desk and phone, into DIR
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import browser
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DUOBIAO = ROOT / ".venv" / "bin" / "duobiao"
IMAGES = ROOT / "docs" / "images"
TALLEST = 2400
DEAL = "恒睿二期"
START_SECONDS = 180


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    language: str = "zh-CN"
    theme: str = "light"
    width: int = 1440

    @property
    def name(self) -> str:
        """A short name for files."""
        return f"{self.language[:2]}-{self.theme}-{self.width}"


PICTURES = {
    "deal-room": ("linxiao", "{deal}", Look()),
    "deal-room-en": ("linxiao", "{deal}", Look("en-GB")),
    "deal-room-dark": ("linxiao", "{deal}", Look(theme="dark")),
    "deal-room-phone": ("linxiao", "{deal}", Look(width=390)),
    "board": ("zhoujianguo", "/pipeline/board/", Look()),
    "board-en": ("zhoujianguo", "/pipeline/board/", Look("en-GB")),
    "list": ("zhoujianguo", "/pipeline/list/", Look()),
    "call": ("linxiao", "/calls/new/?opportunity={ref}", Look()),
    "call-phone": ("linxiao", "/calls/new/?opportunity={ref}", Look(width=390)),
    "figures": ("zhoujianguo", "/pipeline/figures/", Look()),
    "figures-en": ("zhoujianguo", "/pipeline/figures/", Look("en-GB")),
    "today": ("linxiao", "/today/", Look()),
    "today-en": ("linxiao", "/today/", Look("en-GB")),
    "proof": ("linxiao", "{deal}proofs/new/?item=4.M2", Look()),
    "playbook": ("zhoujianguo", "/playbooks/project-sales-8/1/", Look()),
    "playbook-en": ("zhoujianguo", "/playbooks/project-sales-8/1/", Look("en-GB")),
    "gate-review": ("zhoujianguo", "{review}", Look()),
    "gate-review-en": ("zhoujianguo", "{review}", Look("en-GB")),
    "approval": ("zhoujianguo", "{approval}", Look()),
    "customer": ("linxiao", "{customer}", Look()),
    "calling-list": ("linxiao", "{calling}work/", Look()),
    "calling-list-phone": ("linxiao", "{calling}work/", Look(width=390)),
    "calendar": ("linxiao", "/calendar/", Look()),
    "calendar-en": ("linxiao", "/calendar/", Look("en-GB")),
    "account-plan": ("linxiao", "{plan}", Look()),
    "account-plan-en": ("linxiao", "{plan}", Look("en-GB")),
    "decision-chain": ("linxiao", "{deal}decision-chain/", Look()),
    "decision-chain-en": ("linxiao", "{deal}decision-chain/", Look("en-GB")),
    "needs": ("linxiao", "{deal}needs/", Look()),
    "needs-en": ("linxiao", "{deal}needs/", Look("en-GB")),
    "rivals": ("linxiao", "{deal}competition/", Look()),
    "rivals-en": ("linxiao", "{deal}competition/", Look("en-GB")),
    "leads-en": ("linxiao", "/leads/", Look("en-GB")),
    "process-en": ("zhoujianguo", "/pipeline/figures/process/", Look("en-GB")),
}
FIRST = {
    "review": "/gate-reviews/",
    "approval": "/approvals/",
    "customer": "/customers/",
    "calling": "/calls/lists/",
    "plan": "/account-plans/",
}
"""Pages whose address is the first one a list leads to, by their place in a path."""
EVERY_LOOK = [
    Look(language, theme, width)
    for language in ("zh-CN", "en-GB")
    for theme in ("light", "dark")
    for width in (1440, 390)
]
EVERY_PAGE = {
    "linxiao": [
        "/today/",
        "{deal}",
        "{deal}stages/4/",
        "/playbooks/",
        "/playbooks/solution-5/1/",
        "{deal}decision-chain/",
        "{deal}decision-chain/readouts/",
        "{deal}decision-chain/what-if/",
        "{deal}decision-chain/rebuild/",
        "{deal}needs/",
        "{deal}needs/matrix/",
        "{deal}requirements/",
        "/objection-library/",
        "{deal}competition/",
        "{deal}summary/",
        "{deal}investment/",
        "/rivals/",
        "/portfolio/matrix/",
        "{deal}proofs/new/",
        "{deal}buyer/",
        "{deal}next-actions/",
        "{deal}tracks/",
        "{deal}close/",
        "{deal}give-up/",
        "{deal}waivers/new/?item=4.M2",
        "{deal}risk-reports/new/",
        "{deal}tasks/new/",
        "{deal}gate-reviews/new/",
        "/gate-reviews/",
        "/next-actions/",
        "/reviews/",
        "/calls/new/?opportunity={ref}",
        "/visits/new/?opportunity={ref}",
        "/calls/",
        "/visits/",
        "/customers/",
        "/opportunities/new/",
        "/calls/lists/",
        "/calls/appraisal/",
        "/calls/latent/",
        "/calendar/",
        "/contact-plan/",
        "/leads/",
        "/registrations/",
        "/manufacturer-registrations/",
        "/authorisation-letters/",
        "/pools/",
        "/campaigns/",
        "/analyses/",
        "/account-plans/",
        "/knowledge/",
        "/admissions/",
        "/outsiders/",
        "/duplicates/",
        "/issues/",
        "/weekly-reports/",
        "/exports/",
        "/notifications/",
        "/profile/",
        "/search/?q=恒睿",
    ],
    "zhoujianguo": [
        "/pipeline/board/",
        "/pipeline/list/",
        "/pipeline/funnel/",
        "/pipeline/figures/",
        "/pipeline/figures/process/",
        "/pipeline/figures/portfolio/",
        "/pipeline/figures/calibration/",
        "/pipeline/filters/",
        "/next-actions/results/",
        "/playbooks/",
        "/playbooks/studio/",
        "/playbooks/project-sales-8/1/clone/",
        "/playbooks/import/",
        "/playbooks/compare/?before=key-account-6/1&after=solution-5/1",
        "/migrations/",
        "/reviews/new/",
        "/approvals/",
        "/trash/",
    ],
    "admin": [
        "/admin/",
        "/admin/users/",
        "/admin/units/",
        "/admin/roles/",
        "/admin/company/",
        "/admin/audit/",
        "/admin/import/",
        "/admin/products/",
        "/admin/risk-rules/",
        "/admin/approvals/",
        "/admin/approvals/gate_review/",
        "/admin/robots/",
        "/profile/notifications/",
    ],
}
PASSWORD = "duobiao-demo"


@contextmanager
def demo() -> Iterator[str]:
    """Serve a fresh demo system; give its address."""
    with tempfile.TemporaryDirectory(prefix="duobiao-screens-") as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {**os.environ, "DUOBIAO_HOME": home, "PORT": str(port)}
        environment.pop("DATABASE_URL", None)
        server = subprocess.Popen([DUOBIAO, "demo"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait(address: str) -> None:
    for _ in range(START_SECONDS):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2)
        except OSError:
            time.sleep(1)
        else:
            return
    raise SystemExit("the demo system did not start")


@contextmanager
def signed_in(chromium: Browser, address: str, user: str, look: Look) -> Iterator[Page]:
    """Open a page as somebody, in one look."""
    context = chromium.new_context(
        viewport={"width": look.width, "height": 900}, locale=look.language, color_scheme=look.theme
    )
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    yield page
    context.close()


def main_deal(page: Page, address: str) -> str:
    """Return the reference of the story's main deal."""
    page.goto(f"{address}/search/?q={DEAL}")
    link = page.locator("a[href^='/opportunities/P-']").first.get_attribute("href") or ""
    return link.strip("/").split("/")[1]


def first_of(page: Page, address: str, where: str) -> str:
    """Return the path of the first record on a list; references begin with one or two letters and a dash."""
    page.goto(f"{address}{where}")
    links = [link.get_attribute("href") or "" for link in page.locator(f"main a[href^='{where}']").all()]
    return next(link for link in links if "-" in link.removeprefix(where)[:3])


def take(chromium: Browser, address: str, shots: list[tuple[str, str, Look, Path]]) -> None:
    """Take pictures: user, path, look, file; one session for all pictures of a person in one look."""
    for (user, look), mine in groupby(sorted(shots, key=_sitting), key=lambda shot: (shot[0], shot[2])):
        with signed_in(chromium, address, user, look) as page:
            ref = main_deal(page, address)
            for _user, path, _look, file in mine:
                found = {name: first_of(page, address, where) for name, where in FIRST.items() if f"{{{name}}}" in path}
                answer = page.goto(address + path.format(ref=ref, deal=f"/opportunities/{ref}/", **found))
                page.wait_for_timeout(300)
                page.screenshot(path=file, full_page=True, clip=_frame(page, look, file))
                wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                status = answer.status if answer else 0
                print(f"{status} {'SCROLLS SIDEWAYS ' if wide else ''}{file.name}", flush=True)


def _frame(page: Page, look: Look, file: Path) -> FloatRect | None:
    """Return what a picture of the documentation shows of a long page; others show all of it."""
    height = page.evaluate("document.documentElement.scrollHeight")
    if file.parent != IMAGES or height <= TALLEST:
        return None
    return {"x": 0, "y": 0, "width": look.width, "height": TALLEST}


def _sitting(shot: tuple[str, str, Look, Path]) -> tuple[str, str]:
    return shot[0], shot[2].name


def shots() -> list[tuple[str, str, Look, Path]]:
    """Return what the command line asks for."""
    if sys.argv[1:2] == ["all"]:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        return [
            (user, path, look, folder / f"{_file_name(path)}-{look.name}.png")
            for user, paths in EVERY_PAGE.items()
            for path in paths
            for look in EVERY_LOOK
        ]
    IMAGES.mkdir(exist_ok=True)
    return [(user, path, look, IMAGES / f"{name}.png") for name, (user, path, look) in PICTURES.items()]


def _file_name(path: str) -> str:
    return path.split("?", maxsplit=1)[0].replace("{deal}", "deal/").strip("/").replace("/", "-") or "home"


def main() -> None:
    """Take them."""
    found = browser.find_or_install()
    if not found:
        raise SystemExit("no browser can be had; see scripts/browser.py")
    with demo() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=browser.launch_arguments())
        take(chromium, address, shots())
        chromium.close()


if __name__ == "__main__":
    main()
