"""People: pickers for everybody, accounts for administrators."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Status

from duobiao.identity import policy
from duobiao.identity.actions.change_user import change_user
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.actions.invite_user import invite_user
from duobiao.identity.actions.make_password_link import make_password_link
from duobiao.identity.actions.reactivate_user import reactivate_user
from duobiao.identity.actions.reset_second_step import reset_second_step
from duobiao.identity.actions.send_password_link import send_password_link
from duobiao.identity.api.schemas import InvitationOut, UserDetailOut, UserOut
from duobiao.identity.api_support import Page, PageOut, PageQuery, StrictSchema, found_or_404, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import Unit, User
from duobiao.identity.queries import people_matching, unit_by_ref

router = Router()


class PeopleQuery(PageQuery):
    """Which people."""

    q: str = Field("", max_length=80, description="Part of a name or sign-in name.")
    active: bool | None = Field(True, description="Only people who can work; false: only others; null: all.")


class NewUser(StrictSchema):
    """An account to open."""

    username: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=80)
    role: str = Field(max_length=20)
    email: str = Field("", max_length=254)
    unit: str | None = Field(None, max_length=16)
    coach: str | None = Field(None, max_length=16)
    language: str = Field("", max_length=10)


class UserPatch(StrictSchema):
    """Fields to change."""

    version: int = Field(ge=1, le=2**31 - 1)
    username: str | None = Field(None, min_length=1, max_length=60)
    name: str | None = Field(None, min_length=1, max_length=80)
    email: str | None = Field(None, max_length=254)
    role: str | None = Field(None, max_length=20)
    unit: str | None = Field(None, max_length=16)
    coach: str | None = Field(None, max_length=16)


class Leaving(StrictSchema):
    """Who takes over."""

    version: int = Field(ge=1, le=2**31 - 1)
    successor: str | None = Field(None, max_length=16)


class Returning(StrictSchema):
    """What the caller saw."""

    version: int = Field(ge=1, le=2**31 - 1)


@router.get("/users", response=PageOut[UserOut], operation_id="list_users", summary="List people")
def list_users(request: HttpRequest, query: Query[PeopleQuery]) -> Page[User]:
    """Colleagues by name, for pickers."""
    rows = people_matching(actor_of(request), q=query.q, active=query.active)
    return page_of(rows, page=query, sort="name")


@router.get("/users/{ref}", response=UserDetailOut, operation_id="get_user", summary="Read an account")
def get_user(request: HttpRequest, ref: str) -> User:
    """An account with its version."""
    actor = actor_of(request)
    policy.require(actor, "identity.users")
    return _user(actor, ref)


@router.post("/users", response={201: InvitationOut}, operation_id="invite_user", summary="Open an account")
def post_user(request: HttpRequest, payload: NewUser) -> Status[Any]:
    """The person sets the own password by the link in the answer, which is mailed too where there is an address."""
    actor = actor_of(request)
    values = {**payload.dict(), "unit": _unit(payload.unit), "coach": _person(actor, payload.coach)}
    invitation = invite_user(**values, actor=actor, now=timezone.now())
    return Status(201, _invitation(request, invitation.user, invitation.path))


@router.patch("/users/{ref}", response=UserDetailOut, operation_id="change_user", summary="Change an account")
def patch_user(request: HttpRequest, ref: str, payload: UserPatch) -> User:
    """Role, unit, coach, names; null empties unit or coach."""
    actor = actor_of(request)
    policy.require(actor, "identity.users")
    user = _user(actor, ref)
    values = payload.dict(exclude_unset=True, exclude={"version"})
    if "unit" in values:
        values["unit"] = _unit(payload.unit)
    if "coach" in values:
        values["coach"] = _person(actor, payload.coach)
    kept = {name: value for name, value in values.items() if value is not None or name in ("unit", "coach")}
    change_user(user=user, values=kept, version=payload.version, actor=actor, now=timezone.now())
    return user


@router.post(
    "/users/{ref}/deactivate", response=UserDetailOut, operation_id="deactivate_user", summary="Close an account"
)
def post_deactivate(request: HttpRequest, ref: str, payload: Leaving) -> User:
    """Sessions and tokens end at once; customers and deals go to the successor."""
    actor = actor_of(request)
    policy.require(actor, "identity.users")
    user = _user(actor, ref)
    successor = user_by_ref(actor, payload.successor, field="successor") if payload.successor else None
    deactivate_user(user=user, successor=successor, version=payload.version, actor=actor, now=timezone.now())
    return user


@router.post(
    "/users/{ref}/reactivate", response=InvitationOut, operation_id="reactivate_user", summary="Reopen an account"
)
def post_reactivate(request: HttpRequest, ref: str, payload: Returning) -> dict[str, Any]:
    """The person sets a new password by the link in the answer."""
    actor = actor_of(request)
    policy.require(actor, "identity.users")
    user = _user(actor, ref)
    path = reactivate_user(user=user, version=payload.version, actor=actor, now=timezone.now())
    return _invitation(request, user, path)


@router.post(
    "/users/{ref}/password-link",
    response=InvitationOut,
    operation_id="make_password_link",
    summary="Make a link that sets a password",
)
def post_password_link(request: HttpRequest, ref: str) -> dict[str, Any]:
    """The present password works until the link is used."""
    actor = actor_of(request)
    policy.require(actor, "identity.users")
    user = _user(actor, ref)
    path = make_password_link(user=user, actor=actor, now=timezone.now())
    return _invitation(request, user, path)


@router.delete(
    "/users/{ref}/second-step",
    response={204: None},
    operation_id="reset_second_step",
    summary="Take away the second step of signing in",
)
def delete_second_step(request: HttpRequest, ref: str) -> Status[None]:
    """For somebody who lost phone, key and recovery codes; the password stays."""
    actor = actor_of(request)
    policy.require(actor, "identity.users")
    reset_second_step(user=_user(actor, ref), actor=actor, now=timezone.now())
    return Status(204, None)


def _user(actor: User, ref: str) -> User:
    return found_or_404(User.objects.visible_to(actor).select_related("unit", "coach").filter(ref=ref).first())


def _unit(ref: str | None) -> Unit | None:
    return unit_by_ref(ref) if ref else None


def _person(actor: User, ref: str | None) -> User | None:
    return user_by_ref(actor, ref, field="coach") if ref else None


def _invitation(request: HttpRequest, user: User, path: str) -> dict[str, Any]:
    url = request.build_absolute_uri(path)
    return {"user": user, "password_url": url, "mail_error": send_password_link(user=user, url=url)}
