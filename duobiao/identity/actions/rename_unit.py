"""Give a unit another name."""

from datetime import datetime

from django.db import transaction

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.actions.create_unit import require_free_name
from duobiao.identity.events import UnitRenamed
from duobiao.identity.models import Unit, User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, version: int, actor: User, now: datetime) -> None:
    """Rename.

    Raises:
        NotAllowed, UnitNameTaken, Invalid, StaleVersion.
    """
    policy.require(actor, "identity.units")
    name = name.strip()
    keep_version.check(Unit(name=name), only=["name"])
    require_free_name(name, unit.parent, besides=unit)
    changed = keep_version.changes(unit, {"name": name})
    keep_version.write(unit, {"name": name}, version=version)
    if changed:
        record(UnitRenamed(subject=Ref.of(unit), data={"changes": changed}), actor=actor, at=now)
