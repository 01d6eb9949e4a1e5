"""What every router of the API shares: bearer tokens, strict bodies, errors, pages of rows.

Idempotency has its own module, ``identity.idempotency``, and needs nothing from a router.
"""

from datetime import date

from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from duobiao.identity.domain.tokens import PREFIX, token_digest
from duobiao.identity.http import company_of
from duobiao.identity.models import ApiToken, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.web.api import (
    DEFAULT_LIMIT,
    LONGEST_CURSOR,
    MAX_LIMIT,
    ErrorOut,
    MoneyIn,
    MoneyOut,
    Page,
    PageOut,
    PageQuery,
    StrictSchema,
    found_or_404,
    page_of,
)
from duobiao.web.errors import is_disk_full

__all__ = [
    "DEFAULT_LIMIT",
    "LONGEST_CURSOR",
    "MAX_LIMIT",
    "ErrorOut",
    "MoneyIn",
    "MoneyOut",
    "Page",
    "PageOut",
    "PageQuery",
    "ReadOnlyToken",
    "StrictSchema",
    "TokenAuth",
    "found_or_404",
    "live_token",
    "page_of",
    "user_by_ref",
]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ReadOnlyToken(NotAllowed):
    """The token may read and nothing else (403)."""

    code = "read_only_token"


class TokenAuth(HttpBearer):
    """Signs a request in by ``Authorization: Bearer dbt_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Find the person behind a token; None answers 401.

        Raises:
            ReadOnlyToken: the token may only read.
        """
        held = request.__dict__.get("_token")
        if not isinstance(held, ApiToken):
            held = live_token(token)
            if held is None:
                return None
            request.__dict__["_token"] = held
            act_as(request, held.user)
        if held.read_only and request.method not in SAFE_METHODS:
            raise ReadOnlyToken(_("This token may only read. Make another one to write."))
        return held.user


def live_token(token: str) -> ApiToken | None:
    """Find a token that is neither revoked nor expired and whose person may still work."""
    if not token.startswith(PREFIX):
        return None
    now = timezone.now()
    held = (
        ApiToken.objects.select_related("user")
        .filter(digest=token_digest(token), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )
    today = local_day(now)
    if held is not None and held.last_used_on != today:
        _note_use(held, today)
    return held


def _note_use(held: ApiToken, today: date) -> None:
    """Note the day of a token's use; reading must go on where the disk has no room left for it."""
    try:
        ApiToken.objects.filter(pk=held.pk).update(last_used_on=today)
    except DatabaseError as error:
        if not is_disk_full(error):
            raise


def act_as(request: HttpRequest, user: User) -> None:
    """Make ``user`` the actor of the request, with the own zone and, unless asked otherwise, the own language."""
    request.user = user
    timezone.activate(user.time_zone or company_of(request).time_zone)
    if user.language and "Accept-Language" not in request.headers:
        translation.activate(user.language)


def user_by_ref(actor: User, ref: str, *, field: str = "user") -> User:
    """Find a colleague named in a body.

    Raises:
        Invalid: there is nobody with this reference.
    """
    found = User.objects.visible_to(actor).filter(ref=ref).first()
    if found is None:
        raise Invalid(_("There is no such person."), fields={field: _("unknown")})
    return found
