"""The shell: what surrounds every page."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http import Http404, HttpResponse
from django.template import engines
from django.utils import translation

from duobiao.kernel.refusals import Invalid
from duobiao.web import context, registry
from duobiao.web.http import render
from duobiao.web.tests.page import Page
from duobiao.web.views import health, help, preferences, styleguide


def _show(request) -> Page:
    return Page.of(help.more(request).content.decode())


def _offer_places() -> None:
    for n, key in enumerate(["today", "pipeline", "customers", "secret"]):
        permission = "x.see" if key == "secret" else None
        registry.register_nav(
            registry.NavItem(key, key.title(), "sun", "web:more", order=n, permission=permission, tab=n + 1)
        )


def test_the_rail_shows_the_permitted_places_in_order(browse):
    _offer_places()

    rail = [link.text for link in _show(browse(signed_in=True)).all("a") if link.path[-1:] == ("nav",)]

    assert rail[1:4] == ["Today", "Pipeline", "Customers"]
    assert "Secret" not in rail


def test_a_permission_opens_its_place(browse):
    _offer_places()
    registry.set_permission_checker(lambda user, verb: (user.pk, verb) == (7, "x.see"))

    assert "Secret" in [link.text for link in _show(browse(signed_in=True)).all("a")]


def test_nobody_signed_in_sees_no_places(browse):
    _offer_places()

    assert [link for link in _show(browse()).all("a") if link.text == "Today"] == []


def test_a_page_names_the_place_it_belongs_to(browse):
    _offer_places()
    request = browse(signed_in=True)
    request.resolver_match = SimpleNamespace(app_name="customers")
    template = '{% extends "web/base.html" %}{% set nav = "pipeline" %}'

    by_namespace = context.Shell(request).nav
    html = engines["jinja2"].from_string(template).render({}, request)

    assert [link.key for link in by_namespace if link.current] == ["customers"]
    current = Page.of(html).all("a", aria_current="page")
    assert {link.text for link in current} == {"Pipeline"}


def test_the_page_has_its_landmarks_and_its_way_past_the_navigation(browse):
    page = _show(browse(signed_in=True))

    assert page.all("a")[0].attributes["href"] == "#main"
    assert page.one("main").attributes["id"] == "main"
    assert page.one("div", "toasts").attributes["aria-live"] == "polite"
    assert page.one("dialog", id="dialog").attributes["aria-labelledby"] == "dialog-title"
    assert page.unbalanced == []


def test_the_page_holds_nothing_that_the_policy_forbids(browse):
    registry.register_search("web:more")
    page = _show(browse(signed_in=True))

    assert [element.tag for element in page.elements if "style" in element.attributes] == []
    assert [name for element in page.elements for name in element.attributes if re.match(r"on[a-z]", name)] == []
    assert all(script.attributes.get("src", "").startswith("/static/") for script in page.all("script"))
    assert all(link.attributes["href"].startswith("/static/") for link in page.all("link"))
    assert "'unsafe-inline'" not in str(settings.CONTENT_SECURITY_POLICY)


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", "auto"), ("<b>", "auto")])
def test_the_server_draws_the_chosen_theme(browse, cookie, theme):
    request = browse(signed_in=True)
    request.COOKIES[context.THEME_COOKIE] = cookie

    html = _show(request).one("html")

    assert html.attributes["data-theme"] == theme
    assert html.attributes.get("data-bs-theme", "auto") == theme


@pytest.mark.parametrize(("code", "html_code"), [("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant"), ("en", "en")])
def test_the_page_says_its_language(browse, code, html_code):
    with translation.override(code):
        assert _show(browse(signed_in=True)).one("html").attributes["lang"] == html_code


def test_tools_menus_and_brand_come_from_above(browse):
    registry.register_top(lambda _: registry.TopTool("Notifications, 3 unread", "bell", "/bell/", 3))
    registry.register_top(lambda _: None)
    registry.register_menu(registry.MenuItem("out", "Sign out", "logout", "web:more", post=True))
    registry.set_user_display(lambda user: registry.UserDisplay(user.name, "East"))
    registry.set_brand(lambda _: registry.Brand("Huaxin"))

    page = _show(browse(signed_in=True))

    assert page.one("a", aria_label="Notifications, 3 unread").text == "3"
    assert page.one("summary", aria_label="Account of 林晓").text == "林"
    assert len([form for form in page.all("form", method="post") if form.text == "Sign out"]) == 2
    assert page.one("title").text == "More · Huaxin"


def test_a_page_costs_nothing_for_what_it_does_not_show(browse):
    registry.register_top(lambda _: pytest.fail("a fragment has no top bar"))

    assert render(browse(htmx=True, signed_in=True), "web/_keys.html").status_code == 200


def test_theme_and_language_are_cookies_and_lead_back(browse):
    theme = preferences.theme(browse(method="post", form={"theme": "dark", "next": "/pipeline/"}))
    language = preferences.language(browse(method="post", form={"language": "zh-hant", "next": "//evil.example"}))

    assert (theme.status_code, theme["Location"], theme.cookies["duobiao_theme"].value) == (303, "/pipeline/", "dark")
    assert (language["Location"], language.cookies[settings.LANGUAGE_COOKIE_NAME].value) == ("/", "zh-hant")


@pytest.mark.parametrize(("view", "field"), [(preferences.theme, "theme"), (preferences.language, "language")])
def test_an_unknown_theme_or_language_is_refused(browse, view, field):
    with pytest.raises(Invalid) as refusal:
        view(browse(method="post", form={field: "klingon"}))

    assert list(refusal.value.fields) == [field]


def test_alive_needs_no_database(browse):
    assert health.healthz(browse()).content == b'{"status": "ok"}'


@pytest.mark.django_db
def test_ready_means_reachable_and_migrated(browse, monkeypatch):
    assert health.readyz(browse()).status_code == 200

    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])
    pending = health.readyz(browse())

    assert (pending.status_code, pending.content) == (503, b'{"status": "migrations pending"}')


def test_panels_stand_in_order_and_the_silent_and_forbidden_are_left_out(browse):
    def panel(order: int, text: str, permission: str | None = None) -> registry.Panel:
        return registry.Panel("deal.side", order, permission, lambda *_: text)

    for item in (panel(20, "second"), panel(10, "first"), panel(30, ""), panel(5, "hidden", "x.see")):
        registry.register_panel(item)
    registry.register_panel(registry.Panel("deal.main", 1, None, lambda *_: "elsewhere"))

    assert registry.panels("deal.side", browse(signed_in=True), object()) == ["first", "second"]


def test_a_panel_asks_for_the_right_on_its_subject(browse):
    registry.set_permission_checker(lambda *_: False, lambda _user, _verb, subject: subject == "mine")
    registry.register_panel(registry.Panel("x", 1, "x.see", lambda *_: "shown"))

    assert registry.panels("x", browse(signed_in=True), "mine") == ["shown"]
    assert registry.panels("x", browse(signed_in=True), "theirs") == []


def test_the_style_guide_is_for_those_who_may(browse, settings):
    with pytest.raises(Http404):
        styleguide.styleguide(browse(signed_in=True))

    settings.DEBUG = True
    response: HttpResponse = styleguide.styleguide(browse(signed_in=True))
    page = Page.of(response.content.decode())
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]

    assert response.status_code == 200
    assert page.unbalanced == []
    assert len(ids) == len(set(ids))
