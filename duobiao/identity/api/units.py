"""Organisation units."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Status

from duobiao.identity import policy
from duobiao.identity.actions.create_unit import create_unit
from duobiao.identity.actions.delete_unit import delete_unit
from duobiao.identity.actions.move_unit import move_unit
from duobiao.identity.actions.rename_unit import rename_unit
from duobiao.identity.api.schemas import UnitOut
from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of
from duobiao.identity.models import Unit, User
from duobiao.identity.queries import UnitRow, unit_by_ref, unit_tree

router = Router()


class NewUnit(StrictSchema):
    """A unit to add."""

    name: str = Field(min_length=1, max_length=80)
    parent: str | None = Field(None, max_length=16)


class UnitPatch(StrictSchema):
    """A new name, a new place, or both; null puts the unit at the top."""

    version: int = Field(ge=1, le=2**31 - 1)
    name: str | None = Field(None, min_length=1, max_length=80)
    parent: str | None = Field(None, max_length=16)


class Version(StrictSchema):
    """What the caller saw."""

    version: int = Field(ge=1, le=2**31 - 1)


@router.get("/units", response=list[UnitOut], operation_id="list_units", summary="List units")
def list_units(request: HttpRequest) -> list[dict[str, Any]]:
    """All units, each after the one above it."""
    actor_of(request)
    return [_row(row) for row in unit_tree()]


@router.post("/units", response={201: UnitOut}, operation_id="create_unit", summary="Add a unit")
def post_unit(request: HttpRequest, payload: NewUnit) -> Status[Any]:
    """Below another one, or at the top."""
    parent = unit_by_ref(payload.parent, field="parent") if payload.parent else None
    unit = create_unit(name=payload.name, parent=parent, actor=actor_of(request), now=timezone.now())
    return Status(201, _out(unit))


@router.patch("/units/{ref}", response=UnitOut, operation_id="change_unit", summary="Rename or move a unit")
def patch_unit(request: HttpRequest, ref: str, payload: UnitPatch) -> dict[str, Any]:
    """All units below move with it."""
    actor, now = actor_of(request), timezone.now()
    unit = _unit(actor, ref)
    given = payload.model_fields_set
    if payload.name is not None:
        rename_unit(unit=unit, name=payload.name, version=payload.version, actor=actor, now=now)
    if "parent" in given:
        parent = unit_by_ref(payload.parent, field="parent") if payload.parent else None
        version = unit.version if payload.name is not None else payload.version
        move_unit(unit=unit, parent=parent, version=version, actor=actor, now=now)
    return _out(unit)


@router.delete("/units/{ref}", response={204: None}, operation_id="delete_unit", summary="Delete an empty unit")
def delete_unit_operation(request: HttpRequest, ref: str, payload: Version) -> Status[Any]:
    """Only when neither people nor units belong to it."""
    actor = actor_of(request)
    delete_unit(unit=_unit(actor, ref), version=payload.version, actor=actor, now=timezone.now())
    return Status(204, None)


def _unit(actor: User, ref: str) -> Unit:
    policy.require(actor, "identity.units")
    return found_or_404(Unit.objects.select_related("parent").filter(ref=ref).first())


def _row(row: UnitRow) -> dict[str, Any]:
    return {"ref": row.ref, "name": row.name, "parent": row.parent_ref, "people": row.people, "version": row.version}


def _out(unit: Unit) -> dict[str, Any]:
    return {
        "ref": unit.ref,
        "name": unit.name,
        "parent": unit.parent.ref if unit.parent else None,
        "people": unit.people.filter(is_active=True).count(),
        "version": unit.version,
    }
