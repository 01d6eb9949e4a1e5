"""Row 27: another site cannot act in somebody's name."""

import re

import pytest

from tests.support.halves import our_half
from tests.support.routes import api_addresses, pages

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
PARAMETER = re.compile(r"\(\?P<\w+>[^)]*\)|<[^>]+>|\{\w+\}")


def addresses() -> list[str]:
    """Return one sample address for every page and every operation."""
    return sorted({PARAMETER.sub("1", path) for path in {route.path for route in pages()} | api_addresses()})


@pytest.fixture(scope="module")
def lin(served):
    return served.visitor("lin")


def test_every_unsafe_route_refuses_what_another_site_sends(lin, figure, full_drill):
    """Row 27: without the token, and with a true token but a foreign origin, 100% are refused."""
    token = {"csrfmiddlewaretoken": lin.csrf("/profile/")["csrfmiddlewaretoken"]}
    foreign = {"Origin": "https://evil.example"}
    accepted, tried = [], 0
    paths = our_half(addresses())
    for place, path in enumerate(paths):
        wanted = (401, 403, 404, 405) if path.startswith("/api/") else (403, 405)
        for method in UNSAFE if full_drill or place % 8 == 0 else UNSAFE[:1]:
            bare = lin.request(method, path, body=b"", headers={"Content-Type": "text/plain"})
            answers = [bare, lin.post(path, token, headers=foreign)] if method == "POST" else [bare]
            tried += len(answers)
            accepted += [(method, path, answer.status) for answer in answers if answer.status not in wanted]

    figure(27, f"{tried - len(accepted)} of {tried} forged requests on {len(paths)} routes refused")
    assert accepted == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Host": "evil.example"},
        {"Referer": "https://evil.example/", "Origin": "http://127.0.0.1.evil.example"},
    ],
)
def test_an_origin_that_only_looks_like_ours_is_refused(lin, headers):
    """Row 27: opaque origins, lookalike names and foreign hosts count as foreign."""
    answer = lin.post("/profile/", lin.csrf("/profile/"), headers=headers)

    assert answer.status in (400, 403)


def test_a_token_of_another_session_is_refused(served, lin):
    """Row 27: the token belongs to the browser that got it."""
    stolen = served.visitor("zhou").csrf("/profile/")
    lin.cookies.pop("csrftoken")

    assert lin.post("/profile/", stolen).status == 403


def test_a_session_cookie_alone_opens_no_api(lin):
    """Row 27: the API takes bearer tokens only, so no other site can use it through a browser."""
    assert lin.api("POST", "/customers", {"name": "forged"}).status == 401
    assert lin.get("/api/v1/me").status == 401


def test_what_changes_data_is_never_a_get(lin):
    """Row 27: a link that is followed signs nobody out and deletes nothing."""
    assert lin.get("/accounts/logout/").status in (200, 405)
    assert lin.get("/profile/").status == 200
