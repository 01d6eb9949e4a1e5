"""How django-allauth works in this house: no open sign-up, our words, our limits, our audit."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from duobiao.identity.events import PasswordSet, SignedIn
from duobiao.identity.http import begin_session
from duobiao.identity.mail import post
from duobiao.identity.models import User
from duobiao.identity.password_links import password_link_message
from duobiao.identity.sealing import seal, unseal
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record

SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}
UNKNOWN_ADDRESS = "::"
"""What is kept of a caller whose address the server does not tell."""
YEAR_SECONDS = 365 * 24 * 3600
logger = logging.getLogger("duobiao.security")


def display_name(user: User) -> str:
    """Return how allauth's pages call a person."""
    return str(user)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts with a password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask an administrator."),
        "email_password_mismatch": _("The sign-in name or the password is not right."),
        "username_password_mismatch": _("The sign-in name or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("Enter your present password."),
        "incorrect_code": _("The code is not right or no longer valid."),
        "too_many_login_attempts": _("Too many attempts from here. Wait a few minutes, then try again."),
        "rate_limited": _("Too many attempts from here. Wait a few minutes, then try again."),
        "unknown_email": _("Nobody has this e-mail address."),
        "invalid_password_reset": _("This link is used up or too old. Ask for a new one."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody signs up; an administrator invites."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address; forwarding headers count only from trusted proxies."""
        return get_client_ip(request) or UNKNOWN_ADDRESS

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures per address **and** account, so that a guesser elsewhere locks nobody out."""
        login = str(credentials.get("username") or credentials.get("email") or "").lower()
        return f"{self.get_client_ip(request)}:{login}"

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what is worth saying; signing in and out show for themselves."""
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in and keep the fact."""
        with transaction.atomic():
            super().login(request, user)
            begin_session(request.session, now=timezone.now())
            record(SignedIn(subject=Ref.of(user)), actor=user, at=timezone.now())

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Carry the person's language to this device."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                max_age=YEAR_SECONDS,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a failed try; what was typed is kept only where it is the name of an account."""
        typed = str(credentials.get("username") or credentials.get("email") or "")
        known = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).first() if typed else None
        logger.warning("sign-in failed for %s from %s", known.username if known else "?", self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        """Sign out and note it."""
        logger.info("%s signed out from %s", request.user.get_username(), self.get_client_ip(request))
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """Set a password and keep the fact, not the password."""
        with transaction.atomic():
            user.set_password(password)
            user.save(update_fields=["password"])
            record(PasswordSet(subject=Ref.of(user)), actor=user, at=timezone.now())

    def send_password_reset_mail(self, user: User, _email: str, context: dict[str, Any]) -> None:
        """Send the link in our words; a mail server that is down must not show a stranger anything."""
        post(password_link_message(user, context["password_reset_url"]))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on: people with an account here are recognised by their verified address; nobody is added."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: object) -> bool:
        """Nobody signs up; an administrator invites."""
        return False


class MfaAdapter(DefaultMFAAdapter):
    """Second steps: their secrets are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Seal the secret of an authenticator or the seed of recovery codes."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal; where the signing secret is another one by now, return a secret that nobody knows."""
        return unseal(encrypted_text) or generate_totp_secret()
