"""Signing out on other devices; the list stands on the profile."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from duobiao.identity.actions.end_sessions import end_other_sessions, end_session
from duobiao.identity.http import actor_of
from duobiao.web.http import done

View = Callable[..., HttpResponse]
asks_again: Callable[[View], View] = reauthentication_required
"""Ask for the password or second step, unless that was done a moment ago; then go on."""


@require_POST
@asks_again
def end_one(request: HttpRequest, ref: str) -> HttpResponse:
    """End one session of mine."""
    end_session(ref=ref, actor=actor_of(request), now=timezone.now())
    return done(request, to="identity:profile", toast=_("Signed out on that device"))


@require_POST
@asks_again
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions of mine but this one."""
    ended = end_other_sessions(keep=request.session.session_key, actor=actor_of(request), now=timezone.now())
    words = ngettext("Signed out on %(num)s other device", "Signed out on %(num)s other devices", ended)
    return done(request, to="identity:profile", toast=words % {"num": ended})
