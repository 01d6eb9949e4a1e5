"""Open an account for a person, who then sets the own password by a link."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.events import UserInvited
from duobiao.identity.models import Unit, User
from duobiao.identity.password_links import password_path
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record

LONGEST_USERNAME: Final = 60
LONGEST_NUMBER: Final = 6


class NameTaken(Invalid):
    """Somebody else has this sign-in name or e-mail address."""

    code = "name_taken"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new person and the path of the link with which they set their password."""

    user: User
    path: str


@transaction.atomic
def invite_user(
    *,
    username: str,
    name: str,
    role: str,
    email: str = "",
    unit: Unit | None = None,
    coach: User | None = None,
    language: str = "",
    actor: User,
    now: datetime,
) -> Invitation:
    """Open an account; the link is for the administrator to hand on, with or without mail.

    Raises:
        NotAllowed: ``actor`` may not manage people.
        NameTaken: sign-in name or e-mail address belong to somebody.
        Invalid: a value does not fit.
    """
    policy.require(actor, "identity.users")
    user = User(username=username, name=name, email=email, role=role, unit=unit, coach=coach, language=language)
    keep_version.check(user, only=["username", "name", "email", "role", "language"])
    require_free(username=username, email=email)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise NameTaken(_("Somebody else has this sign-in name or e-mail address.")) from error
    record(UserInvited(subject=Ref.of(user), data={"note": f"{name} · {username}", "role": role}), actor=actor, at=now)
    return Invitation(user=user, path=password_path(user))


def require_free(*, username: str = "", email: str = "", besides: User | None = None) -> None:
    """Refuse names that belong to somebody else.

    Raises:
        NameTaken: one does.
    """
    others = User.objects.exclude(pk=besides.pk) if besides is not None else User.objects.all()
    holder = others.filter(username__iexact=username).first() if username else None
    if holder is not None:
        said = _("%(who)s signs in with it; ask them if you are not sure who is meant. Still free: %(free)s") % {
            "who": _who(holder),
            "free": free_name(username),
        }
        raise NameTaken(_("This sign-in name is taken."), fields={"username": said})
    owner = others.filter(email__iexact=email).first() if email else None
    if owner is not None:
        said = _("It belongs to %(who)s. Ask them which of you it is, or use another one.") % {"who": _who(owner)}
        raise NameTaken(_("Somebody else has this e-mail address."), fields={"email": said})


def free_name(username: str) -> str:
    """Return the name with the first number behind it that nobody has."""
    stem = username[: LONGEST_USERNAME - LONGEST_NUMBER]
    taken = {
        name.lower() for name in User.objects.filter(username__istartswith=stem).values_list("username", flat=True)
    }
    return next(name for n in count(2) if (name := f"{stem}{n}").lower() not in taken)


def _who(person: User) -> str:
    unit = f" · {person.unit}" if person.unit is not None else ""
    closed = "" if person.is_active else " · " + _("account closed")
    return f"{person.name}{unit}{closed}"
