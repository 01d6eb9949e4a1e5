"""The own profile: name, language, zone, look, sign-in, tokens."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.identity.actions.change_profile import change_profile
from duobiao.identity.actions.create_token import create_token
from duobiao.identity.actions.revoke_token import revoke_token
from duobiao.identity.forms import ProfileForm, TokenForm, refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import ApiToken
from duobiao.identity.own_sessions import sessions_of
from duobiao.identity.queries import expires_soon, has_second_factor, is_live, tokens_of
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, render

YEAR_SECONDS = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show or change the own profile."""
    actor = actor_of(request)
    if request.method != "POST":
        return _page(request, ProfileForm(user=actor), TokenForm())
    form, status = ProfileForm(request.POST, user=actor), 422
    if form.is_valid():
        try:
            values, version = form.values(), form.cleaned_data["version"]
            change_profile(values=values, version=version, actor=actor, now=timezone.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return _with_language(done(request, to="identity:profile", toast=_("Profile saved")), actor.language)
    return _page(request, form, TokenForm(), status=status)


@never_cache
@require_POST
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it this once."""
    actor = actor_of(request)
    form, status = TokenForm(request.POST), 422
    if form.is_valid():
        try:
            text = _token_made_once(request, form)
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            if not text:
                return done(
                    request, to="identity:profile", toast=_("This token was made already and is not shown again")
                )
            return _page(request, ProfileForm(user=actor), TokenForm(), new_token=text)
    return _page(request, ProfileForm(user=actor), form, status=status)


def _token_made_once(request: HttpRequest, form: TokenForm) -> str:
    """Return the text of a new token, or nothing when the same form comes a second time."""
    with once(request) as submission:
        if not submission.first:
            return ""
        return create_token(**form.cleaned_data, actor=actor_of(request), now=timezone.now()).text


@require_POST
def end_token(request: HttpRequest, ref: str) -> HttpResponse:
    """Revoke a token."""
    actor = actor_of(request)
    token = found_or_404(ApiToken.objects.filter(user=actor, ref=ref).select_related("user").first())
    revoke_token(token=token, actor=actor, now=timezone.now())
    return done(request, to="identity:profile", toast=_("Token revoked"))


def _page(
    request: HttpRequest, form: ProfileForm, token_form: TokenForm, *, new_token: str = "", status: int = 200
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    tokens = [(token, is_live(token, now), expires_soon(token, now)) for token in tokens_of(actor)]
    context = {
        "form": form,
        "token_form": token_form,
        "tokens": tokens,
        "new_token": new_token,
        "sessions": sessions_of(actor, now=now, current=request.session.session_key),
        "person": actor,
        "second_factor": has_second_factor(actor),
        "has_password": actor.has_usable_password(),
    }
    return render(request, "identity/profile.html", context, status=status)


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    name = settings.LANGUAGE_COOKIE_NAME
    if language:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(name, language, max_age=YEAR_SECONDS, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(name, samesite="Lax")
    return response
