"""Fixtures for journeys in a real browser: pages that report every fault, and the accessibility check."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


NO_FAULTS = (
    "Failed to load resource: the server responded",  # judged by Faults._answered: a refusal is no fault of the page
    "net::ERR_INTERNET_DISCONNECTED",  # the test took the network away; the lines of htmx below follow from it,
    "htmx:sendError",
    "htmx:sendAbort",  # or from a later request that replaced an earlier one
    "htmx:afterRequest",
)


class Faults(list[str]):
    """What went wrong on the pages of one test: script errors, refused content, broken files, failed requests."""

    def watch(self, page: Page) -> None:
        """Collect the faults of a page from now on."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.append(f"script error: {error}"))
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in NO_FAULTS):
            self.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        broken_file = response.status >= 400 and "/static/" in response.url
        if response.status >= 500 or broken_file:
            self.append(f"{response.status} {response.url}")


def _scripts_browser() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scripts_browser", ROOT / "scripts" / "browser.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for all journeys of a process."""
    command = [sys.executable, str(ROOT / "scripts" / "browser.py")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in the tests' thread
        arguments = _scripts_browser().launch_arguments()
        started = playwright.chromium.launch(executable_path=found.stdout.strip(), args=arguments)
        yield started
        started.close()


@pytest.fixture
def browser_context(chromium: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts: ``browser_context(viewport=PHONE, locale="en")``; a fault on any page fails the test."""
    faults = Faults()
    contexts: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        defaults = {"viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
        context = chromium.new_context(base_url=live_server.url, **{**defaults, **options})
        context.set_default_timeout(15_000)
        context.on("page", faults.watch)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert not faults, "faults on the pages visited:\n  " + "\n  ".join(faults)


@pytest.fixture
def page(browser_context: Callable[..., BrowserContext]) -> Page:
    """A desktop page in simplified Chinese."""
    return browser_context().new_page()


@pytest.fixture
def phone(browser_context: Callable[..., BrowserContext]) -> Page:
    """A page on a phone with touch, in simplified Chinese."""
    return browser_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    """Give a page somebody's session without going through the login form: ``sign_in(page, seller)``."""

    def give_session(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return give_session


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Hold a page to WCAG 2.2 AA, as far as axe can judge."""

    def check(page: Page) -> None:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": WCAG_AA}}
        violations = Axe().run(page, options=options).response["violations"]
        lines = [
            f"{fault['id']} ({fault['impact']}): {fault['help']}\n    {node['html'][:200]}"
            for fault in violations
            for node in fault["nodes"][:5]
        ]
        assert not lines, f"{page.url}\n  " + "\n  ".join(lines)

    return check


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a browser, and keep it in one process, so that only one browser runs."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
