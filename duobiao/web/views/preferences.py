"""Theme and language: small forms that work without JavaScript and set a cookie."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from duobiao.kernel.refusals import Invalid
from duobiao.web.context import THEME_COOKIE, THEMES
from duobiao.web.http import back_to

YEAR_SECONDS = 365 * 24 * 3600


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark or as the device has it."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        raise Invalid(_("Choose light, dark or automatic."), fields={"theme": _("unknown theme")})
    return _remember(request, THEME_COOKIE, chosen)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Invalid(_("Choose one of the languages offered."), fields={"language": _("unknown language")})
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, chosen)


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(back_to(request, "/"), status=303)
    response.set_cookie(cookie, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
