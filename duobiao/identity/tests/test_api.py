"""The API: signing in, errors, pages, strict bodies, the operations of identity."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.identity.models import ApiToken, RoleGrant, Unit, User
from duobiao.identity.tests.factories import make_administrator, make_token, make_unit, make_user
from duobiao.kernel.days import local_day
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_api(now) -> ApiClient:
    """The API as an administrator uses it."""
    return ApiClient(make_token(make_administrator(username="admin", name="周敏"), now))


def test_me_tells_who_the_token_is_and_what_it_may(now, api):
    unit = make_unit("华东一部")
    user = make_user(username="lixf", name="李晓峰", unit=unit, language="en", time_zone="UTC")

    body = api(make_token(user, now)).get("/me").json()

    assert body | {"permissions": {}} == {
        "ref": user.ref,
        "username": "lixf",
        "name": "李晓峰",
        "email": "",
        "role": "seller",
        "unit": {"ref": unit.ref, "name": "华东一部"},
        "language": "en",
        "time_zone": "UTC",
        "version": 1,
        "permissions": {},
    }
    assert (body["permissions"]["customers.view"], body["permissions"]["identity.users"]) == ("own", "none")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer dbt_" + "a" * 40])
def test_without_a_live_token_the_answer_is_401(client, header):
    answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert set(answer.json()) == {"code", "message", "fields"}


def test_a_session_is_no_way_into_the_api(client):
    client.force_login(make_administrator())

    assert client.get("/api/v1/me").status_code == 401
    assert client.post("/api/v1/units", {"name": "x"}, content_type="application/json").status_code == 401
    assert not Unit.objects.exists()


def test_expired_and_revoked_tokens_and_closed_accounts_are_refused_at_once(now, api):
    user = make_user()
    token = make_token(user, now)
    assert api(token).get("/me").status_code == 200

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api(token).get("/me").status_code == 401
    ApiToken.objects.update(expires_at=None, revoked_at=now)
    assert api(token).get("/me").status_code == 401
    ApiToken.objects.update(revoked_at=None)
    User.objects.update(is_active=False)
    assert api(token).get("/me").status_code == 401


def test_a_reading_token_reads_and_nothing_else(now, api):
    reader = api(make_token(make_administrator(), now, read_only=True))

    assert reader.get("/units").status_code == 200
    refused = reader.post("/units", {"name": "x"}, idempotency_key="k1")
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only_token")
    assert reader.post("/units", {"name": "x"}).status_code == 403
    assert not Unit.objects.exists()


def test_a_token_notes_the_day_of_its_use_once(now, api, django_assert_max_num_queries):
    client = api(make_token(make_user(), now))
    client.get("/me")

    with django_assert_max_num_queries(4):
        client.get("/me")

    assert ApiToken.objects.get().last_used_on == local_day(timezone.now())


def test_unknown_fields_and_bad_values_are_named(admin_api):
    answer = admin_api.post("/users", {"username": "x", "is_active": False, "role": "seller", "is_superuser": True})

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert set(answer.json()["fields"]) == {"name", "is_active", "is_superuser"}
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
def test_text_that_no_database_stores_is_refused(admin_api, name):
    body = json.dumps({"name": name})

    answer = admin_api.post("/units", body)

    assert answer.status_code == 422
    assert not Unit.objects.exists()


def test_a_body_that_is_no_json_is_refused(admin_api):
    answer = admin_api.post("/units", "{")

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_unknown_addresses_and_records_are_404_in_the_one_shape(admin_api):
    assert admin_api.put("/roles/seller/no.right", {"scope": "all"}).json()["code"] == "not_found"
    assert admin_api.get("/users", q="a\x00").json()["code"] == "malformed_address"
    for path in ("/nothing", "/users/E-0000000000"):
        answer = admin_api.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_sellers_pick_people_and_units_and_administer_nothing(now, api):
    client = api(make_token(make_user(name="甲"), now))
    make_user(name="乙", is_active=False)

    assert [row["name"] for row in client.get("/users").json()["items"]] == ["甲"]
    assert client.get("/units").json() == []
    for answer in (
        client.post("/users", {"username": "x", "name": "x", "role": "administrator"}),
        client.get(f"/users/{User.objects.first().ref}"),
        client.patch(f"/users/{User.objects.first().ref}", {"version": 1, "role": "administrator"}),
        client.post("/units", {"name": "x"}),
        client.get("/roles"),
        client.put("/roles/seller/identity.users", {"scope": "all"}),
        client.get("/company"),
        client.get("/audit"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert User.objects.count() == 2
    assert not RoleGrant.objects.exists()


def test_accounts_are_run_through_the_api(admin_api):
    unit, successor = make_unit("华东"), make_user()
    made = admin_api.post("/users", {"username": "chen", "name": "陈思远", "role": "seller", "unit": unit.ref})
    ref = made.json()["user"]["ref"]
    changed = admin_api.patch(f"/users/{ref}", {"version": 1, "role": "manager", "unit": None})
    stale = admin_api.patch(f"/users/{ref}", {"version": 1, "name": "x"})
    closed = admin_api.post(f"/users/{ref}/deactivate", {"version": 2, "successor": successor.ref})
    opened = admin_api.post(f"/users/{ref}/reactivate", {"version": 3})
    link = admin_api.post(f"/users/{ref}/password-link")

    assert made.status_code == 201
    assert made.json()["password_url"].startswith("http://testserver/accounts/password/reset/key/")
    assert (changed.json()["role"], changed.json()["unit"], changed.json()["version"]) == ("manager", None, 2)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert stale.json()["details"]["current"] == {"version": "2", "name": "陈思远"}
    assert closed.json()["is_active"] is False
    assert opened.json()["user"]["is_active"] is True
    assert link.status_code == 200


def test_units_roles_company_and_tokens_are_run_through_the_api(admin_api):
    top = admin_api.post("/units", {"name": "公司"}).json()
    east = admin_api.post("/units", {"name": "华东", "parent": top["ref"]}).json()
    moved = admin_api.patch(f"/units/{east['ref']}", {"version": 1, "name": "东部", "parent": None}).json()
    assert (moved["name"], moved["parent"], moved["version"]) == ("东部", None, 3)
    assert admin_api.delete(f"/units/{east['ref']}", {"version": 3}).status_code == 204

    grant = admin_api.put("/roles/seller/customers.view", {"scope": "unit", "seen": "own"}).json()
    assert (grant["scope"], grant["shipped"]) == ("unit", "own")
    assert admin_api.put("/roles/seller/customers.view", {"scope": None}).json()["scope"] == "own"
    assert len(admin_api.get("/roles").json()) > 300

    company = admin_api.patch("/company", {"version": 1, "name": "夺标", "mail_password": "canary"}).json()
    assert (company["name"], company["version"]) == ("夺标", 2)
    assert "canary" not in json.dumps(admin_api.get("/company").json())

    token = admin_api.post("/tokens", {"name": "ERP", "expires_days": 30, "read_only": True})
    assert token.status_code == 201
    assert token.json()["token"].startswith("dbt_")
    assert admin_api.delete(f"/tokens/{token.json()['ref']}").status_code == 204
    assert [row["name"] for row in admin_api.get("/tokens").json()] == ["test", "ERP"]
    assert admin_api.get("/audit", event="identity.token_created", limit=1).json()["items"][0]["actor"] == "周敏"


def test_a_person_changes_the_own_profile(now, api):
    client = api(make_token(make_user(), now))

    assert client.patch("/me", {"version": 1, "language": "en", "name": "新名"}).json()["name"] == "新名"
    assert client.patch("/me", {"version": 2, "role": "administrator"}).status_code == 422
    assert client.patch("/me", {"version": 1, "name": "x"}).status_code == 409


def test_pages_follow_each_other_without_gap_or_double(admin_api):
    for number in range(7):
        make_user(name="同名" if number % 2 else f"员工{number}")
    make_user(name="同名")
    seen, cursor = [], ""

    while True:
        body = admin_api.get("/users", limit=2, cursor=cursor).json()
        seen += [row["ref"] for row in body["items"]]
        cursor = body["next"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 9
    assert set(seen) == set(User.objects.values_list("ref", flat=True))


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": "eyJ4IjoxfQ:1:x"}, {"limit": 0}, {"limit": 201}])
def test_damaged_cursors_and_silly_limits_are_refused(admin_api, query):
    answer = admin_api.get("/users", **query)

    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {next(iter(query))}


def test_the_audit_is_paged(admin_api):
    for number in range(5):
        admin_api.post("/units", {"name": f"{number}部"})

    first = admin_api.get("/audit", event="identity.unit_created", limit=3).json()
    second = admin_api.get("/audit", event="identity.unit_created", limit=3, cursor=first["next"]).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (3, 2, None)
    assert admin_api.get("/audit", cursor="broken").status_code == 422


def test_the_schema_documents_every_refusal_and_names_every_operation(client):
    schema = client.get("/api/v1/openapi.json").json()

    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert {"401", "403", "404", "409", "422"} <= set(operation["responses"])
    assert client.get("/api/v1/docs").status_code == 200


def test_errors_speak_the_language_asked_for(now, client):
    make_administrator(name="周敏")
    token = make_token(make_user(language="en"), now)

    def message(**headers: str) -> str:
        return client.get("/api/v1/roles", headers={"Authorization": f"Bearer {token}", **headers}).json()["message"]

    assert message() == "Your role (Seller) lacks the right “Manage roles”. An administrator can give it: 周敏."
    assert message(**{"Accept-Language": "zh-CN"}) == "你的角色（销售）没有“管理角色”这项权限，可请管理员授权：周敏"


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"name": "a\x00b"}, "name", "contains a character that cannot be stored"),
        ([1], "body", "Write a group of names and values in curly brackets."),
        ({"name": "甲", "scale": "GIGANTIC"}, "scale", "Choose one of: "),
        (
            {"name": "甲", "annual_revenue": {"amount_minor": True}},
            "annual_revenue.amount_minor",
            "Write a whole number without quotation marks.",
        ),
        (
            {"name": "甲", "annual_revenue": {"amount_minor": 1, "currency": "QQQ"}},
            "annual_revenue.currency",
            "is not a currency code such as CNY, USD or EUR",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_would(now, client, body, field, reason):
    token = make_token(make_administrator(username="admin", name="周敏"), now)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    answer = client.post("/api/v1/customers", body, content_type="application/json", headers=headers)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert answer.json()["fields"][field].startswith(reason)


def test_a_body_that_is_no_json_is_told_so_in_the_readers_language(now, client):
    token = make_token(make_administrator(username="admin", name="周敏"), now)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh-CN"}

    answer = client.post("/api/v1/customers", "{", content_type="application/json", headers=headers)

    message = "正文不是 JSON，请写成 UTF-8 编码的 JSON"
    assert answer.status_code == 422
    assert answer.json() == {"code": "malformed", "message": message, "fields": {"body": message}}
