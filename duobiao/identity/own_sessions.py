"""Where a person is signed in.

A session is a row of Django's; ``allauth.usersessions`` keeps beside it whose it is, the browser and the address.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from duobiao.identity.allauth import UNKNOWN_ADDRESS
from duobiao.identity.devices import device_words, is_hand_held
from duobiao.identity.http import session_has_ended
from duobiao.identity.models import User


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One device that is signed in.

    Attributes:
        address: Where the device was when it was last noted; empty where the server was not told.
        last_used_at: The first use on the last day of use; days of use are noted, not every request.
        current: Whether the reader looks on from this device.
    """

    ref: str
    device: str
    hand_held: bool
    address: str
    signed_in_at: datetime
    last_used_at: datetime
    current: bool


def sessions_of(user: User, *, now: datetime, current: str | None = None) -> list[SessionRow]:
    """Return a person's live sessions: this one first, then those used last; two queries."""
    rows = [_row(held, current) for held in live_sessions(user, now=now)]
    return sorted(rows, key=lambda row: not row.current)


def live_sessions(user: User, *, now: datetime) -> list[UserSession]:
    """Return the rows of sessions that would be let in, those used last first."""
    kept = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk"))
    keys = [held.session_key for held in kept]
    stored = Session.objects.filter(session_key__in=keys, expire_date__gt=now)
    live = {session.session_key for session in stored if _lets_in(session, user, now)}
    return [held for held in kept if held.session_key in live]


def _lets_in(session: Session, user: User, now: datetime) -> bool:
    content = session.get_decoded()
    bound = constant_time_compare(content.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return bound and not session_has_ended(content, now=now)


def _row(held: UserSession, current: str | None) -> SessionRow:
    return SessionRow(
        ref=str(held.pk),
        device=device_words(held.user_agent),
        hand_held=is_hand_held(held.user_agent),
        address="" if held.ip == UNKNOWN_ADDRESS else held.ip,
        signed_in_at=held.created_at,
        last_used_at=held.last_seen_at,
        current=held.session_key == current,
    )


def forget_ended_sessions(now: datetime) -> int:
    """Delete sessions that are over and what was kept beside them; return how many."""
    Session.objects.filter(expire_date__lte=now).delete()
    gone = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return int(gone.delete()[0])
