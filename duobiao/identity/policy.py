"""Who may do what to whose records: role × verb × scope, shipped in ``roles.yaml``, changed by the company."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import yaml
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from duobiao.identity.models import Role, RoleGrant, Unit, User
from duobiao.identity.verb_names import verb_name
from duobiao.kernel.refusals import NotAllowed

MOST_NAMED = 3
ROLES_FILE = Path(__file__).parent / "roles.yaml"


class Scope(StrEnum):
    """Whose records a verb reaches, from nothing to everything."""

    NONE = "none"
    OWN = "own"
    LEARNERS = "learners"
    UNIT = "unit"
    SUBTREE = "subtree"
    ALL = "all"


REACH_WORDS: dict[Scope, object] = {
    Scope.NONE: "",
    Scope.OWN: gettext_lazy("what is yours"),
    Scope.LEARNERS: gettext_lazy("what belongs to you and those you coach"),
    Scope.UNIT: gettext_lazy("what belongs to your unit"),
    Scope.SUBTREE: gettext_lazy("what belongs to your unit and those below"),
    Scope.ALL: gettext_lazy("everything"),
}


class Subject(Protocol):
    """A record that knows whether it lies within a scope of a person."""

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether this record is within ``scope`` of ``actor``."""


@lru_cache(maxsize=1)
def shipped_grants() -> dict[str, dict[str, Scope]]:
    """Return the shipped table: role → verb → scope; a verb missing from a role is ``none``."""
    document: dict[str, Any] = yaml.load(ROLES_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    verbs: dict[str, dict[str, str]] = document["verbs"]
    grants: dict[str, dict[str, Scope]] = {role: {} for role in document["roles"]}
    for verb, row in verbs.items():
        for role in document["roles"]:
            grants[role][verb] = Scope(row.get(role, row.get("everyone", "none")))
    return grants


def scopes_offered(verb: str) -> list[Scope]:
    """Return the reaches that make sense for a verb: what nobody holds by ownership is all or nothing."""
    held = {row[verb] for row in shipped_grants().values()} - {Scope.NONE}
    if held <= {Scope.ALL}:
        return [Scope.NONE, Scope.ALL]
    return [Scope.NONE, Scope.OWN] if held <= {Scope.OWN} else list(Scope)


def grants() -> dict[str, dict[str, Scope]]:
    """Return the table in force: the shipped one with the company's changes."""
    changed = list(RoleGrant.objects.values_list("role", "verb", "scope"))
    if not changed:
        return shipped_grants()
    table = {role: dict(row) for role, row in shipped_grants().items()}
    for role, verb, scope in changed:
        table[role][verb] = Scope(scope)
    return table


def scope_of(actor: User, verb: str) -> Scope:
    """Return how far ``verb`` reaches for ``actor``.

    Raises:
        KeyError: the verb is not listed in ``roles.yaml``.
    """
    if not actor.is_authenticated or not actor.is_active:
        return Scope.NONE
    if actor.held_grants is None:
        actor.held_grants = dict(grants()[actor.role])
    return Scope(actor.held_grants[verb])


def held_scopes(actor: User) -> dict[str, Scope]:
    """Return the reach of every right for ``actor``."""
    return {verb: scope_of(actor, verb) for verb in shipped_grants()[actor.role]}


def allows(actor: User, verb: str, subject: Subject | None = None) -> bool:
    """Say whether ``actor`` may do ``verb``, to ``subject`` where one is given."""
    scope = scope_of(actor, verb)
    if scope is Scope.NONE:
        return False
    if subject is None or scope is Scope.ALL:
        return True
    return subject.in_scope(actor, scope)


def require(actor: User, verb: str, subject: Subject | None = None) -> None:
    """Refuse unless ``actor`` may do ``verb``.

    Raises:
        NotAllowed: the role, or the reach of the role, does not cover it.
    """
    if not allows(actor, verb, subject):
        raise NotAllowed(_why_not(actor, verb), details={"verb": verb})


def _why_not(actor: User, verb: str) -> str:
    """Name the right that is missing, or how far it reaches, and whom to ask."""
    scope = scope_of(actor, verb)
    administrators = User.objects.active().filter(role=Role.ADMINISTRATOR).exclude(pk=actor.pk).order_by("name", "pk")
    names = [str(user) for user in administrators[:MOST_NAMED]]
    if not names:
        return _("Your role does not allow this. Ask your manager or an administrator.")
    words = {
        "right": verb_name(verb),
        "role": actor.get_role_display(),
        "reach": str(REACH_WORDS[scope]),
        "names": ("、" if (get_language() or "").startswith("zh") else ", ").join(names),
    }
    if scope is Scope.NONE:
        return _("Your role (%(role)s) lacks the right “%(right)s”. An administrator can give it: %(names)s.") % words
    return _("Your right “%(right)s” ends with %(reach)s. Ask your manager or an administrator: %(names)s.") % words


def unit_ids(actor: User, scope: Scope) -> list[int]:
    """Return the ids of the units within ``scope`` of the person's own unit; empty without a unit."""
    if actor.unit_id is None:
        return []
    if scope is Scope.UNIT:
        return [actor.unit_id]
    if actor.held_subtree is None:
        actor.held_subtree = subtree_ids(actor.unit_id)
    return actor.held_subtree


def subtree_ids(root_id: int) -> list[int]:
    """Return the ids of a unit and all units below it."""
    children: dict[int | None, list[int]] = {}
    for pk, parent_id in Unit.objects.values_list("pk", "parent_id"):
        children.setdefault(parent_id, []).append(pk)
    found, waiting = [], [root_id]
    while waiting:
        pk = waiting.pop()
        found.append(pk)
        waiting.extend(children.get(pk, []))
    return found


def people_within(actor: User, scope: Scope) -> QuerySet[User]:
    """Return the users whose records ``scope`` reaches for ``actor`` (themselves included)."""
    if scope is Scope.ALL:
        return User.objects.all()
    if scope in (Scope.UNIT, Scope.SUBTREE):
        return User.objects.filter(Q(unit_id__in=unit_ids(actor, scope)) | Q(pk=actor.pk))
    if scope is Scope.LEARNERS:
        return User.objects.filter(Q(coach=actor) | Q(pk=actor.pk))
    return User.objects.filter(pk=actor.pk) if scope is Scope.OWN else User.objects.none()


def owned_q(actor: User, verb: str, *, owner: str = "owner") -> Q:
    """Build the condition for rows whose ``owner`` lies within the actor's scope for ``verb``.

    Rows a person sees for another reason (deal team, pending decision) are added by the caller with ``|``.
    """
    scope = scope_of(actor, verb)
    if scope is Scope.ALL:
        return Q(pk__isnull=False)  # an empty Q would vanish when the caller adds rows with "|"
    if scope is Scope.NONE:
        return Q(pk__in=[])
    if scope is Scope.OWN:
        return Q(**{owner: actor.pk})
    return Q(**{f"{owner}__in": people_within(actor, scope).values("pk")})


def owner_in_scope(owner: User | None, actor: User, scope: Scope) -> bool:
    """Say whether a record of ``owner`` lies within ``scope`` of ``actor``."""
    if scope is Scope.ALL:
        return True
    if owner is None or scope is Scope.NONE:
        return False
    if owner.pk == actor.pk:
        return True
    if scope is Scope.LEARNERS:
        return owner.coach_id == actor.pk
    if scope in (Scope.UNIT, Scope.SUBTREE):
        return owner.unit_id in unit_ids(actor, scope)
    return False
