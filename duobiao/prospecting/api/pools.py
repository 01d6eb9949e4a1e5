"""Pools over the API."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from duobiao.identity.api_support import user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import Unit, User
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.actions.save_pool import Member, create_pool, edit_pool
from duobiao.prospecting.api.schemas import MemberIn, PoolFacts, PoolIn, PoolOut, PoolPatch, pool_facts
from duobiao.prospecting.queries.pools import PoolRow, get_pool, pool_rows

router = Router()
MAINTAIN = "prospecting.pools"


@router.get("/pools", response=list[PoolOut], operation_id="list_pools", summary="List pools")
def list_pools(request: HttpRequest) -> list[PoolOut]:
    """List the pools you may take from, with what lies in them; who maintains pools sees all."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    return [_out(row) for row in pool_rows(actor, now=timezone.now(), all_pools=allows(actor, MAINTAIN))]


@router.post("/pools", response={201: PoolOut}, operation_id="create_pool", summary="Make a pool")
def post_pool(request: HttpRequest, payload: PoolIn) -> Status[PoolOut]:
    """Make a pool; without members everybody may take from it."""
    actor = actor_of(request)
    require(actor, MAINTAIN)
    values = _values(payload.model_dump(exclude_unset=True, exclude={"members"}), actor)
    pool = create_pool(values=values, members=_members(payload) or [(None, "")], actor=actor, now=timezone.now())
    return Status(201, _read(actor, pool.ref))


@router.patch("/pools/{ref}", response=PoolOut, operation_id="edit_pool", summary="Change a pool")
def patch_pool(request: HttpRequest, ref: str, payload: PoolPatch) -> PoolOut:
    """Change the facts that the body names."""
    actor = actor_of(request)
    require(actor, MAINTAIN)
    values = _values(payload.model_dump(exclude_unset=True, exclude={"members", "version"}), actor)
    members = _members(payload) if payload.members is not None else None
    edit_pool(
        pool=get_pool(ref),
        version=payload.version,
        values=values,
        members=members,
        actor=actor,
        now=timezone.now(),
    )
    return _read(actor, ref)


def _values(values: dict[str, Any], actor: User) -> dict[str, Any]:
    if values.get("keeper"):
        values["keeper"] = user_by_ref(actor, values["keeper"], field="keeper")
    return values


def _read(actor: User, ref: str) -> PoolOut:
    rows = pool_rows(actor, now=timezone.now(), all_pools=True)
    return next(_out(row) for row in rows if row.pool.ref == ref)


def _out(row: PoolRow) -> PoolOut:
    return PoolOut(
        **pool_facts(row.pool),
        free=row.free,
        held=row.held,
        mine=row.mine,
        taken_today=row.taken_today,
        may_take=row.may_take,
    )


def _members(payload: PoolFacts) -> list[Member]:
    return [(_unit(row), row.role or "") for row in payload.members or []]


def _unit(row: MemberIn) -> Unit | None:
    if row.unit is None:
        return None
    found = Unit.objects.filter(ref=row.unit).first()
    if found is None:
        raise Invalid(_("There is no such unit."), fields={"members": _("not found")})
    return found
