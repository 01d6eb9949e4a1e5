"""Row 26: what people write is shown as text, wherever it is shown, and nothing of it runs."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.identity.actions.create_token import create_token
from tests.support.databases import for_module
from tests.support.everything import all_models, everything, people, write_everywhere, write_into_details
from tests.support.halves import our_half

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
MARK = "xss7"
OUR_SCRIPTS = ("/static/",)
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "srcdoc",
    "poster",
    "xlink:href",
    "hx-get",
    "hx-post",
    "background",
}
FORBIDDEN_TAGS = {"iframe", "object", "embed", "base", "style", "math", "marquee", "video", "animate", "xss7", "frame"}
DANGEROUS = ("javascript:", "vbscript:", "data:text", "//evil.example")
SHOWN_IN_BROWSER = {
    "workbench:today",
    "workbench:deal_room",
    "workbench:deal_timeline",
    "opportunities:board",
    "opportunities:list",
    "opportunities:edit_opportunity",
    "customers:customer",
    "customers:edit",
    "engagement:calls",
    "identity:units",
    "timeline:notifications",
}
VISITORS = ("administrator", "owner")


class Judge(HTMLParser):
    """Reads a page as a browser does and notes whatever could run or came from a payload."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.in_script = tag == "script"
        if tag in FORBIDDEN_TAGS:
            self.faults.append(f"<{tag}>")
        if tag == "script" and not named.get("src", "").startswith(OUR_SCRIPTS):
            self.faults.append(f"<script {named}>")
        if tag == "meta" and named.get("http-equiv"):
            self.faults.append(f"<meta {named}>")
        self.faults += [self._said(tag, name, value) for name, value in named.items() if self._runs(name, value)]

    def _runs(self, name: str, value: str) -> bool:
        if name.startswith(("on", "hx-on")) or name in ("style", "srcdoc") or MARK in name:
            return True
        if name.startswith("hx-") and value.strip().lower().startswith(("js:", "javascript:")):
            return True
        return name in ADDRESSES and value.strip().lower().startswith(DANGEROUS)

    def _said(self, tag: str, name: str, value: str) -> str:
        return f"<{tag} {name}={value[:60]!r}>"

    def handle_data(self, data: str) -> None:
        if self.in_script and MARK in data:
            self.faults.append(f"script: {data[:60]!r}")
        self.in_script = False


def faults_on(text: str) -> list[str]:
    judge = Judge()
    judge.feed(text)
    judge.close()
    return judge.faults


@pytest.mark.parametrize(
    "payload", ["<img src=x onerror=xss7()>", '<a href="javascript:xss7()">', "<xss7>", "<script>xss7()</script>"]
)
def test_the_judge_finds_what_would_run(payload):
    """Row 26: the check itself sees a payload that stands unescaped."""
    assert faults_on(f"<p>{payload}</p>")


def test_there_are_two_hundred_different_payloads():
    assert len(set(PAYLOADS)) == 200
    assert all(MARK in payload for payload in PAYLOADS)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with for_module(django_db_blocker):
        yield everything(people(timezone.now()))


def payloads_from(start: int) -> str:
    """Join all payloads, beginning with one of them; a column keeps as many as it has room for."""
    start %= len(PAYLOADS)
    return " ".join(PAYLOADS[start:] + PAYLOADS[:start])


def clients(made) -> Iterator[tuple[str, Client]]:
    for who in VISITORS:
        client = Client()
        client.force_login(made.world.actors[who])
        yield who, client


def test_payloads_in_every_text_field_stay_text_on_every_page(made, figure, full_drill):
    """Row 26: 200 payloads in turn in every text column; every page and fragment is read as a browser reads it."""
    rounds = 40 if full_drill else 1
    faults, shown, written, policies = [], 0, 0, set()
    for turn in range(rounds):
        written += write_everywhere(all_models(), lambda number, turn=turn: payloads_from(number * 7 + turn * 5))
        written += write_into_details(lambda number, turn=turn: payloads_from(number * 7 + turn * 5))
        for who, client in clients(made):
            for name, path in our_half(list(made.pages())):
                for headers in (
                    ({}, {"HX-Request": "true"}) if full_drill else ({"HX-Request": "true"} if who == "owner" else {},)
                ):
                    answer = client.get(path, headers=headers)
                    assert answer.status_code < 500, f"{who} {path}: {answer.status_code}"
                    if not answer.headers.get("Content-Type", "").startswith("text/html"):
                        answer.getvalue()  # reads a download to its end and closes it
                        continue
                    shown += MARK in answer.text
                    policies.add(answer.headers.get("Content-Security-Policy", "none"))
                    faults += [f"{name} {who} {headers}: {fault}" for fault in faults_on(answer.text)]

    figure(26, f"{written} texts written, shown on {shown} pages: {len(set(faults))} places where one would run")
    assert sorted(set(faults)) == []
    assert shown > 50
    assert_strict(policies)


def assert_strict(policies: set[str]) -> None:
    assert policies
    for policy in policies:
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src 'none'" in policy
        assert "object-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_the_api_says_that_it_is_json_and_nothing_else(made, figure):
    """Row 26: payloads come back from the API as JSON that no browser takes for a page."""
    write_everywhere(all_models(), lambda number: PAYLOADS[number % 200])
    token = create_token(name="x", actor=made.world.actors["administrator"], now=timezone.now()).text
    client, shown = Client(headers={"Authorization": f"Bearer {token}"}), 0
    for name, path, query in made.readings():
        answer = client.get(path, query)
        assert answer.status_code < 500, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        if "Content-Disposition" in answer.headers:
            assert answer.headers["Content-Disposition"].startswith("attachment")
            continue
        assert answer.headers["Content-Type"].startswith("application/json"), name
        shown += MARK in answer.text

    figure(26, f"payloads in the answers of {shown} operations, all of them JSON with nosniff")
    assert shown > 10


def test_nothing_runs_in_a_real_browser(page, sign_in, figure, transactional_db):
    """Row 26: pages full of payloads in Chromium: no dialog, no violation of the policy, no call of the function."""
    made = everything(people(timezone.now()))
    write_everywhere(all_models(), lambda number: payloads_from(number * 13))
    write_into_details(lambda number: payloads_from(number * 13))
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.add_init_script(
        "window.xss7 = () => { window.__xss = true };"
        "document.addEventListener('securitypolicyviolation', event => {"
        " (window.__violations = window.__violations || []).push(event.violatedDirective + ' ' + event.blockedURI) })"
    )
    sign_in(page, made.world.actors["administrator"])
    addresses = {name: path for name, path in made.pages() if name in SHOWN_IN_BROWSER}

    for name, path in addresses.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if page.evaluate("Boolean(window.__xss)"):
            ran.append(f"{name}: ran")
        ran.extend(f"{name}: {violation}" for violation in page.evaluate("window.__violations || []"))

    figure(26, f"{len(addresses)} pages in Chromium: {len(ran)} executions or violations of the policy")
    assert ran == []
    assert len(addresses) == len(SHOWN_IN_BROWSER)
