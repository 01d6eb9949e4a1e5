"""Pages of profile and administration."""

import re

import pytest
from django.urls import reverse

from duobiao.identity.models import ApiToken, CompanySettings, RoleGrant, Unit, User
from duobiao.identity.tests.factories import make_administrator, make_unit, make_user
from duobiao.kernel.days import local_day
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
PAGES = ["profile", "administration", "users", "invite_user", "units", "roles", "company", "audit"]


@pytest.fixture
def admin(client) -> User:
    """An administrator who is signed in."""
    user = make_administrator(name="周敏", email="zhou@example.com")
    client.force_login(user)
    return user


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_render_in_both_languages(client, admin, page, language):
    client.cookies["duobiao_language"] = language

    answer = client.get(reverse(f"identity:{page}"))

    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()


@pytest.mark.parametrize("page", [page for page in PAGES if page != "profile"])
def test_sellers_are_turned_away(client, page):
    client.force_login(make_user())

    assert client.get(reverse(f"identity:{page}")).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Your role (Seller) lacks the right “Manage people”. An administrator can give it: 周敏."),
        ("zh-hans", "没有“管理人员”这项权限，可请管理员授权：周敏"),
    ],
)
def test_who_is_turned_away_reads_which_right_is_missing_and_whom_to_ask(client, language, words):
    make_administrator(name="周敏")
    client.force_login(make_user())
    client.cookies["duobiao_language"] = language

    page = client.get(reverse("identity:users")).content.decode()

    assert words in page
    assert not re.search(r">[^<]*not_allowed", page)


def test_an_account_is_opened_and_its_link_shown_and_mailed(client, admin, mailoutbox):
    unit = make_unit("华东一部")

    answer = client.post(
        reverse("identity:invite_user"),
        {"name": "陈思远", "username": "chen", "email": "chen@example.com", "role": "seller", "unit": unit.ref},
    )

    page = answer.content.decode()
    link = re.search(r"http://testserver/accounts/password/reset/key/[^<\"]+", page).group(0)
    assert User.objects.get(username="chen").unit == unit
    assert mailoutbox[0].to == ["chen@example.com"]
    assert link in mailoutbox[0].body
    assert "no-store" in answer["Cache-Control"]


def test_a_taken_name_shows_the_form_again_with_the_reason(client, admin):
    make_user(username="chen")

    answer = client.post(reverse("identity:invite_user"), {"name": "陈", "username": "CHEN", "role": "seller"})

    assert answer.status_code == 422
    assert "这个登录名" in answer.content.decode() or "请换一个" in answer.content.decode()
    assert User.objects.count() == 2


def test_an_account_is_changed_closed_with_handover_and_reopened(client, admin):
    user, successor = make_user(name="王伟"), make_user(name="许文博")
    page = reverse("identity:change_user", args=[user.ref])
    assert client.get(page).status_code == 200

    client.post(page, {"name": "王伟", "username": user.username, "role": "manager", "version": 1})
    closing = reverse("identity:deactivate_user", args=[user.ref])
    assert client.get(closing).status_code == 200
    client.post(closing, {"successor": successor.ref, "version": 2})

    user.refresh_from_db()
    assert (user.role, user.is_active) == ("manager", False)
    reopened = client.post(reverse("identity:reactivate_user", args=[user.ref]), {"version": 3})
    assert "/accounts/password/reset/key/" in reopened.content.decode()
    assert client.post(reverse("identity:make_password_link", args=[user.ref])).status_code == 200


def test_a_stale_account_page_is_a_conflict(client, admin):
    user = make_user()
    page = reverse("identity:change_user", args=[user.ref])
    values = {"name": "甲", "username": user.username, "role": "seller", "version": 1}
    client.post(page, values)

    answer = client.post(page, {**values, "name": "乙"})

    assert answer.status_code == 409
    assert User.objects.get(pk=user.pk).name == "甲"


def test_people_are_searched_and_filtered(client, admin):
    unit = make_unit("北京部")
    make_user(name="李晓峰", username="lixf", unit=unit)
    make_user(name="李娜", is_active=False)

    def names(**query: str) -> set[str]:
        page = client.get(reverse("identity:users"), query).content.decode()
        return set(re.findall(r"<a href=\"/admin/users/[^\"]+\"><b>([^<]+)</b>", page))

    assert names(q="李") == {"李晓峰"}
    assert names(q="李", state="all") == {"李晓峰", "李娜"}
    assert names(state="closed") == {"李娜"}
    assert names(role="administrator") == {"周敏"}
    assert names(unit=unit.ref) == {"李晓峰"}
    assert names(q="nobody") == set()


def test_the_tree_is_edited_without_javascript(client, admin):
    page = reverse("identity:units")
    client.post(reverse("identity:create_unit"), {"name": "公司", "parent": ""})
    top = Unit.objects.get(name="公司")
    client.post(reverse("identity:create_unit"), {"name": "华东", "parent": top.ref})
    east = Unit.objects.get(name="华东")
    assert client.get(page, {"edit": east.ref}).status_code == 200

    client.post(reverse("identity:change_unit", args=[east.ref]), {"name": "东部", "parent": "", "version": 1})
    east.refresh_from_db()
    assert (east.name, east.parent, east.version) == ("东部", None, 3)
    ring = client.post(
        reverse("identity:change_unit", args=[top.ref]), {"name": "公司", "parent": top.ref, "version": 1}
    )
    assert ring.status_code == 422
    client.post(reverse("identity:delete_unit", args=[east.ref]), {"version": 3})

    assert list(Unit.objects.values_list("name", flat=True)) == ["公司"]


