"""Where a person is signed in, and signing out there."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from duobiao.identity import jobs
from duobiao.identity.allauth import UNKNOWN_ADDRESS
from duobiao.identity.devices import device_words, is_hand_held
from duobiao.identity.tests.factories import PASSWORD, make_token, make_user
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
PROFILE = "/profile/"
WINDOWS_EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
)
IPHONE_WECOM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 wxwork/4.1.28 MicroMessenger/7.0.1 Language/zh"
)


def signed_in(user, browser: str = WINDOWS_EDGE, address: str = "203.0.113.9") -> Client:
    client = Client(HTTP_USER_AGENT=browser, REMOTE_ADDR=address, HTTP_ACCEPT_LANGUAGE="en")
    answer = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD, "remember": "on"})
    assert answer.status_code == 302
    return client


def is_let_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


def press(client: Client, address: str) -> str:
    """Press a button of the list and give the password that is asked for; return where it leads."""
    asked = client.post(address)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})
    assert answer.status_code == 303
    return answer["Location"]


def ref_of(client: Client) -> str:
    return str(UserSession.objects.get(session_key=client.session.session_key).pk)


@pytest.mark.parametrize(
    ("user_agent", "words", "hand_held"),
    [
        (WINDOWS_EDGE, "Edge · Windows", False),
        (IPHONE_WECOM, "WeCom · iPhone", True),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/17 Safari/605",
            "Safari · Mac",
            False,
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux", False),
        ("Mozilla/5.0 (Linux; Android 14; V2312A) Chrome/120.0 Mobile Safari/537.36", "Chrome · Android", True),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114 Mobile", "Chrome · HarmonyOS", True),
        ("<script>alert(1)</script>", "Unknown device", False),
        ("", "Unknown device", False),
    ],
)
def test_a_device_is_named_in_plain_words(user_agent, words, hand_held):
    with translation.override("en"):
        assert device_words(user_agent) == words
    assert is_hand_held(user_agent) is hand_held


def test_the_profile_lists_where_the_person_is_signed_in():
    user = make_user()
    desk, _phone, _other = signed_in(user), signed_in(user, IPHONE_WECOM, "198.51.100.7"), signed_in(make_user())

    page = desk.get(PROFILE).content.decode()

    assert page.count('<div class="line-item">') == 2
    assert page.index("Edge · Windows") < page.index("this one") < page.index("WeCom · iPhone")
    assert "203.0.113.9" in page
    assert "198.51.100.7" in page
    assert page.count("Sign out on WeCom") == 1
    assert "Sign out on Edge" not in page


def test_a_device_is_signed_out_after_the_password_was_asked():
    user = make_user()
    desk, phone, tablet = signed_in(user), signed_in(user, IPHONE_WECOM), signed_in(user)

    to = press(desk, reverse("identity:end_session", args=[ref_of(phone)]))

    assert to == PROFILE
    assert [is_let_in(desk), is_let_in(phone), is_let_in(tablet)] == [True, False, True]
    entry = Entry.objects.get(event="identity.sessions_ended")
    assert (entry.actor, entry.detail.data["sessions"]) == (user, 1)
    assert "iPhone" in entry.detail.data["note"]


def test_all_other_devices_are_signed_out_at_once():
    user, neighbour = make_user(), make_user()
    desk, phone, tablet, stranger = signed_in(user), signed_in(user), signed_in(user), signed_in(neighbour)

    press(desk, reverse("identity:end_sessions"))

    assert [is_let_in(client) for client in (desk, phone, tablet, stranger)] == [True, False, False, True]
    assert "other devices" not in desk.get(PROFILE).content.decode().split('id="sessions"')[1].split("</section>")[0]
    assert Entry.objects.get(event="identity.sessions_ended").detail.data["sessions"] == 2


def test_without_the_password_nobody_is_signed_out():
    user = make_user()
    desk, phone = signed_in(user), signed_in(user)
    address = reverse("identity:end_sessions")
    desk.post(address)

    answer = desk.post("/accounts/reauthenticate/", {"password": "wrong-horse-9", "next": address})

    assert answer.status_code == 200
    assert is_let_in(phone)
    assert not Entry.objects.filter(event="identity.sessions_ended").exists()


def test_nobody_is_signed_out_by_somebody_else():
    victim, thief = signed_in(make_user()), signed_in(make_user())
    address = reverse("identity:end_session", args=[ref_of(victim)])
    thief.post(address)

    answer = thief.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})

    assert answer.status_code == 404
    assert is_let_in(victim)
    assert not Entry.objects.filter(event="identity.sessions_ended").exists()


def test_a_session_that_ended_is_not_listed():
    user = make_user()
    signed_in(user).post("/accounts/logout/")
    desk, forgotten = signed_in(user), signed_in(user, IPHONE_WECOM)
    assert "iPhone" in desk.get(PROFILE).content.decode()

    new = {"oldpassword": PASSWORD, "password1": "other-battery-7", "password2": "other-battery-7"}
    assert desk.post("/accounts/password/change/", new).status_code == 302

    page = desk.get(PROFILE).content.decode()
    assert "iPhone" not in page
    assert page.count('<div class="line-item">') == 1
    assert not is_let_in(forgotten)


def test_the_day_of_use_and_the_address_are_kept_up(monkeypatch):
    desk = signed_in(make_user())
    moment = timezone.now() + timedelta(days=2)
    with monkeypatch.context() as later:
        later.setattr("django.utils.timezone.now", lambda: moment)
        desk.get(PROFILE, REMOTE_ADDR="198.51.100.7")

    held = UserSession.objects.get()
    assert (held.last_seen_at, held.ip) == (moment, "198.51.100.7")


def test_a_caller_without_an_address_signs_in_and_is_listed():
    page = signed_in(make_user(), address="").get(PROFILE).content.decode()

    assert page.count('<div class="line-item">') == 1
    assert f"· {UNKNOWN_ADDRESS}" not in page


def test_the_list_costs_the_same_however_long_it_is(django_assert_num_queries, django_assert_max_num_queries):
    user = make_user()
    desk = signed_in(user)
    desk.get(PROFILE)  # the first look warms caches
    with django_assert_max_num_queries(40) as counted:
        desk.get(PROFILE)
    alone = len(counted)
    for _number in range(4):
        signed_in(user)

    with django_assert_num_queries(alone):
        desk.get(PROFILE)


def test_a_program_lists_and_ends_the_browsers_of_its_person(now):
    user = make_user()
    desk, phone, stranger = signed_in(user), signed_in(user, IPHONE_WECOM), signed_in(make_user())
    program = Client(headers={"Authorization": f"Bearer {make_token(user, now)}", "Accept-Language": "en"})

    listed = program.get("/api/v1/me/sessions").json()
    ended = program.delete(f"/api/v1/me/sessions/{ref_of(phone)}")

    assert [row["device"] for row in listed] == ["WeCom · iPhone", "Edge · Windows"]
    assert ended.status_code == 204
    assert [is_let_in(desk), is_let_in(phone)] == [True, False]
    assert program.delete(f"/api/v1/me/sessions/{ref_of(stranger)}").status_code == 404
    assert program.delete("/api/v1/me/sessions").status_code == 204
    assert [is_let_in(desk), is_let_in(stranger)] == [False, True]


def test_a_program_that_may_only_read_ends_nothing(now):
    user = make_user()
    desk = signed_in(user)
    program = Client(headers={"Authorization": f"Bearer {make_token(user, now, read_only=True)}"})

    assert program.delete("/api/v1/me/sessions").status_code == 403
    assert is_let_in(desk)


def test_sessions_that_are_over_are_forgotten_at_night():
    kept, over = signed_in(make_user()), signed_in(make_user())
    Session.objects.filter(session_key=over.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))

    assert jobs.forget_sessions.call() == 1

    assert UserSession.objects.get().session_key == kept.session.session_key
    assert Session.objects.count() == 1
