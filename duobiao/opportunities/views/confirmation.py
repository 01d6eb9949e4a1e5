"""What the customer sees behind a signed link: the frozen text, and three answers. No signing in, no way elsewhere."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from allauth.core.internal.ratelimit import respond_429
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from duobiao.identity.http import open_to_all
from duobiao.identity.secret_links import address_of, may_try, note_failure
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed
from duobiao.opportunities.actions.answer_confirmation import LONGEST_REMARK, answer_confirmation
from duobiao.opportunities.models import Confirmation
from duobiao.opportunities.queries.confirmations import by_token

HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow"}
"""The referrer policy of every page keeps the address from other sites; a stricter one would make the answer's origin
unknown, and so forged."""
OVER = "opportunities/confirmation_over.html"


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be confirmed, or keep the answer.

    Links that are unknown, expired or revoked get the same answer in the same time.
    """
    if not may_try(request):
        return _kept_private(respond_429(request))
    now = timezone.now()
    found = by_token(token, now=now)
    if found.confirmation is None:
        note_failure(request, what="confirmation", why=found.why)
        return _kept_private(render(request, OVER, status=HTTPStatus.NOT_FOUND))
    if request.method != "POST":
        return _page(request, found.confirmation)
    if request.user.is_authenticated:
        return _page(request, found.confirmation, status=NotAllowed.status)
    remark = request.POST.get("remark", "")
    try:
        answer_confirmation(
            confirmation=found.confirmation,
            answer=request.POST.get("answer", ""),
            remark=remark,
            address=address_of(request),
            agent=request.headers.get("User-Agent", ""),
            now=now,
        )
    except Invalid as refusal:
        return _page(request, found.confirmation, refusal=refusal, remark=remark, status=refusal.status)
    except Conflict:  # answered, or over, since it was read: the page says which
        pass
    here = reverse("opportunities:confirmation", args=[token])
    return _kept_private(HttpResponseRedirect(here, status=HTTPStatus.SEE_OTHER))


def _page(
    request: HttpRequest,
    row: Confirmation,
    *,
    refusal: Invalid | None = None,
    remark: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    lead = row.snapshot["lead"]
    context = {
        "answer": row.answer,
        "answered_at": row.answered_at,
        "given": row.remark,
        "expires_at": row.expires_at,
        "lead": {**lead, "on": date.fromisoformat(lead["on"])},
        "sections": [(_title(part["title"]), part["text"]) for part in row.snapshot["sections"]],
        "signed_in": request.user.is_authenticated,
        "refusal": refusal,
        "remark": remark,
        "longest": LONGEST_REMARK,
    }
    return _kept_private(render(request, "opportunities/confirmation.html", context, status=status))


def _kept_private(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _title(words: Mapping[str, str]) -> str:
    """Return a frozen title in the reader's language, else in the usual one."""
    return words.get(get_language() or "") or words.get(settings.LANGUAGE_CODE, "")
