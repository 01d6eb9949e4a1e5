"""Change what a person decides about the own account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.events import ProfileChanged
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record

FIELDS = frozenset({"name", "language", "time_zone"})


@transaction.atomic
def change_profile(*, values: Mapping[str, Any], version: int, actor: User, now: datetime) -> None:
    """Store name, language and time zone of the actor.

    Args:
        values: Any of ``FIELDS``; "" for language or zone means "as the device" and "as the company".

    Raises:
        NotAllowed, Invalid, StaleVersion.
    """
    policy.require(actor, "identity.profile")
    unknown = set(values) - FIELDS
    if unknown:
        raise Invalid(_("Some fields cannot be changed here."), fields={name: _("unknown") for name in unknown})
    keep_version.check(User(**values), only=list(values))
    if values.get("language") and values["language"] not in dict(settings.LANGUAGES):
        raise Invalid(_("Choose one of the languages offered."), fields={"language": _("unknown")})
    if values.get("time_zone") and values["time_zone"] not in available_timezones():
        raise Invalid(_("There is no such time zone."), fields={"time_zone": _("unknown")})
    changed = keep_version.changes(actor, values)
    keep_version.write(actor, values, version=version)
    if changed:
        record(ProfileChanged(subject=Ref.of(actor), data={"changes": changed}), actor=actor, at=now)
