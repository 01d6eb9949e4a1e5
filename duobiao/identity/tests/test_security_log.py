"""What is noted of attempts that failed, and how long a session lives."""

import logging
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from duobiao.identity import middleware
from duobiao.identity.models import CompanySettings
from duobiao.identity.tests.factories import PASSWORD, make_token, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def lines(caplog):
    """What the security log holds."""
    caplog.set_level(logging.INFO, logger="duobiao.security")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "duobiao.security"]


def test_a_failed_sign_in_is_noted_with_the_account_and_the_address(client, lines):
    user = make_user(email="li@example.com")

    client.post(LOGIN, {"login": user.username, "password": "wrong-horse-9"}, REMOTE_ADDR="203.0.113.9")
    client.post(LOGIN, {"login": "li@example.com", "password": "wrong-horse-9"}, REMOTE_ADDR="203.0.113.9")

    assert lines() == [f"sign-in failed for {user.username} from 203.0.113.9"] * 2


def test_what_was_typed_instead_of_a_name_is_not_noted(client, lines):
    client.post(LOGIN, {"login": "my-password-in-the-wrong-field", "password": "x"})

    assert lines() == ["sign-in failed for ? from 127.0.0.1"]


def test_a_record_out_of_sight_and_a_missing_right_are_noted(client, lines, now):
    user = make_user()
    client.force_login(user)

    client.get("/admin/users/")
    client.get("/documents/D-none/")
    Client().get("/api/v1/me", headers={"Authorization": "Bearer dbt_wrong"})
    Client().get("/api/v1/opportunities/P-none", headers={"Authorization": f"Bearer {make_token(user, now)}"})

    assert [line.split(": ")[0] for line in lines()][:1] == ["refused with 403"]
    assert f"to {user.username} from 127.0.0.1" in lines()[0]
    assert any(line.startswith("refused with 401: GET api:") and " to nobody " in line for line in lines())
    assert any(line.startswith("refused with 404: GET api:") and "P-none" in line for line in lines())


def test_the_key_of_a_password_link_is_not_noted(client, lines):
    client.get("/accounts/password/reset/key/1-canary-key/")
    client.post("/accounts/password/reset/key/1-canary-key/")

    assert not [line for line in lines() if "canary" in line]


def test_what_a_person_or_a_program_reads_is_kept_out_of_caches(client, now):
    user = make_user()
    client.force_login(user)
    program = Client(headers={"Authorization": f"Bearer {make_token(user, now)}"})

    assert client.get("/profile/")["Cache-Control"] == "private, no-store"
    assert program.get("/api/v1/me")["Cache-Control"] == "private, no-store"


def test_signing_out_clears_what_the_browser_keeps(client):
    client.force_login(make_user())

    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
    assert not client.get("/profile/").has_header("Clear-Site-Data")


def signed_in() -> Client:
    client, user = Client(), make_user()
    assert client.post(LOGIN, {"login": user.username, "password": PASSWORD, "remember": "on"}).status_code == 302
    return client


def aged(client: Client, monkeypatch, *, days: int) -> int:
    """Ask for a page some days later; return the status."""
    moment = timezone.now() + timedelta(days=days)
    with monkeypatch.context() as later:
        later.setattr("django.utils.timezone.now", lambda: moment)
        return client.get("/profile/").status_code


def test_a_session_in_daily_use_ends_after_two_weeks(monkeypatch):
    client = signed_in()

    assert [aged(client, monkeypatch, days=day) for day in (1, 6, 12, 13)] == [200] * 4
    assert aged(client, monkeypatch, days=15) == 302
    assert client.get("/profile/").status_code == 302


def test_a_session_left_unused_for_a_week_ends(monkeypatch):
    client = signed_in()

    assert aged(client, monkeypatch, days=8) == 302


def test_reading_goes_on_where_the_day_of_use_cannot_be_noted(monkeypatch):
    client = signed_in()

    def full(*_args, **_named):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", full)

    assert aged(client, monkeypatch, days=1) == 200
    assert middleware.errors.is_disk_full(OperationalError("database or disk is full"))


@pytest.mark.parametrize(
    "password", ["short-one-9", "123456789012", "duobiao-2026", "Duobiao夺标2026!", "恒睿机械恒睿机械2026!"]
)
def test_a_weak_password_is_refused(password):
    CompanySettings.objects.update_or_create(pk=1, defaults={"name": "恒睿机械"})

    with pytest.raises(ValidationError):
        validate_password(password, make_user())


@pytest.mark.parametrize(
    "password", ["correct horse battery", "abcdefghijklmnopqrstuvwxyz" * 4, "夺标是好的工具我每天都用它"]
)
def test_a_long_password_of_any_characters_is_taken(password):
    validate_password(password, make_user())


def test_the_secrets_of_second_steps_are_sealed():
    user = make_user()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)

    held = " ".join(str(row.data) for row in Authenticator.objects.filter(user=user))

    assert "JBSWY3DPEHPK3PXP" not in held
    assert len(RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()) == 10


def test_a_second_step_sealed_with_a_lost_secret_opens_to_nobody(settings):
    user = make_user()
    totp = TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "another-secret-" * 4

    assert not totp.validate_code("000000")
