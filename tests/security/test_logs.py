"""Row 39: what the server writes down holds no secret, and nobody writes a line of their own into it."""

import logging
import re
import smtplib

from duobiao.web.logs import LineFormatter
from tests.support.people import PASSWORD

CANARY = "canary-7f3a91"
FORGED = "\r\n2026-01-01T00:00:00.000Z INFO forged admin signed in\n"
LINE = re.compile(r"^(\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ \S+ |serving http|\[\d{4}|\s*$|duobiao: )")


def provoke(served) -> list[str]:
    """Send secrets and line breaks everywhere they could be written down; return the secrets."""
    lin, program, boss = served.visitor("lin"), served.program("lin"), served.visitor("boss")
    wrong = f"{CANARY}-wrong-password"
    served.visitor(source="127.0.0.9").sign_in("lin", wrong)
    served.visitor(source="127.0.0.9").sign_in("nobody" + FORGED, wrong)
    unknown = f"dbt_{CANARY}unknowntoken"
    for method, path in (("GET", "/customers"), ("POST", "/customers"), ("POST", "/nowhere")):
        program.api(method, path, {}, headers={"Authorization": f"Bearer {unknown}"})
    program.api("POST", "/customers", {"name": f"{CANARY}{FORGED}", "password": wrong})
    program.request("POST", "/api/v1/customers", body=b"{broken" + FORGED.encode())
    lin.get("/%0d%0a2026-01-01T00:00:00.000Z%20INFO%20forged%20x")
    lin.get(f"/customers/?q=%0d%0aforged&token={unknown}&password={wrong}")
    lin.get("/", headers={"Host": "evil.example", "User-Agent": f"{unknown} forged"})
    lin.post("/profile/", {"csrfmiddlewaretoken": wrong, "password": wrong})
    mail = f"{CANARY}-mail-password"
    form = {"name": "夺标", "mail_host": "127.0.0.1", "mail_port": "1", "mail_username": "x", "mail_password": mail}
    boss.post("/admin/company/", {**boss.csrf("/admin/company/"), **form})
    boss.post("/admin/company/test-mail/", boss.csrf("/admin/company/"))
    return [wrong, unknown, mail, PASSWORD, *served.tokens.values(), *lin.cookies.values(), *boss.cookies.values()]


def test_no_secret_and_no_forged_line_stands_in_the_log(served, figure):
    """Row 39: 0 occurrences of passwords, tokens, cookies at the most talkative level; 0 lines of somebody else."""
    secrets = provoke(served)

    text = served.log.read_text()

    leaked = [secret for secret in secrets if secret in text]
    foreign = [line for line in text.splitlines() if not LINE.match(line)]
    forged = [line for line in text.splitlines() if line.startswith("2026-01-01T00:00:00.000Z")]
    figure(
        39,
        f"{len(leaked)} of {len(secrets)} secrets in {len(text.splitlines())} log lines (DEBUG), {len(forged)} forged",
    )
    assert leaked == []
    assert forged == []
    assert foreign == []


def test_a_mail_server_that_repeats_the_password_is_not_quoted():
    """Row 39: an error text from outside goes through the same mask."""
    error = smtplib.SMTPAuthenticationError(535, f"password={CANARY}".encode())
    record = logging.LogRecord("mail", logging.ERROR, "", 0, "mail failed: %s", (error,), None)

    assert CANARY not in LineFormatter().format(record)
