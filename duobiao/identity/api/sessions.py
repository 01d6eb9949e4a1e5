"""The caller's own sessions in browsers."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from duobiao.identity.actions.end_sessions import end_other_sessions, end_session
from duobiao.identity.api.schemas import SessionOut
from duobiao.identity.http import actor_of
from duobiao.identity.own_sessions import SessionRow, sessions_of

router = Router()


@router.get(
    "/me/sessions", response=list[SessionOut], operation_id="list_sessions", summary="List where I am signed in"
)
def list_sessions(request: HttpRequest) -> list[SessionRow]:
    """Browsers, those used last first; programs with a token are not among them."""
    return sessions_of(actor_of(request), now=timezone.now())


@router.delete("/me/sessions", response={204: None}, operation_id="end_sessions", summary="Sign me out in all browsers")
def delete_sessions(request: HttpRequest) -> Status[None]:
    """Tokens go on; revoke them one by one."""
    end_other_sessions(keep=None, actor=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.delete(
    "/me/sessions/{ref}", response={204: None}, operation_id="end_session", summary="Sign me out in one browser"
)
def delete_session(request: HttpRequest, ref: str) -> Status[None]:
    """The browser is asked to sign in at its next request."""
    end_session(ref=ref, actor=actor_of(request), now=timezone.now())
    return Status(204, None)
