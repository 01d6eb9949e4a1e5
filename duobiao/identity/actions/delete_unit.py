"""Delete a unit that nobody belongs to."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.events import UnitDeleted
from duobiao.identity.models import Unit, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.timeline.actions.record import record


class UnitInUse(Conflict):
    """People, units or records still belong to the unit."""

    code = "unit_in_use"


@transaction.atomic
def delete_unit(*, unit: Unit, version: int, actor: User, now: datetime) -> None:
    """Delete an empty unit.

    Raises:
        NotAllowed, UnitInUse, StaleVersion.
    """
    policy.require(actor, "identity.units")
    held = Unit.objects.select_for_update().filter(pk=unit.pk, version=version).first()
    if held is None:
        raise StaleVersion(_("Somebody else changed this meanwhile. Look at it again before you save."))
    if held.people.exists() or held.children.exists():
        raise UnitInUse(_("People or units still belong here. Move them first."))
    record(UnitDeleted(subject=Ref.of(unit), data={"note": unit.name}), actor=actor, at=now)
    try:
        held.delete()
    except ProtectedError as error:
        raise UnitInUse(_("Records still belong to this unit. Hand them over first.")) from error
