"""Rows 23, 33 and 34: who lost a right loses it at once; guessing is slow; a stolen session ends with its owner's."""

from tests.support.drills import Stopwatch
from tests.support.people import PASSWORD

NEW_PASSWORD = "other-battery-7"
ENGLISH = {"Accept-Language": "en"}


def ref_of(served, username):
    return served.program(username).get("/api/v1/me").json()["ref"]


def is_signed_in(visitor):
    answer = visitor.get("/profile/")
    assert answer.status in (200, 302), answer.status
    return answer.status == 200


def change_password(visitor):
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    path = "/accounts/password/change/"
    assert visitor.post(path, {**visitor.csrf(path), **form}).status == 302


def test_somebody_closed_out_in_mid_session_is_refused_at_the_next_request(served, figure):
    """Row 23: the next request of the session and of the token is refused, reading and writing."""
    browser, program, boss = served.visitor("leaver"), served.program("leaver"), served.program("boss")
    assert is_signed_in(browser)
    token = browser.csrf("/profile/")

    version = boss.get(f"/api/v1/users/{ref_of(served, 'leaver')}").json()["version"]
    answer = boss.api("POST", f"/users/{ref_of(served, 'leaver')}/deactivate", {"version": version})
    assert answer.status == 200, answer.text
    watch, newcomer = Stopwatch(), served.visitor()
    newcomer.sign_in("leaver", PASSWORD)
    outcomes = [
        is_signed_in(browser),
        browser.post("/profile/", {**token, "name": "still here"}).status in (200, 303),
        program.get("/api/v1/me").status == 200,
        program.api("POST", "/customers", {"name": "still here"}).status == 201,
        is_signed_in(newcomer),
    ]

    figure(
        23, f"{outcomes.count(False)} of {len(outcomes)} requests after the closing refused in {watch.seconds:.2f} s"
    )
    assert outcomes == [False] * len(outcomes)


def test_a_session_that_was_copied_ends_with_signing_out(served, figure):
    """Row 34: the cookies of before open nothing after signing out."""
    owner, thief = served.visitor("copied"), served.visitor()
    thief.cookies = dict(owner.cookies)
    assert is_signed_in(thief)

    assert owner.post("/accounts/logout/", owner.csrf("/profile/")).status == 302

    signed_in = [is_signed_in(owner), is_signed_in(thief)]
    figure(34, f"{signed_in.count(False)} of 2 uses of a session refused after signing out")
    assert signed_in == [False, False]


def test_a_session_that_was_copied_ends_with_a_new_password(served, figure):
    """Row 34: a new password ends every other session; the one that changed it goes on."""
    owner, thief, elsewhere = served.visitor("renewed"), served.visitor(), served.visitor("renewed")
    thief.cookies = dict(owner.cookies)

    change_password(owner)

    signed_in = [is_signed_in(thief), is_signed_in(elsewhere)]
    figure(34, f"{signed_in.count(False)} of 2 other sessions refused after a new password")
    assert signed_in == [False, False]
    assert is_signed_in(owner)


def test_signing_in_gives_a_new_session(served):
    """Row 34: a session prepared by somebody else is not the one the person works in."""
    planted = served.visitor()
    planted.cookies["duobiao_session"] = "a" * 32
    planted.sign_in("planted", PASSWORD)

    assert planted.cookies["duobiao_session"] != "a" * 32
    attributes = served.visitor().sign_in("planted", PASSWORD).headers["Set-Cookie"]
    assert "HttpOnly" in attributes
    assert "SameSite=Lax" in attributes


def test_guessing_is_limited_and_the_victim_signs_in_from_elsewhere(served, figure, full_drill):
    """Row 33: spoofed forwarding headers buy no further tries; the account stays open to its owner."""
    guesser = served.visitor(source="127.0.0.2")
    token = guesser.csrf("/accounts/login/")
    tries, looked_at, watch = 10_000 if full_drill else 40, 0, Stopwatch()
    for number in range(tries):
        spoofed = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        answer = guesser.post(
            "/accounts/login/",
            {**token, "login": "victim", "password": f"guess-{number}"},
            headers={"X-Forwarded-For": spoofed, "X-Real-IP": spoofed, "Forwarded": f"for={spoofed}", **ENGLISH},
        )
        assert answer.status in (200, 429)
        looked_at += "is not right" in answer.text
    owner = served.visitor(source="127.0.0.3").sign_in("victim", PASSWORD)

    allowed = 5 * (watch.seconds // 300 + 1)
    figure(33, f"{looked_at} of {tries} guesses looked at in {watch.seconds:.0f} s; the owner signs in from elsewhere")
    assert 1 <= looked_at <= allowed
    assert owner.status == 302
    assert guesser.post("/accounts/login/", {**token, "login": "victim", "password": PASSWORD}).status != 302
