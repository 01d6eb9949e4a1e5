"""Roles: a matrix of role × right, each with its reach."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.actions.change_role_grant import change_role_grant
from duobiao.identity.http import actor_of
from duobiao.identity.models import Role, ScopeName, User
from duobiao.identity.verb_names import AREA_NAMES, verb_name
from duobiao.web.http import done, render


@dataclass(frozen=True, slots=True)
class Cell:
    """How far one right reaches for one role."""

    role: str
    scope: str
    label: str
    shipped: str
    shipped_label: str
    locked: bool

    @property
    def changed(self) -> bool:
        """Whether the company set another reach than the shipped one."""
        return self.scope != self.shipped


@dataclass(frozen=True, slots=True)
class VerbRow:
    """One right across all roles."""

    verb: str
    name: str
    offered: list[tuple[str, str]]
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Area:
    """The rights of one capability."""

    name: str
    rows: list[VerbRow]


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show the matrix; ``?role=`` opens one role for changes."""
    _administrator(request)
    role = request.GET.get("role", "")
    chosen = role if role in Role.values else ""
    found = areas()
    changed = sum(cell.changed for area in found for row in area.rows for cell in row.cells)
    context = {
        "areas": found,
        "roles": Role.choices,
        "chosen": chosen,
        "chosen_name": Role(chosen).label if chosen else "",
        "changed": changed,
        "scopes": explained(),
    }
    return render(request, "identity/roles.html", context)


@require_POST
def edit_role(request: HttpRequest, role: str) -> HttpResponse:
    """Store what was chosen for one role: all cells that differ from what is held."""
    actor = _administrator(request)
    now = timezone.now()
    if "reset" in request.POST:
        for verb in policy.shipped_grants().get(role, {}):
            change_role_grant(role=role, verb=verb, scope=None, actor=actor, now=now)
    else:
        for verb in policy.shipped_grants().get(role, {}):
            scope, seen = request.POST.get(f"scope:{verb}"), request.POST.get(f"seen:{verb}")
            if scope is not None and scope != seen:
                change_role_grant(role=role, verb=verb, scope=scope, seen=seen, actor=actor, now=now)
    return done(request, to=f"{request.path}".rsplit("/", 2)[0] + f"/?role={role}", toast=_("Rights saved"))


def areas() -> list[Area]:
    """Return the matrix, area by area, in the order of ``roles.yaml``."""
    shipped, held = policy.shipped_grants(), policy.grants()
    verbs = list(next(iter(shipped.values())))
    found: dict[str, list[VerbRow]] = {}
    for verb in verbs:
        found.setdefault(verb.split(".")[0], []).append(_row(verb, shipped, held))
    return [Area(str(AREA_NAMES.get(area, area)), rows) for area, rows in found.items()]


def _row(verb: str, shipped: dict[str, dict[str, policy.Scope]], held: dict[str, dict[str, policy.Scope]]) -> VerbRow:
    cells = [
        Cell(
            role=role,
            scope=str(held[role][verb]),
            label=str(ScopeName(held[role][verb]).label),
            shipped=str(shipped[role][verb]),
            shipped_label=str(ScopeName(shipped[role][verb]).label),
            locked=role == Role.ADMINISTRATOR and verb.startswith("identity."),
        )
        for role in shipped
    ]
    offered = [(str(scope), str(ScopeName(scope).label)) for scope in policy.scopes_offered(verb)]
    return VerbRow(verb, verb_name(verb), offered, cells)


def explained() -> list[tuple[str, str]]:
    """Return what each reach means."""
    return [
        (str(ScopeName.NONE.label), _("not at all")),
        (str(ScopeName.OWN.label), _("what I own and the projects I am on")),
        (str(ScopeName.LEARNERS.label), _("what the people I coach own")),
        (str(ScopeName.UNIT.label), _("what people of my unit own")),
        (str(ScopeName.SUBTREE.label), _("what people of my unit and all units below own")),
        (str(ScopeName.ALL.label), _("everything")),
    ]


def _administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, "identity.roles")
    return actor
