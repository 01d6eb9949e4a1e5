"""The caller's own tokens."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Status

from duobiao.identity.actions.create_token import create_token
from duobiao.identity.actions.revoke_token import revoke_token
from duobiao.identity.api.schemas import NewTokenOut, TokenOut
from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of
from duobiao.identity.models import ApiToken
from duobiao.identity.queries import tokens_of

router = Router()


class NewTokenIn(StrictSchema):
    """A token to make."""

    name: str = Field(min_length=1, max_length=80)
    expires_days: int | None = Field(None, ge=1, le=3650)
    read_only: bool = False


@router.get("/tokens", response=list[TokenOut], operation_id="list_tokens", summary="List my tokens")
def list_tokens(request: HttpRequest) -> list[ApiToken]:
    """Live ones first."""
    return tokens_of(actor_of(request))


@router.post("/tokens", response={201: NewTokenOut}, operation_id="create_token", summary="Make a token")
def post_token(request: HttpRequest, payload: NewTokenIn) -> Status[Any]:
    """The text is shown in this answer and never again."""
    made = create_token(**payload.dict(), actor=actor_of(request), now=timezone.now())
    shown: dict[str, Any] = {name: getattr(made.token, name) for name in TokenOut.model_fields}
    return Status(201, {**shown, "token": made.text})


@router.delete("/tokens/{ref}", response={204: None}, operation_id="revoke_token", summary="Revoke a token")
def delete_token(request: HttpRequest, ref: str) -> Status[Any]:
    """It is refused from the next request on."""
    actor = actor_of(request)
    token = found_or_404(ApiToken.objects.filter(user=actor, ref=ref).first())
    revoke_token(token=token, actor=actor, now=timezone.now())
    return Status(204, None)
