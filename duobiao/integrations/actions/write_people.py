"""Units and people of another system: people come in inactive unless the mapping says otherwise."""

import re
import unicodedata

from duobiao.identity.actions import keep_version
from duobiao.identity.actions.create_unit import create_unit, require_free_name
from duobiao.identity.actions.invite_user import require_free
from duobiao.identity.events import UserInvited
from duobiao.identity.models import Role, Unit, User
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.events import UnitImported, UserImported
from duobiao.kernel.refs import Ref, new_ref
from duobiao.kernel.refusals import NotFound
from duobiao.timeline.actions.record import record

NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
TEXTS = ("name", "username", "email", "role")


def check_unit(_context: Context, values: Values, _new: bool) -> None:
    """Check the name of a unit."""
    if "name" in values:
        keep_version.check(Unit(name=values["name"] or ""), only=["name"])


def create_unit_of(context: Context, row: Planned) -> int:
    """Add a unit; one of the same name at the same place is taken over."""
    held = Unit.objects.filter(name=row.values["name"], parent=None).first()
    if held is not None:
        return held.pk
    return create_unit(name=row.values["name"], parent=None, actor=context.actor, now=context.now).pk


def change_unit(context: Context, pk: int, values: Values) -> None:
    """Rename or move a unit."""
    unit = Unit.objects.select_for_update().get(pk=pk)
    name = values.get("name") or unit.name
    parent = _unit(values["parent"]) if "parent" in values else unit.parent
    require_free_name(name, parent, besides=unit)
    columns = {"name": name, "parent": parent}
    changed = keep_version.changes(unit, columns)
    if changed:
        keep_version.write(unit, columns, version=unit.version)
        record(UnitImported(subject=Ref.of(unit), data={"changes": changed}), actor=context.actor, at=context.now)


def check_user(_context: Context, values: Values, _new: bool) -> None:
    """Check the texts of a person."""
    given = {name: values[name] or "" for name in TEXTS if name in values}
    keep_version.check(User(**given), only=list(given))


def create_user(context: Context, row: Planned) -> int:
    """Open an account without a password; nobody can sign in with it before an administrator sends a link."""
    values = row.values
    username = values.get("username") or free_username(values["name"])
    require_free(username=username, email=values.get("email") or "")
    user = User(
        username=username,
        name=values["name"],
        email=values.get("email") or "",
        role=values.get("role") or Role.SELLER,
        unit=_unit(values.get("unit")),
        is_active=bool(values.get("is_active", False)),
    )
    user.set_unusable_password()
    user.save()
    data = {"username": username, "role": user.role, "source": context.source}
    record(UserInvited(subject=Ref.of(user), data=data), actor=context.actor, at=context.now)
    return user.pk


def change_user(context: Context, pk: int, values: Values) -> None:
    """Change what the source says of a person; a password is never touched."""
    user = User.objects.get_queryset().select_for_update().get(pk=pk)
    columns = {name: values[name] or "" for name in TEXTS if name in values}
    if "role" in columns and not columns["role"]:
        del columns["role"]
    if not columns.get("username", "x"):
        del columns["username"]
    require_free(username=columns.get("username", ""), email=columns.get("email", ""), besides=user)
    if "unit" in values:
        columns["unit"] = _unit(values["unit"])
    if "coach" in values:
        columns["coach"] = _coach(user, values["coach"])
    if values.get("is_active") is not None:
        columns["is_active"] = values["is_active"]
    changed = keep_version.changes(user, columns)
    if changed:
        keep_version.write(user, columns, version=user.version)
        record(UserImported(subject=Ref.of(user), data={"changes": changed}), actor=context.actor, at=context.now)


def free_username(name: str) -> str:
    """Return a sign-in name nobody has, made of the Latin letters of a name where it has any."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    base = NOT_IN_NAME.sub(".", plain).strip(".")[:50] or new_ref("E").casefold()
    taken = set(User.objects.get_queryset().filter(username__istartswith=base).values_list("username", flat=True))
    lowered = {username.casefold() for username in taken}
    number, candidate = 2, base
    while candidate in lowered:
        number, candidate = number + 1, f"{base}.{number}"
    return candidate


def _unit(pk: int | None) -> Unit | None:
    return Unit.objects.get(pk=pk) if pk else None


def _coach(user: User, pk: int | None) -> User | None:
    if not pk or pk == user.pk:
        return None
    coach = User.objects.get_queryset().filter(pk=pk).first()
    if coach is None:
        raise NotFound("the coach does not exist")
    return coach
