"""The caller: who the token belongs to and what it may do."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router

from duobiao.identity import policy
from duobiao.identity.actions.change_profile import change_profile
from duobiao.identity.api.schemas import MeOut
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.queries import zone_of

router = Router()


class MePatch(StrictSchema):
    """What a person decides about the own account."""

    version: int = Field(ge=1, le=2**31 - 1)
    name: str | None = Field(None, min_length=1, max_length=80)
    language: str | None = Field(None, max_length=10)
    time_zone: str | None = Field(None, max_length=40)


@router.get("/me", response=MeOut, operation_id="get_me", summary="Who am I")
def get_me(request: HttpRequest) -> dict[str, Any]:
    """The person behind the token, with the reach of every right."""
    return _me(actor_of(request))


@router.patch("/me", response=MeOut, operation_id="change_profile", summary="Change my profile")
def patch_me(request: HttpRequest, payload: MePatch) -> dict[str, Any]:
    """Name, language, time zone."""
    actor = actor_of(request)
    values = payload.dict(exclude_unset=True, exclude={"version"})
    change_profile(values=_given(values), version=payload.version, actor=actor, now=timezone.now())
    return _me(actor)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _me(user: User) -> dict[str, Any]:
    return {
        "ref": user.ref,
        "username": user.username,
        "name": str(user),
        "email": user.email,
        "role": user.role,
        "unit": user.unit,
        "language": user.language,
        "time_zone": zone_of(user),
        "version": user.version,
        "permissions": {verb: str(scope) for verb, scope in policy.held_scopes(user).items()},
    }
