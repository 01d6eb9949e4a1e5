"""Answers of views."""

import json

import pytest
from django.contrib.messages.storage.cookie import CookieStorage

from duobiao.web import http


def test_after_a_plain_form_the_person_is_taken_on(browse):
    request = browse("/x/", method="post")
    request._messages = CookieStorage(request)

    response = http.done(request, to="/calls/1/", fires="evidence-confirmed", toast="Saved")

    assert response.status_code == 303
    assert response["Location"] == "/calls/1/"
    assert [str(message) for message in request._messages] == ["Saved"]


def test_after_a_form_sent_by_htmx_the_page_goes_on(browse):
    response = http.done(browse("/x/", method="post", htmx=True), to="/calls/1/", fires="evidence-confirmed")

    assert response.status_code == 204
    assert response["HX-Redirect"] == "/calls/1/"


def test_after_a_form_in_the_dialog_the_page_stays_and_its_panels_refresh(browse):
    request = browse("/x/", method="post", htmx=True, headers={"X-Dialog": "1"})

    response = http.done(request, to="/calls/1/", fires="evidence-confirmed", toast="已记录")

    assert response.status_code == 204
    assert "HX-Redirect" not in response
    assert json.loads(response["HX-Trigger"]) == {
        "evidence-confirmed": {},
        "toast": {"text": "已记录", "tone": "ok"},
        "dialog-close": {},
    }


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/pipeline/?sort=-amount", "/pipeline/?sort=-amount"),
        ("https://evil.example/", "/default/"),
        ("//evil.example/", "/default/"),
        ("javascript:alert(1)", "/default/"),
        ("", "/default/"),
    ],
)
def test_one_is_only_sent_back_to_this_site(browse, wanted, expected):
    assert http.back_to(browse("/x/", form={"next": wanted}), "/default/") == expected


def test_htmx_gets_the_fragment_and_everybody_else_the_page(browse):
    choice = {"page": "web/keys.html", "fragment": "web/_keys.html"}

    page = http.page_or_fragment(browse("/x/"), **choice)
    fragment = http.page_or_fragment(browse("/x/", htmx=True), **choice)
    restored = http.page_or_fragment(browse("/x/", htmx=True, headers={"HX-History-Restore-Request": "true"}), **choice)

    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "<html" in restored.content.decode()
    assert page["Vary"] == fragment["Vary"] == "HX-Request"
