"""Make an API token; it is shown once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.domain.tokens import new_token, token_digest
from duobiao.identity.events import TokenCreated
from duobiao.identity.models import ApiToken, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record

MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class NewToken:
    """The stored token and its text, which nobody can read again."""

    token: ApiToken
    text: str


@transaction.atomic
def create_token(
    *, name: str, expires_days: int | None = None, read_only: bool = False, actor: User, now: datetime
) -> NewToken:
    """Make a token that acts as ``actor``.

    Args:
        expires_days: 1 to 3650; None never expires.

    Raises:
        NotAllowed: ``actor`` may not use the API.
        Invalid: no name, or an expiry out of range.
    """
    policy.require(actor, "identity.tokens")
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise Invalid(_("Name the token after what uses it."), fields={"name": _("1 to 80 characters")})
    if expires_days is not None and not 1 <= expires_days <= MAX_DAYS:
        raise Invalid(_("A token lives 1 to 3650 days."), fields={"expires_days": _("out of range")})
    text = new_token()
    token = ApiToken.objects.create(
        user=actor,
        name=name,
        digest=token_digest(text),
        read_only=read_only,
        created_at=now,
        expires_at=now + timedelta(days=expires_days) if expires_days is not None else None,
    )
    record(TokenCreated(subject=Ref.of(actor), data={"note": name, "token": token.ref}), actor=actor, at=now)
    return NewToken(token=token, text=text)
