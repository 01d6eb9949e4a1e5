"""Every page that needs no parameters, and the three that matter most, on a phone, in the dark, in both languages."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from duobiao.identity.models import User
from duobiao.web.context import THEME_COOKIE
from tests.journeys import deals
from tests.journeys.desk import Desk
from tests.support import routes

ELSEWHERE = ("web:styleguide", "api:openapi-view")
"""The style guide has its own test; the page of the API is drawn by Swagger."""


def pages_for(user: User) -> list[str]:
    """Return the addresses without parameters that answer this person with a page."""
    client = Client()
    client.force_login(user)
    paths = {route.path for route in routes.pages() if not route.parameters and route.name not in ELSEWHERE}
    return [path for path in sorted(paths) if is_page(client.get(path))]


def is_page(answer: HttpResponse) -> bool:
    """Tell a page from a file, a part of a page, or a way elsewhere."""
    whole = answer.status_code == 200 and not answer.streaming and b"<!doctype html>" in answer.content[:200].lower()
    answer.close()
    return whole


@pytest.mark.parametrize(("language", "theme", "turn"), [("zh-hans", "light", 0), ("en", "dark", 1)])
def test_every_page_fits_a_phone_and_is_accessible(
    sit: Callable[..., Desk],
    people: SimpleNamespace,
    live_server: Any,
    full_drill: bool,
    language: str,
    theme: str,
    turn: int,
) -> None:
    """The three in both looks; of the others every second one in each look, all of them with DRILL=full."""
    customer = deals.a_customer(people.administrator)
    handler = deals.a_handler(customer)
    deal = deals.a_deal(people.administrator, customer)
    deals.a_call(people.administrator, handler, deal)
    deals.proved(deal, 1, 2, actor=people.administrator)
    User.objects.filter(pk=people.administrator.pk).update(language=language)
    desk = sit(people.administrator, phone=True, name=f"pages-{language}")
    for name, value in ((THEME_COOKIE, theme), (settings.LANGUAGE_COOKIE_NAME, language)):
        desk.page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    three = [f"/opportunities/{deal.ref}/", f"/customers/{customer.ref}/", f"/calls/new/?opportunity={deal.ref}"]
    pages = pages_for(people.administrator)
    looked_at = [*three, *(pages if full_drill else pages[turn::2])]
    faults = [fault for path in looked_at for fault in faults_of(desk, path, language)]
    assert not faults, "\n".join(faults)


def faults_of(desk: Desk, path: str, language: str) -> list[str]:
    """Open a page and judge it."""
    desk.go(path)
    faults = []
    try:
        desk.look(f"{language} {path.split('?', maxsplit=1)[0]}")
    except AssertionError as error:
        faults.append(str(error))
    shown = desk.page.locator("html").get_attribute("lang") or "no language"
    return faults if shown.lower() == language else [*faults, f"{path} says it is in {shown}"]
