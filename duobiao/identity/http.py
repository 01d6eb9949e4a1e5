"""Between requests and people: who acts, which views are open, which company this is."""

from django.contrib.auth.decorators import login_not_required
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
