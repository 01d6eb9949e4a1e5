"""Sign a person out on other devices."""

from collections.abc import Sequence
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.devices import device_words
from duobiao.identity.events import SessionsEnded
from duobiao.identity.models import User
from duobiao.identity.own_sessions import live_sessions
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.timeline.actions.record import record


@transaction.atomic
def end_session(*, ref: str, actor: User, now: datetime) -> None:
    """End one of the own sessions; the device is asked to sign in at its next request.

    Raises:
        NotAllowed: ``actor`` may not change the own profile.
        NotFound: it is over already, or somebody else's.
    """
    policy.require(actor, "identity.profile")
    wanted = [held for held in live_sessions(actor, now=now) if str(held.pk) == ref]
    if not wanted:
        raise NotFound(_("This device is signed out already."))
    _end(wanted, actor, now)


@transaction.atomic
def end_other_sessions(*, keep: str | None, actor: User, now: datetime) -> int:
    """End all own sessions but the one with the key ``keep``; return how many.

    Raises:
        NotAllowed: ``actor`` may not change the own profile.
    """
    policy.require(actor, "identity.profile")
    others = [held for held in live_sessions(actor, now=now) if held.session_key != keep]
    if others:
        _end(others, actor, now)
    return len(others)


def _end(sessions: Sequence[UserSession], actor: User, now: datetime) -> None:
    Session.objects.filter(session_key__in=[held.session_key for held in sessions]).delete()
    UserSession.objects.filter(pk__in=[held.pk for held in sessions]).delete()
    devices = [device_words(held.user_agent) for held in sessions]
    event = SessionsEnded(subject=Ref.of(actor), data={"note": ", ".join(devices), "sessions": len(devices)})
    record(event, actor=actor, at=now)
