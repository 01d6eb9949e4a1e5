"""Change a person's name, address, role, unit or coach."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.actions.deactivate_user import require_other_administrator
from duobiao.identity.actions.invite_user import require_free
from duobiao.identity.events import UserChanged
from duobiao.identity.models import Role, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record

FIELDS = frozenset({"username", "name", "email", "role", "unit", "coach"})


@transaction.atomic
def change_user(*, user: User, values: Mapping[str, Any], version: int, actor: User, now: datetime) -> None:
    """Store the given fields; nothing is recorded when nothing changed.

    Args:
        values: Any of ``FIELDS``; ``unit`` and ``coach`` are records or None.

    Raises:
        NotAllowed: ``actor`` may not manage people.
        Invalid, NameTaken, LastAdministrator, StaleVersion.
    """
    policy.require(actor, "identity.users")
    unknown = set(values) - FIELDS
    if unknown:
        raise Invalid(_("Some fields cannot be changed here."), fields={name: _("unknown") for name in unknown})
    changed = keep_version.changes(user, values)
    _require_sensible(user, values, changed)
    keep_version.write(user, values, version=version)
    if "email" in changed:
        EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    if changed:
        record(UserChanged(subject=Ref.of(user), data={"changes": changed}), actor=actor, at=now)


def _require_sensible(user: User, values: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    trial = User(**{name: values[name] for name in values if name not in ("unit", "coach")})
    keep_version.check(trial, only=[name for name in values if name not in ("unit", "coach")])
    require_free(username=values.get("username", ""), email=values.get("email", ""), besides=user)
    if "role" in changed and values["role"] != Role.ADMINISTRATOR:
        require_other_administrator(user)
    coach = values.get("coach")
    if coach is not None and coach.pk == user.pk:
        raise Invalid(_("Nobody coaches themselves."), fields={"coach": _("Choose somebody else.")})