def test_a_role_is_changed_and_reset(client, admin):
    page = reverse("identity:change_role_grant", args=["seller"])

    client.post(
        page,
        {
            "scope:customers.view": "unit",
            "seen:customers.view": "own",
            "scope:customers.edit": "own",
            "seen:customers.edit": "own",
        },
    )
    assert list(RoleGrant.objects.values_list("role", "verb", "scope")) == [("seller", "customers.view", "unit")]
    shown = client.get(reverse("identity:roles")).content.decode()
    client.post(page, {"reset": "1"})

    assert "differs" in shown
    assert not RoleGrant.objects.exists()
    assert client.get(reverse("identity:roles"), {"role": "seller"}).status_code == 200
    assert client.post(reverse("identity:change_role_grant", args=["emperor"]), {"reset": "1"}).status_code < 500


def test_company_settings_are_saved_and_tried(client, admin, mailoutbox):
    values = {
        "name": "夺标科技",
        "currency": "CNY",
        "fiscal_year_start_month": 4,
        "time_zone": "Asia/Shanghai",
        "mail_port": 465,
        "mail_security": "ssl",
        "version": 1,
        "second_person_verifies": "on",
    }

    assert client.post(reverse("identity:company"), values).status_code == 303
    assert client.post(reverse("identity:company"), values).status_code == 409
    assert client.post(reverse("identity:send_test_mail")).status_code == 303

    company = CompanySettings.load()
    assert (company.name, company.fiscal_year_start_month, company.second_person_verifies) == ("夺标科技", 4, True)
    assert len(mailoutbox) == 1
    assert "夺标科技" in client.get(reverse("identity:profile")).content.decode()


def test_the_profile_is_saved_and_tokens_are_made_and_revoked(client, admin):
    page = reverse("identity:profile")

    client.post(page, {"name": "周敏敏", "language": "en", "time_zone": "UTC", "version": 1})
    made = client.post(reverse("identity:new_token"), {"name": "ERP", "expires_days": "30"})
    text = re.search(r"dbt_[A-Za-z0-9]{40}", made.content.decode()).group(0)

    admin.refresh_from_db()
    assert (admin.name, admin.language, admin.time_zone) == ("周敏敏", "en", "UTC")
    assert "no-store" in made["Cache-Control"]
    assert text not in client.get(page).content.decode()
    token = ApiToken.objects.get()
    assert client.post(reverse("identity:revoke_token", args=[token.ref])).status_code == 303
    assert ApiToken.objects.get().revoked_at is not None
    other = ApiToken.objects.create(user=make_user(), name="x", digest="1", created_at=token.created_at)
    assert client.post(reverse("identity:revoke_token", args=[other.ref])).status_code == 404


def test_a_token_form_sent_again_makes_no_second_token(client, admin):
    form = {"name": "ERP", "expires_days": "30", "form_token": "t" * 24}

    first = client.post(reverse("identity:new_token"), form)
    again = client.post(reverse("identity:new_token"), form)

    assert "dbt_" in first.content.decode()
    assert (again.status_code, again.url) == (303, reverse("identity:profile"))
    assert ApiToken.objects.count() == 1


def test_the_audit_is_filtered_by_person_event_record_and_day(client, admin):
    user = make_user(name="王伟")
    change = {"name": "王伟", "username": user.username, "role": "manager", "version": 1}
    client.post(reverse("identity:change_user", args=[user.ref]), change)
    client.post(reverse("identity:create_unit"), {"name": "公司", "parent": ""})
    today = local_day(Entry.objects.first().at).isoformat()

    def events(**query: str) -> set[str]:
        page = client.get(reverse("identity:audit"), query).content.decode()
        return set(re.findall(r"<span class=\"nowrap\">([^<]+)</span>", page))

    assert events() == {"identity.user_changed", "identity.unit_created"}
    assert events(event="identity.unit_created") == {"identity.unit_created"}
    assert events(subject=user.ref) == {"identity.user_changed"}
    assert events(actor=admin.ref) == events()
    assert events(actor=user.ref) == set()
    assert events(day="2020-01-01") == set()
    assert events(day="0001-01-01") == events(day="9999-12-31") == set()
    assert events(day="no day") == events(day=today) == events()


def test_executives_read_the_audit_and_cannot_change_anything(client):
    client.force_login(make_user("executive"))

    assert client.get(reverse("identity:audit")).status_code == 200
    assert client.get(reverse("identity:administration")).status_code == 200
    assert client.get(reverse("identity:users")).status_code == 403


@pytest.mark.parametrize("page", ["users", "units", "audit", "profile"])
def test_pages_cost_the_same_for_any_number_of_rows(client, admin, assert_flat_queries, page):
    def grow() -> None:
        for _index in range(4):
            unit = make_unit()
            user = make_user(unit=unit, coach=admin)
            client.post(reverse("identity:make_password_link", args=[user.ref]))

    grow()
    assert assert_flat_queries(visit=lambda: client.get(reverse(f"identity:{page}")), grow=grow) < 16
