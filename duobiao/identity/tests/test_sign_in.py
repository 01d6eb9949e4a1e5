"""Guessing passwords, stolen sessions, the second step, pages around signing in."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from duobiao.identity.tests.factories import PASSWORD, make_administrator, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def try_to_sign_in(client: Client, login: str, password: str, **extra: str):
    """Send the sign-in form."""
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def test_guessing_is_slowed_down_and_spoofed_headers_do_not_help():
    victim, guesser, reached = make_user(), Client(), 0

    for number in range(200):
        answer = try_to_sign_in(
            guesser,
            victim.username,
            f"guess-{number}",
            REMOTE_ADDR="203.0.113.9",
            HTTP_X_FORWARDED_FOR=f"198.51.100.{number}",
            HTTP_X_REAL_IP=f"198.51.100.{number}",
            HTTP_FORWARDED=f"for=198.51.100.{number}",
        )
        if answer.status_code == 200 and "尝试次数过多" not in answer.content.decode():
            reached += 1

    assert reached == 5
    assert try_to_sign_in(guesser, victim.username, PASSWORD, REMOTE_ADDR="203.0.113.9").status_code in (200, 429)
    elsewhere = try_to_sign_in(Client(), victim.username, PASSWORD, REMOTE_ADDR="192.0.2.77")
    assert (elsewhere.status_code, elsewhere["Location"]) == (302, "/")


def test_guessing_many_names_from_one_place_is_limited_too():
    guesser, reached = Client(), 0

    for number in range(40):
        answer = try_to_sign_in(guesser, f"name{number}", "password-1", REMOTE_ADDR="203.0.113.9")
        if answer.status_code == 200 and "尝试次数过多" not in answer.content.decode():
            reached += 1

    assert reached == 10


def test_a_wrong_name_and_a_wrong_password_look_the_same(client):
    user = make_user(email="li@example.com")

    def shown(login: str) -> str:
        page = try_to_sign_in(client, login, "wrong-horse-9").content.decode()
        return re.sub(r'value="[^"]*"|nonce="[^"]*"|X-CSRFToken": "[^"]*"', "", page)

    assert shown(user.username) == shown("nobody-here")
    assert shown("li@example.com") == shown("nobody@example.com")


def test_a_session_is_dead_after_signing_out(client):
    client.force_login(make_user())
    stolen = client.cookies["duobiao_session"].value

    client.post("/accounts/logout/")

    thief = Client()
    thief.cookies["duobiao_session"] = stolen
    assert thief.get("/profile/").status_code == 302


def test_changing_the_password_ends_every_other_session_and_the_old_cookie(client):
    user, other = make_user(), Client()
    other.force_login(user)
    client.force_login(user)
    stolen = client.cookies["duobiao_session"].value

    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "green-hill-42", "password2": "green-hill-42"},
    )

    assert answer.status_code == 302
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    thief = Client()
    thief.cookies["duobiao_session"] = stolen
    assert thief.get("/profile/").status_code == 302


def test_signing_in_gives_the_session_another_key(client):
    user = make_user()
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key

    try_to_sign_in(client, user.username, PASSWORD)

    assert client.session.session_key != before


def test_a_forgotten_password_is_reset_by_mail_in_the_readers_language(client, mailoutbox):
    make_user(email="li@example.com", language="en", username="lixf")

    known = client.post("/accounts/password/reset/", {"email": "LI@example.com"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mailoutbox] == [["li@example.com"]]
    assert mailoutbox[0].subject.startswith("Set your password")
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mailoutbox[0].body)
    assert "password1" in client.get(link.group(1), follow=True).content.decode()


def test_a_second_step_is_set_up_and_then_asked_for(client):
    user = make_user()
    try_to_sign_in(client, user.username, PASSWORD)
    asked = client.get("/accounts/2fa/totp/activate/", follow=True).redirect_chain[-1][0]
    assert asked.startswith("/accounts/reauthenticate/")
    confirmed = client.post(asked, {"password": PASSWORD})
    assert confirmed["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"data-select>([A-Z2-7]+)<", page).group(1)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    answer = client.post("/accounts/2fa/totp/activate/", {"code": code})

    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    for path in (
        "/accounts/2fa/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
    ):
        assert client.get(path).status_code == 200, path
    fresh = Client()
    assert try_to_sign_in(fresh, user.username, PASSWORD)["Location"].startswith("/accounts/2fa/authenticate/")
    assert fresh.get("/profile/").status_code == 302
    assert fresh.get("/accounts/2fa/authenticate/").status_code == 200
    assert fresh.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert fresh.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert fresh.get("/profile/").status_code == 200
    administrator = Client()
    administrator.force_login(make_administrator())
    card = f"/admin/users/{user.ref}/"
    assert f'action="{card}second-step/"' in administrator.get(card).content.decode()
    assert administrator.post(f"{card}second-step/").status_code == 303
    assert f'action="{card}second-step/"' not in administrator.get(card).content.decode()
    assert try_to_sign_in(Client(), user.username, PASSWORD)["Location"] == "/"


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
@pytest.mark.parametrize(
    "path",
    [
        LOGIN,
        "/accounts/inactive/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-bad-key/",
        "/accounts/password/reset/key/done/",
    ],
)
def test_pages_around_signing_in_render(client, language, path):
    client.cookies["duobiao_language"] = language

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_the_own_account_render(client, language):
    user = make_administrator(language=language)
    try_to_sign_in(client, user.username, PASSWORD)

    for path in (
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/accounts/reauthenticate/",
        "/accounts/logout/",
        "/profile/",
    ):
        assert client.get(path).status_code == 200, path
