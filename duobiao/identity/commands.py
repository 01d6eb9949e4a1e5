"""What the command line does to people and tokens; whoever may run it runs the installation."""

import secrets
import string
from datetime import datetime

from django.db import transaction

from duobiao.identity.actions import keep_version
from duobiao.identity.actions.create_token import create_token as make_token
from duobiao.identity.actions.invite_user import require_free
from duobiao.identity.events import UserInvited
from duobiao.identity.models import Role, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.timeline.actions.record import record

ALPHABET = string.ascii_letters.translate(str.maketrans("", "", "lIO")) + "23456789"
LENGTH = 16


@transaction.atomic
def create_user(*, username: str, role: str, name: str, now: datetime, password: str = "") -> str:
    """Open an account; return its password, which is shown once.

    Args:
        password: Chosen for demonstrations; random otherwise.

    Raises:
        Invalid, NameTaken: a value does not fit, or the sign-in name is taken.
    """
    if role not in Role.values:
        raise Invalid(f"unknown role {role}", fields={"role": ", ".join(Role.values)})
    user = User(username=username, name=name, role=role)
    keep_version.check(user, only=["username", "name", "role"])
    require_free(username=username)
    chosen = password or "".join(secrets.choice(ALPHABET) for _index in range(LENGTH))
    user.set_password(chosen)
    user.save()
    record(UserInvited(subject=Ref.of(user), data={"note": f"{name} · {username}", "role": role}), actor=None, at=now)
    return chosen


def create_token(*, username: str, expires_days: int | None = None, now: datetime, read_only: bool = False) -> str:
    """Make a token that acts as a person; return its text, which is shown once.

    Raises:
        NotFound: nobody of this name can work.
    """
    user = User.objects.active().filter(username__iexact=username).first()
    if user is None:
        raise NotFound(f"nobody named {username} can work here")
    made = make_token(name="command line", expires_days=expires_days, read_only=read_only, actor=user, now=now)
    return made.text


def ensure_administrator(*, username: str = "admin", now: datetime) -> str:
    """Open the first administrator's account; return its password, or "" when the name exists."""
    if User.objects.filter(username__iexact=username).exists():
        return ""
    return create_user(username=username, role=Role.ADMINISTRATOR, name=username, now=now)


ensure_admin = ensure_administrator
