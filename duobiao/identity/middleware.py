"""Language, time zone and the sign-in rule of every request."""

import logging
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from allauth.core.internal.httpkit import get_client_ip
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from duobiao.identity.http import company_of, is_open, session_has_ended
from duobiao.web import errors
from duobiao.web.http import wants_json

GetResponse = Callable[[HttpRequest], HttpResponseBase]
REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS})
logger = logging.getLogger("duobiao.security")
SHIPPED = frozenset(code for code, _name in settings.LANGUAGES)


class WithProcessView(Protocol):
    """A function middleware that also looks at the view that was found."""

    process_view: Callable[..., HttpResponseBase | None]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""


def watch(get_response: GetResponse) -> GetResponse:
    """Note what was refused, and keep what a signed-in person or program reads out of every cache.

    The line names the view and the record asked for, never the address itself, which may hold a key.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code in REFUSED and request.resolver_match is not None:
            _note_refusal(request, response.status_code)
        if request.user.is_authenticated or request.path_info.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def _note_refusal(request: HttpRequest, status: int) -> None:
    found = request.resolver_match
    view = f"{found.view_name} {found.kwargs.get('ref', '')}".strip() if found else ""
    who = request.user.get_username() or "nobody"
    logger.info("refused with %s: %s %s to %s from %s", status, request.method, view, who, get_client_ip(request))


def session_limits(get_response: GetResponse) -> GetResponse:
    """End a session that is too old or was left unused for too long."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and "signed_in_at" in request.session:
            now = timezone.now()
            if session_has_ended(request.session, now=now):
                logout(request)
            else:
                _note_use(request, now)
        return get_response(request)

    return middleware


def _note_use(request: HttpRequest, now: datetime) -> None:
    """Note the day of use, once a day; reading goes on where the disk has no room left for it."""
    session, today = request.session, now.date().isoformat()
    if session["used_on"] == today:
        return
    session["used_on"] = today
    try:
        session.save()
        UserSession.objects.create_from_request(request)  # keeps browser and address of the day
    except UpdateError:  # signed out elsewhere meanwhile
        pass
    except DatabaseError as error:
        if not errors.is_disk_full(error):
            raise
    session.modified = False


def locale(get_response: GetResponse) -> GetResponse:
    """Answer in the person's language and zone.

    Language: this device's choice (a cookie, set by signing in and by the language menu), else the person's, else the
    browser's wish, else simplified Chinese. Zone: the person's, else the company's.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language), timezone.override(zone_of(request)):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.to_locale(language).replace("_", "-"))
        patch_vary_headers(response, ("Accept-Language",))
        return response

    return middleware


def language_of(request: HttpRequest) -> str:
    """Choose the language of an answer."""
    device = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if device in SHIPPED:
        return device
    if request.user.is_authenticated and request.user.language in SHIPPED:
        return request.user.language
    found = translation.get_language_from_request(request)
    return found if found in SHIPPED else settings.LANGUAGE_CODE


def zone_of(request: HttpRequest) -> ZoneInfo:
    """Choose the time zone of an answer."""
    if not request.user.is_authenticated:
        return ZoneInfo(settings.TIME_ZONE)
    return ZoneInfo(request.user.time_zone or company_of(request).time_zone or settings.TIME_ZONE)


def sign_in_required(get_response: GetResponse) -> GetResponse:
    """Ask everybody to sign in, except on views marked ``open_to_all`` and in the API, which has its own rule."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., object], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        if is_open(view) or request.path_info.startswith("/api/") or request.user.is_authenticated:
            return None
        return ask_to_sign_in(request)

    with_view = cast("WithProcessView", middleware)
    with_view.process_view = process_view
    return with_view


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead to the sign-in page and back; a fragment asks the browser to load the page anew."""
    if request.headers.get("HX-Request") == "true":
        url = reverse(settings.LOGIN_URL)
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def well_formed(get_response: GetResponse) -> GetResponse:
    """Refuse addresses with a null character, which no database stores."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        query: Any = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or "%00" in query or "\x00" in query:
            status = 422 if wants_json(request) else 400
            text = _("The address contains a character that cannot be stored.")
            return errors.problem(request, status=status, code="malformed_address", text=text)
        return get_response(request)

    return middleware
