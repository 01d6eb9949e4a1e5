"""Answers of views: whole pages, fragments for htmx, and where to go after something was done."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as django_render
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

VARY = ("HX-Request",)


def is_fragment_request(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page (not for a page it goes back to)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def in_dialog(request: HttpRequest) -> bool:
    """Tell whether the request comes from inside the dialog of the shell."""
    return request.headers.get("X-Dialog") == "1"


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render one template; caches keep pages and fragments of the same address apart."""
    response = django_render(request, template, dict(context or {}), status=status)
    patch_vary_headers(response, VARY)
    return response


def page_or_fragment(
    request: HttpRequest,
    *,
    page: str,
    fragment: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render ``fragment`` for htmx and dialogs, ``page`` for everything else."""
    return render(request, fragment if is_fragment_request(request) else page, context, status=status)


def done(
    request: HttpRequest, *, to: Any, fires: str | Mapping[str, Any] = "", toast: Any = "", stay: bool = False
) -> HttpResponse:
    """Answer after something was done.

    Without JavaScript: 303 to ``to``. With htmx: go to ``to``; but from the dialog, or with ``stay``, and when an
    event is named: 204 and the event, so that the panels that care refresh and the dialog closes.

    Args:
        to: Address, URL name, or a record with ``get_absolute_url``.
        fires: Event name, or names with their details, for ``HX-Trigger``.
        toast: What to tell the person, in one short sentence.
        stay: The page stays; its panels refresh by the event.
    """
    url = resolve_url(to)
    events: dict[str, Any] = {fires: {}} if isinstance(fires, str) and fires else dict(fires or {})
    if not is_fragment_request(request):
        _remember(request, toast)
        return HttpResponseRedirect(url, status=303)
    if events and (stay or in_dialog(request)):
        if toast:
            events["toast"] = {"text": str(toast), "tone": "ok"}
        events["dialog-close"] = {}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
    _remember(request, toast)
    return HttpResponse(status=204, headers={"HX-Redirect": url})


def _remember(request: HttpRequest, toast: Any) -> None:
    if toast:
        messages.success(request, str(toast))


def back_to(request: HttpRequest, default: Any) -> str:
    """Return the address in ``next`` if it lies on this site, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure()):
        return wanted
    return resolve_url(default)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether an answer must be JSON: everything under ``/api/``."""
    return request.path_info.startswith("/api/")
