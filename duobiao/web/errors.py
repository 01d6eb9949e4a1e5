"""Answers to what went wrong: a page in the shell, a fragment for htmx, JSON for the API."""

import errno
import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template import loader
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from duobiao.kernel.refusals import Refusal
from duobiao.web import http
from duobiao.web.context import theme_of

TITLES = {
    400: _("This request cannot be read"),
    403: _("You may not do this"),
    404: _("There is nothing here"),
    405: _("This address is not used that way"),
    409: _("This cannot be done now"),
    422: _("This cannot be saved as it stands"),
    500: _("Something went wrong on our side"),
    507: _("There is no room left to save"),
}
CODE_TITLES = {"stale_version": _("Somebody was faster")}
TEXTS = {
    400: _("The address or the form is damaged. Go back, reload the page and try again."),
    403: _("Ask your manager or an administrator for the right."),
    404: _("The page or record does not exist, or it is not yours to see."),
    405: _("The method is not allowed here; the documentation lists what each address takes."),
    500: _("Nothing was changed. The fault is recorded; try again in a moment."),
    507: _("Nothing was changed. Reading still works. An administrator must free space on the server."),
}
NOTICE = "#page-notice"
DISK_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DISK_FULL_SQLSTATE = "53100"
LAST_RESORT = "<!doctype html><meta charset=utf-8><title>500</title><h1>500</h1>"


def problem(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    text: object = "",
    fields: Mapping[str, object] | None = None,
    details: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer with what happened, what is kept and the remedy, in the form that was asked for."""
    message = str(text or TEXTS.get(status, ""))
    reasons = {name: str(reason) for name, reason in (fields or {}).items()}
    if http.wants_json(request):
        return JsonResponse({"code": code, "message": message, "fields": reasons, **(details or {})}, status=status)
    context = {
        "status": status,
        "title": TITLES.get(status, TITLES[422]),
        "text": message,
        "reasons": reasons,
        "code": code,
        "back": _came_from(request),
    }
    if http.is_fragment_request(request):
        response = http.render(request, "web/_problem.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = NOTICE, "innerHTML"
        return response
    signed_in = bool(getattr(getattr(request, "user", None), "is_authenticated", False))
    layout = "web/base.html" if signed_in else "web/base_plain.html"
    return http.render(request, "web/problem.html", {**context, "layout": layout}, status=status)


def _came_from(request: HttpRequest) -> str:
    """Return the page that the person came from, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()})
    return referer if referer and ours else "/"


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer with a business refusal."""
    return problem(
        request,
        status=refusal.status,
        code=refusal.code,
        text=refusal.message,
        fields=refusal.fields,
        details={"details": refusal.details} if refusal.details else None,
    )


def failed(request: HttpRequest, *, status: int, code: str) -> HttpResponse:
    """Answer without touching database, session or user: for faults of our own."""
    if http.wants_json(request):
        return JsonResponse({"code": code, "message": str(TEXTS[status]), "fields": {}}, status=status)
    context = {
        "status": status,
        "title": CODE_TITLES.get(code, TITLES[status]),
        "text": TEXTS[status],
        "reasons": {},
        "code": code,
        "back": "/",
        "theme": theme_of(request),
        "layout": "web/base_plain.html",
    }
    fragment = http.is_fragment_request(request)
    template = loader.get_template("web/_problem.html" if fragment else "web/problem.html", using="jinja2")
    response = HttpResponse(template.render(context), status=status)
    if fragment:
        response["HX-Retarget"], response["HX-Reswap"] = NOTICE, "innerHTML"
    patch_vary_headers(response, http.VARY)
    return response


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether an error means that the database or the disk has no room left."""
    if isinstance(error, OSError):
        return error.errno in DISK_FULL_ERRNOS
    if not isinstance(error, DatabaseError):
        return False
    return "disk is full" in str(error) or getattr(error.__cause__, "sqlstate", "") == DISK_FULL_SQLSTATE


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 400; what was suspicious is for the log only."""
    if isinstance(exception, DisallowedHost):  # under a name that is not ours nobody is shown the shell
        return failed(request, status=400, code="bad_request")
    return problem(request, status=400, code="bad_request")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 403; the reason of ``PermissionDenied`` is shown where there is one."""
    return problem(request, status=403, code="not_allowed", text=str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 404; unseen and absent look the same, so the reason stays inside."""
    del exception
    return problem(request, status=404, code="not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Handle 500, and 507 where the disk is full."""
    try:
        if is_disk_full(sys.exc_info()[1]):
            return failed(request, status=507, code="storage_full")
        return failed(request, status=500, code="server_error")
    except Exception:
        if settings.DEBUG:
            raise
        return HttpResponseServerError(LAST_RESORT)


def csrf_failure(request: HttpRequest, **_ignored: object) -> HttpResponse:
    """Handle a form without a valid token; Django logs the reason."""
    text = _("This form has expired or comes from another site. Reload the page and send it again.")
    return problem(request, status=403, code="form_expired", text=text)
