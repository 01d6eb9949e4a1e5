"""Roles: how far each right reaches."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router

from duobiao.identity import policy
from duobiao.identity.actions.change_role_grant import change_role_grant
from duobiao.identity.api.schemas import GrantOut
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound

router = Router()


class GrantPut(StrictSchema):
    """The reach to set; null goes back to the shipped one."""

    scope: str | None = Field(max_length=10)
    seen: str | None = Field(None, max_length=10, description="The reach you saw; another one now answers 409.")


@router.get("/roles", response=list[GrantOut], operation_id="list_grants", summary="List all rights")
def list_grants(request: HttpRequest) -> list[dict[str, Any]]:
    """Role by role, right by right."""
    policy.require(actor_of(request), "identity.roles")
    shipped, held = policy.shipped_grants(), policy.grants()
    return [_grant(role, verb, held[role][verb], shipped[role][verb]) for role in held for verb in held[role]]


@router.put("/roles/{role}/{verb}", response=GrantOut, operation_id="change_role_grant", summary="Change a right")
def put_grant(request: HttpRequest, role: str, verb: str, payload: GrantPut) -> dict[str, Any]:
    """It holds from the next request of everybody concerned."""
    actor = actor_of(request)
    policy.require(actor, "identity.roles")
    if verb not in policy.shipped_grants().get(role, {}):
        raise NotFound(_("There is no such role or right."))
    change_role_grant(role=role, verb=verb, scope=payload.scope, seen=payload.seen, actor=actor, now=timezone.now())
    return _grant(role, verb, policy.grants()[role][verb], policy.shipped_grants()[role][verb])


def _grant(role: str, verb: str, scope: str, shipped: str) -> dict[str, Any]:
    offered = [str(item) for item in policy.scopes_offered(verb)]
    return {"role": role, "verb": verb, "scope": str(scope), "shipped": str(shipped), "offered": offered}
