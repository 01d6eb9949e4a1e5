"""The form that visitors of a web site fill in: no sign-in, nothing told back, flooding stopped by address."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from allauth.core.internal.ratelimit import consume
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from duobiao.customers.forms.facts import show_refusal
from duobiao.identity.http import open_to_all
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.prospecting.actions.receive_form import is_stale, receive_form, stamp
from duobiao.prospecting.forms.pools import PublicForm
from duobiao.prospecting.models import WebForm
from duobiao.web.http import render

APP = "duobiao.prospecting"
LIMITS = {"web_form": "10/h/ip", "web_form_whole": "300/h/key"}
LARGEST_BYTES = 32_000


@open_to_all
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def public_form(request: HttpRequest, token: str) -> HttpResponse:
    """Show a form that is switched on, or take what was sent.

    A page inside the frame of another site gets no cookie of ours, so that the usual token cannot protect it. There
    is no session to misuse here; in its place stands a signed stamp, and what another site sends is refused.
    """
    found = WebForm.objects.select_related("pool", "owner", "campaign").filter(token=token, is_on=True).first()
    if request.method == "POST" and (found is None or _is_foreign(request)):
        raise PermissionDenied
    if found is None:
        raise NotFound("")
    response = _take(request, found) if request.method == "POST" else _show(request, found)
    return _framed(request, response, found)


def _take(request: HttpRequest, web_form: WebForm) -> HttpResponse:
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BYTES:
        return _show(request, web_form, problem="large", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if _is_flooding(request, web_form):
        return _show(request, web_form, problem="often", status=HTTPStatus.TOO_MANY_REQUESTS)
    now, form = timezone.now(), PublicForm(request.POST)
    opened, trap = str(request.POST.get("opened", "")), str(request.POST.get("website", ""))
    if is_stale(web_form, opened, now=now):
        return _show(request, web_form, form, problem="stale", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.is_valid() or trap:
        try:
            receive_form(form=web_form, values=form.cleaned_data, stamped=opened, trap=trap, now=now)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            return render(request, "prospecting/public_thanks.html", {"web_form": web_form})
    return _show(request, web_form, form, opened=opened, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _show(
    request: HttpRequest,
    web_form: WebForm,
    form: PublicForm | None = None,
    *,
    problem: str = "",
    opened: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "web_form": web_form,
        "form": form or PublicForm(),
        "problem": problem,
        "opened": opened or stamp(web_form, now=timezone.now()),
        "here": request.path,
    }
    return render(request, "prospecting/public_form.html", context, status=status)


def _is_foreign(request: HttpRequest) -> bool:
    """Whether a browser says that a page of another site sent this."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()


def _is_flooding(request: HttpRequest, web_form: WebForm) -> bool:
    key = web_form.token
    return not all(consume(request, app=APP, action=action, config=LIMITS, key=key) for action in LIMITS)


def _framed(request: HttpRequest, response: HttpResponse, web_form: WebForm) -> HttpResponse:
    """Let the sites that may show it show it in a frame."""
    if not web_form.host_list:
        return response
    framed: Callable[[HttpRequest], HttpResponse] = xframe_options_exempt(
        csp_replace({"frame-ancestors": web_form.host_list})(lambda _request: response)
    )
    return framed(request)
