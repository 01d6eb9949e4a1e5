"""Fixtures of the shell's tests: macros rendered alone, requests without a database."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from duobiao.web import registry
from duobiao.web.tests.page import Page


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test with nothing registered from above."""
    monkeypatch.setattr(registry, "_registered", registry._Registered())


@pytest.fixture
def draw() -> Callable[..., Page]:
    """Draw a component: ``draw("ui.badge('x')", name=value)``."""

    def drawn(expression: str, **context: Any) -> Page:
        template = engines["jinja2"].from_string('{% import "web/ui.html" as ui %}{{ ' + expression + " }}")
        return Page.of(template.render(context))

    return drawn


@pytest.fixture
def browse() -> Callable[..., HttpRequest]:
    """Make a request: ``browse("/x/", htmx=True, signed_in=True)``."""

    def request(
        path: str = "/", *, method: str = "get", htmx: bool = False, signed_in: bool = False, **options: Any
    ) -> HttpRequest:
        headers = {**({"HX-Request": "true"} if htmx else {}), **options.pop("headers", {})}
        made = getattr(RequestFactory(), method)(path, options.pop("form", None), headers=headers, **options)
        made.user = SimpleNamespace(is_authenticated=signed_in, pk=7 if signed_in else None, name="林晓")
        made.resolver_match = None
        return made

    return request
