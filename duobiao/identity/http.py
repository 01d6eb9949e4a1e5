"""Between requests and people: who acts, which views are open, which company this is."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from duobiao.identity.models import CompanySettings, User

open_to_all = login_not_required
"""Mark a view that people use before they signed in; every other view asks them to sign in."""


def is_open(view: object) -> bool:
    """Say whether a view was marked by ``open_to_all``."""
    return getattr(view, "login_required", True) is False


def actor_of(request: HttpRequest) -> User:
    """Return the signed-in user.

    Raises:
        PermissionDenied: nobody is signed in; behind the sign-in middleware this cannot happen.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise PermissionDenied
    return user


def company_of(request: HttpRequest) -> CompanySettings:
    """Return the company settings, read once per request."""
    held = request.__dict__.get("_company")
    if not isinstance(held, CompanySettings):
        held = CompanySettings.load()
        request.__dict__["_company"] = held
    return held


def begin_session(session: SessionBase, *, now: datetime) -> None:
    """Note when somebody signed in; the limits of ``session_has_ended`` count from here."""
    session["signed_in_at"] = now.isoformat()
    session["used_on"] = now.date().isoformat()


def session_has_ended(session: SessionBase | dict[str, Any], *, now: datetime) -> bool:
    """Say whether a session is older, or was left unused longer, than the settings allow."""
    begun = session.get("signed_in_at", "")
    if not begun:
        return False
    oldest = datetime.fromisoformat(begun) + timedelta(days=settings.SESSION_LONGEST_DAYS)
    unused = date.fromisoformat(session["used_on"]) + timedelta(days=settings.SESSION_UNUSED_DAYS)
    return now > oldest or now.date() > unused
