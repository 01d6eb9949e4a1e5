"""What goes wrong becomes a page, a fragment or JSON."""

import errno
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse

from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.web import errors
from duobiao.web.middleware import refusals
from duobiao.web.tests.page import Page


def _answer(request, exception):
    return refusals(lambda _: HttpResponse()).process_exception(request, exception)


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (Invalid("no"), 422, "invalid"),
        (NotAllowed("no"), 403, "not_allowed"),
        (NotFound("no"), 404, "not_found"),
        (Conflict("no"), 409, "conflict"),
        (StaleVersion("no"), 409, "stale_version"),
    ],
)
def test_each_refusal_answers_with_its_status_as_page_fragment_and_json(browse, refusal, status, code):
    page = _answer(browse("/x/"), refusal)
    fragment = _answer(browse("/x/", htmx=True), refusal)
    api = _answer(browse("/api/v1/x"), refusal)

    assert [page.status_code, fragment.status_code, api.status_code] == [status] * 3
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert json.loads(api.content) == {"code": code, "message": "no", "fields": {}}


def test_a_refusal_over_htmx_leaves_what_was_typed_alone(browse):
    response = _answer(browse("/x/", htmx=True), Invalid("the day lies ahead", fields={"on": "too late"}))

    assert response["HX-Retarget"] == "#page-notice"
    assert response["HX-Reswap"] == "innerHTML"
    page = Page.of(response.content.decode())
    assert page.one("b").text == "This cannot be saved as it stands"
    assert page.one("li").text == "too late"
    assert "the day lies ahead" in page.one(role="alert").text


def test_the_api_names_the_fields_and_the_present_values(browse):
    refusal = StaleVersion("changed", fields={"amount": "now 5"}, details={"current": {"amount": 5}})

    body = json.loads(_answer(browse("/api/v1/x"), refusal).content)

    assert body["fields"] == {"amount": "now 5"}
    assert body["details"] == {"current": {"amount": 5}}


def test_script_in_a_refusal_is_shown_as_text(browse):
    html = _answer(browse("/x/"), Invalid("<script>alert(1)</script>")).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_signed_in_people_keep_the_shell_around_a_refusal(browse):
    stranger = _answer(browse("/x/"), Invalid("no")).content.decode()
    member = _answer(browse("/x/", signed_in=True), Invalid("no")).content.decode()

    assert 'class="rail"' not in stranger
    assert 'class="rail"' in member


@pytest.mark.parametrize(
    "error",
    [OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left on device")],
)
def test_a_full_disk_answers_507_without_touching_the_database(browse, error):
    response = _answer(browse("/x/", signed_in=True), error)

    assert response.status_code == 507
    assert "There is no room left to save" in response.content.decode()


def test_other_errors_are_left_to_django(browse):
    assert _answer(browse("/x/"), ValueError("bug")) is None
    assert _answer(browse("/x/"), OperationalError("database is locked")) is None


def test_a_fault_of_our_own_answers_500_and_tells_nothing(browse, django_assert_num_queries):
    request = browse("/x/")
    try:
        raise ValueError("dbt_secret")
    except ValueError:
        response = errors.server_error(request)

    assert response.status_code == 500
    assert "dbt_secret" not in response.content.decode()
    assert "Something went wrong on our side" in response.content.decode()


def test_a_fault_of_our_own_is_json_for_the_api(browse):
    response = errors.server_error(browse("/api/v1/x"))

    assert json.loads(response.content)["code"] == "server_error"


def test_handlers_answer_in_words(browse):
    denied = errors.permission_denied(browse("/x/"), PermissionDenied("only managers may waive"))
    absent = errors.page_not_found(browse("/x/"), Http404("No Customer matches the given query."))
    damaged = errors.bad_request(browse("/x/"), ValueError("x"))
    expired = errors.csrf_failure(browse("/x/"), reason="CSRF cookie not set.")

    assert [r.status_code for r in (denied, absent, damaged, expired)] == [403, 404, 400, 403]
    assert "only managers may waive" in denied.content.decode()
    assert "No Customer" not in absent.content.decode()
    assert "This form has expired" in expired.content.decode()


def test_pages_and_fragments_of_one_address_are_kept_apart_by_caches(browse):
    assert "HX-Request" in _answer(browse("/x/"), Invalid("no"))["Vary"]
