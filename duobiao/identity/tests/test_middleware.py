"""Language, zone, the sign-in rule."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone, translation

from duobiao.identity.models import CompanySettings
from duobiao.identity.tests.factories import make_administrator, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.mark.parametrize(
    ("cookie", "header", "words"),
    [
        ("", "", "登录"),
        ("", "en-GB,en;q=0.8", "Sign in"),
        ("", "fr-FR", "登录"),
        ("", "zh-TW,zh;q=0.9", "登入"),
        ("zh-hans", "en", "登录"),
        ("en", "zh-CN", "Sign in"),
        ("klingon", "en", "Sign in"),
    ],
)
def test_the_page_speaks_the_language_of_the_device(client, cookie, header, words):
    if cookie:
        client.cookies["duobiao_language"] = cookie

    answer = client.get(LOGIN, headers={"Accept-Language": header} if header else {})

    assert words in answer.content.decode()
    assert "Accept-Language" in answer["Vary"]


def test_a_person_finds_the_own_language_on_any_device(client):
    client.force_login(make_user(language="en"))

    page = client.get("/profile/", headers={"Accept-Language": "zh-CN"}).content.decode()

    assert 'lang="en"' in page
    assert "My profile" in page
    assert translation.get_language() == "zh-hans"


def test_signing_in_carries_the_language_to_the_device(client):
    user = make_user(language="en")

    client.post(LOGIN, {"login": user.username, "password": "correct-horse-9"})

    assert client.cookies["duobiao_language"].value == "en"


@pytest.mark.parametrize(
    ("own", "company", "expected"), [("", "", "08:30"), ("UTC", "", "00:30"), ("", "UTC", "00:30")]
)
def test_moments_stand_in_the_zone_of_the_person_else_the_company(client, own, company, expected):
    admin = make_administrator(time_zone=own)
    admin.last_login = timezone.now().replace(year=2026, month=9, day=14, hour=0, minute=30)
    admin.save(update_fields=["last_login"])
    if company:
        CompanySettings.objects.create(pk=1, time_zone=company)
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    type(admin).objects.filter(pk=admin.pk).update(last_login=admin.last_login.replace(hour=0, minute=30))

    page = client.get(reverse("identity:change_user", args=[admin.ref])).content.decode()

    assert expected in page


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(client):
    answer = client.get("/admin/users/?q=x")

    assert answer.status_code == 302
    assert answer["Location"] == f"{LOGIN}?next=/admin/users/%3Fq%3Dx"


def test_a_fragment_asks_the_browser_to_sign_in(client):
    answer = client.get("/admin/users/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (401, LOGIN)


@pytest.mark.parametrize("next_url", ["https://evil.example", "//evil.example/x", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, next_url):
    user = make_user()

    answer = client.post(LOGIN, {"login": user.username, "password": "correct-horse-9", "next": next_url})

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_signing_in_leads_back(client):
    user = make_user()

    answer = client.post(LOGIN, {"login": user.username.upper(), "password": "correct-horse-9", "next": "/profile/"})

    assert answer["Location"] == "/profile/"


@pytest.mark.parametrize("path", ["/profile/%00", "/profile/?x=%00", "/admin/users/?q=a%00b"])
def test_addresses_with_a_null_character_are_refused(client, path):
    client.force_login(make_administrator())

    assert client.get(path).status_code == 400


def test_nobody_can_sign_up():
    client = Client()

    assert client.get("/accounts/signup/").status_code == 404
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert not names & {"account_signup", "socialaccount_signup", "account_email", "socialaccount_connections"}


def test_an_inactive_person_is_told_so_only_with_the_right_password(client):
    user = make_user(is_active=False)

    wrong = client.post(LOGIN, {"login": user.username, "password": "wrong-horse-9"})
    right = client.post(LOGIN, {"login": user.username, "password": "correct-horse-9"})

    assert wrong.status_code == 200
    assert right["Location"] == "/accounts/inactive/"
    assert client.get("/profile/").status_code == 302
