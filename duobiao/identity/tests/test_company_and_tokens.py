"""Company settings, outgoing mail, tokens, the command line."""

import re
import smtplib
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.utils import translation

from duobiao.identity import commands
from duobiao.identity.actions.create_token import create_token
from duobiao.identity.actions.revoke_token import AlreadyRevoked, revoke_token
from duobiao.identity.actions.save_company_settings import BadLogo, save_company_settings
from duobiao.identity.actions.send_test_mail import MailFailed, send_test_mail
from duobiao.identity.api_support import live_token
from duobiao.identity.domain.tokens import token_digest
from duobiao.identity.mail import CompanyMailBackend, reason_of, transport
from duobiao.identity.models import ApiToken, CompanySettings, User
from duobiao.identity.sealing import seal, unseal
from duobiao.identity.tests.factories import make_administrator, make_user
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.timeline.models import Entry, EntryDetail

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def test_settings_are_saved_and_the_mail_password_is_sealed(now):
    admin = make_administrator()

    company = save_company_settings(
        values={"name": "夺标科技", "mail_password": "s3cret-canary"}, version=1, actor=admin, now=now
    )

    held = CompanySettings.load()
    assert (held.name, held.version, company.version) == ("夺标科技", 2, 2)
    assert "s3cret-canary" not in held.mail_password
    assert unseal(held.mail_password) == "s3cret-canary"
    assert "s3cret-canary" not in str(EntryDetail.objects.get().data)
    save_company_settings(values={"mail_password": "", "name": "新"}, version=2, actor=admin, now=now)
    assert unseal(CompanySettings.load().mail_password) == "s3cret-canary"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"currency": "yuan"}, "currency"),
        ({"currency": "cny"}, "currency"),
        ({"fiscal_year_start_month": 13}, "fiscal_year_start_month"),
        ({"mail_from": "nobody"}, "mail_from"),
        ({"mail_security": "rot13"}, "mail_security"),
        ({"version": 7}, "version"),
    ],
)
def test_bad_settings_are_refused_by_field(now, values, field):
    with pytest.raises(Invalid) as refused:
        save_company_settings(values=values, version=1, actor=make_administrator(), now=now)

    assert field in refused.value.fields
    assert CompanySettings.load().version == 1
    assert not Entry.objects.exists()


def test_settings_of_a_stale_page_are_refused_and_sellers_may_not_save(now):
    admin = make_administrator()
    save_company_settings(values={"name": "甲"}, version=1, actor=admin, now=now)

    with pytest.raises(StaleVersion):
        save_company_settings(values={"name": "乙"}, version=1, actor=admin, now=now)
    with pytest.raises(NotAllowed):
        save_company_settings(values={"name": "丙"}, version=2, actor=make_user(), now=now)

    assert CompanySettings.load().name == "甲"


def test_a_logo_is_known_by_its_content_served_safely_and_replaced(now, client, django_capture_on_commit_callbacks):
    admin = make_administrator()
    save_company_settings(values={}, logo=SimpleUploadedFile("evil.svg.html", PNG), version=1, actor=admin, now=now)
    name = CompanySettings.load().logo.name

    answer = client.get(f"/company/logo/{Path(name).name}")

    assert b"".join(answer.streaming_content) == PNG
    assert name.startswith("company/")
    assert name.endswith(".png")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert client.get("/company/logo/other.png").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        save_company_settings(values={}, remove_logo=True, version=2, actor=admin, now=now)
    assert not CompanySettings.load().logo
    assert not (Path(settings.MEDIA_ROOT) / name).exists()


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a" + b"0" * 20, PNG + b"0" * (512 * 1024), b""])
def test_other_files_are_no_logo(now, content):
    with pytest.raises(BadLogo):
        save_company_settings(
            values={}, logo=SimpleUploadedFile("logo.png", content), version=1, actor=make_administrator(), now=now
        )

    assert not CompanySettings.load().logo


def test_mail_without_a_server_is_kept_as_a_file():
    CompanySettings.objects.create(pk=1, mail_from="crm@example.com")
    message = EmailMessage("题目", "正文", to=["li@example.com"])

    assert CompanyMailBackend().send_messages([message]) == 1

    kept = max((settings.HOME / "mail").iterdir(), key=lambda path: path.stat().st_mtime)
    assert "From: crm@example.com" in kept.read_text()


