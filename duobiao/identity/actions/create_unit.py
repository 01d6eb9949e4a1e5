"""Add a unit to the organisation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.events import UnitCreated
from duobiao.identity.models import Unit, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record


class UnitNameTaken(Invalid):
    """Another unit at the same place has this name."""

    code = "unit_name_taken"


@transaction.atomic
def create_unit(*, name: str, parent: Unit | None, actor: User, now: datetime) -> Unit:
    """Add a unit below ``parent``, or at the top.

    Raises:
        NotAllowed, UnitNameTaken, Invalid.
    """
    policy.require(actor, "identity.units")
    unit = Unit(name=name.strip(), parent=parent)
    keep_version.check(unit, only=["name"])
    require_free_name(unit.name, parent)
    unit.save()
    data = {"note": unit.name if parent is None else f"{parent.name} / {unit.name}"}
    record(UnitCreated(subject=Ref.of(unit), data=data), actor=actor, at=now)
    return unit


def require_free_name(name: str, parent: Unit | None, *, besides: Unit | None = None) -> None:
    """Refuse a name that a neighbour has.

    Raises:
        UnitNameTaken: one has it.
    """
    neighbours = Unit.objects.filter(parent=parent, name=name)
    if besides is not None:
        neighbours = neighbours.exclude(pk=besides.pk)
    if neighbours.exists():
        raise UnitNameTaken(_("There is a unit of this name here already."), fields={"name": _("taken")})
