"""Reopen the account of a person who comes back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.events import UserReactivated
from duobiao.identity.models import User
from duobiao.identity.password_links import password_path
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.timeline.actions.record import record


class AlreadyOpen(Conflict):
    """The account is open."""

    code = "already_open"


@transaction.atomic
def reactivate_user(*, user: User, version: int, actor: User, now: datetime) -> str:
    """Let a person work again; return the path of the link with which they set a new password.

    What was handed over stays where it is, and old tokens stay revoked.

    Raises:
        NotAllowed, AlreadyOpen, StaleVersion.
    """
    policy.require(actor, "identity.users")
    if user.is_active:
        raise AlreadyOpen(_("This account is open."))
    keep_version.write(user, {"is_active": True}, version=version)
    record(UserReactivated(subject=Ref.of(user)), actor=actor, at=now)
    return password_path(user)