def test_mail_goes_through_the_server_of_the_settings():
    company = CompanySettings(
        mail_host="smtp.example.com", mail_port=587, mail_security="starttls", mail_password=seal("pw")
    )

    backend = transport(company)

    assert (backend.host, backend.port, backend.use_tls, backend.use_ssl) == ("smtp.example.com", 587, True, False)
    assert backend.password == "pw"


def test_a_test_mail_says_what_went_wrong(now, mailoutbox, settings):
    admin = make_administrator(email="admin@example.com")
    assert send_test_mail(actor=admin, now=now) == "admin@example.com"
    assert len(mailoutbox) == 1

    settings.EMAIL_BACKEND = "duobiao.identity.mail.CompanyMailBackend"
    CompanySettings.objects.create(pk=1, mail_host="127.0.0.1", mail_port=9, mail_security="none")
    with pytest.raises(MailFailed, match="连不上邮件服务器，请核对服务器名和端口"), translation.override("zh-hans"):
        send_test_mail(actor=admin, now=now)
    with pytest.raises(Invalid):
        send_test_mail(actor=make_administrator(), now=now)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"no"), "does not accept user and password"),
        (smtplib.SMTPRecipientsRefused({}), "does not accept the sender or the recipient"),
        (smtplib.SMTPServerDisconnected("closed"), "expects another encryption or port"),
        (ssl.SSLError("WRONG_VERSION_NUMBER"), "expects another encryption or port"),
        (TimeoutError("timed out"), "cannot be reached"),
        (smtplib.SMTPDataError(552, b"mailbox full"), "SMTPDataError: (552, b'mailbox full')"),
    ],
)
def test_a_failed_message_tells_what_to_check(error, words):
    with translation.override("en"):
        assert words in reason_of(error)


def test_a_token_is_shown_once_and_only_its_hash_is_kept(now):
    made = create_token(name="同步程序", actor=make_user(), now=now)

    assert re.fullmatch(r"dbt_[A-Za-z0-9]{40}", made.text)
    token = ApiToken.objects.get()
    assert token.digest == token_digest(made.text)
    assert made.text not in str(EntryDetail.objects.get().data)


def test_expired_revoked_and_foreign_tokens_are_dead(now):
    user = make_user()
    live = create_token(name="a", actor=user, now=now)
    old = create_token(name="b", expires_days=1, actor=user, now=now - timedelta(days=3650))
    gone = create_token(name="c", actor=user, now=now)
    revoke_token(token=gone.token, actor=user, now=now)

    assert live_token(live.text).user == user
    assert live_token(old.text) is None
    assert live_token(gone.text) is None
    assert live_token("dbt_" + "0" * 40) is None
    assert live_token(live.text.removeprefix("dbt_")) is None
    with pytest.raises(AlreadyRevoked):
        revoke_token(token=gone.token, actor=user, now=now)


def test_tokens_are_revoked_by_their_owner_or_an_administrator(now):
    token = create_token(name="a", actor=make_user(), now=now).token

    with pytest.raises(NotAllowed):
        revoke_token(token=token, actor=make_user("manager"), now=now)
    revoke_token(token=token, actor=make_administrator(), now=now)

    assert ApiToken.objects.get().revoked_at == now


@pytest.mark.parametrize("values", [{"name": " "}, {"name": "x" * 81}, {"expires_days": 0}, {"expires_days": 9999}])
def test_tokens_with_bad_values_are_refused(now, values):
    with pytest.raises(Invalid):
        create_token(**{"name": "a", **values}, actor=make_user(), now=now)

    assert not ApiToken.objects.exists()


def test_the_command_line_makes_people_and_tokens(now):
    password = commands.create_user(username="seller", role="seller", name="李晓峰", now=now)
    text = commands.create_token(username="SELLER", expires_days=3650, now=now)

    user = User.objects.get(username="seller")
    assert user.check_password(password)
    assert len(password) == 16
    assert live_token(text).user == user
    assert commands.ensure_administrator(now=now)
    assert commands.ensure_administrator(now=now) == ""
    with pytest.raises(Invalid):
        commands.create_user(username="x", role="emperor", name="x", now=now)
    with pytest.raises(Invalid):
        commands.create_user(username="Seller", role="seller", name="x", now=now)
    with pytest.raises(NotFound):
        commands.create_token(username="nobody", now=now)
