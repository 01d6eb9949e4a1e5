"""What the command line does to people and tokens; whoever may run it runs the installation."""

import secrets
import string
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.actions import keep_version
from duobiao.identity.actions.create_token import create_token as make_token
from duobiao.identity.actions.invite_user import require_free
from duobiao.identity.events import UnitCreated, UserInvited
from duobiao.identity.models import CompanySettings, Role, Unit, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.timeline.actions.record import record

ALPHABET = string.ascii_letters.translate(str.maketrans("", "", "lIO")) + "23456789"
LENGTH = 16


@transaction.atomic
def create_user(*, username: str, role: str, name: str, now: datetime, password: str = "", unit: str = "") -> str:
    """Open an account; return its password, which is shown once.

    Args:
        password: Chosen for demonstrations; random otherwise.
        unit: Name of an organisation unit; without one the person belongs to the top unit, so that managers reach
            somebody.

    Raises:
        Invalid, NameTaken: a value does not fit, the unit is unknown, or the sign-in name is taken.
    """
    if role not in Role.values:
        raise Invalid(f"unknown role {role}", fields={"role": ", ".join(Role.values)})
    user = User(username=username, name=name, role=role, unit=_unit(unit, now=now))
    keep_version.check(user, only=["username", "name", "role"])
    require_free(username=username)
    chosen = password or "".join(secrets.choice(ALPHABET) for _index in range(LENGTH))
    user.set_password(chosen)
    user.save()
    record(UserInvited(subject=Ref.of(user), data={"note": f"{name} · {username}", "role": role}), actor=None, at=now)
    return chosen


def _unit(name: str, *, now: datetime) -> Unit:
    """Return the unit of this name, or the top unit, which is made with the first person."""
    if name:
        found = Unit.objects.filter(name=name).order_by("pk").first()
        if found is None:
            raise Invalid(f"there is no unit named {name}", fields={"unit": name})
        return found
    top = Unit.objects.filter(parent=None).order_by("pk").first()
    if top is None:
        top = Unit.objects.create(name=CompanySettings.load().name or str(_("Company")))
        record(UnitCreated(subject=Ref.of(top), data={"note": top.name}), actor=None, at=now)
    return top


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
