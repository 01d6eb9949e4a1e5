"""Put a unit, with all below it, somewhere else in the organisation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.actions.create_unit import require_free_name
from duobiao.identity.events import UnitMoved
from duobiao.identity.models import Unit, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record


class UnitCycle(Invalid):
    """A unit cannot lie below itself."""

    code = "unit_cycle"


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit | None, version: int, actor: User, now: datetime) -> None:
    """Move; all units are locked so that two moves cannot make a ring.

    Raises:
        NotAllowed, UnitCycle, UnitNameTaken, StaleVersion.
    """
    policy.require(actor, "identity.units")
    list(Unit.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    if parent is not None and parent.pk in policy.subtree_ids(unit.pk):
        raise UnitCycle(_("A unit cannot lie below itself."), fields={"parent": _("Choose another place.")})
    require_free_name(unit.name, parent, besides=unit)
    changed = {"unit": [str(unit.parent or ""), str(parent or "")]} if unit.parent != parent else {}
    keep_version.write(unit, {"parent": parent}, version=version)
    if changed:
        record(UnitMoved(subject=Ref.of(unit), data={"changes": changed}), actor=actor, at=now)
