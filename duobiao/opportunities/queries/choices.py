"""What the filters of the pipeline offer: only what lies within a person's reach."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language

from duobiao.customers.models import Customer
from duobiao.identity.models import Unit, User
from duobiao.identity.policy import Scope, grants, people_within, scope_of, unit_ids
from duobiao.opportunities.queries.stages import playbook_titles

MOST_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The lines of the filters that depend on who asks."""

    industries: list[Choice]
    owners: list[Choice]
    units: list[Choice]
    playbooks: list[Choice]


def filter_choices(user: User) -> Choices:
    """Return industries, people and units that the person may narrow by; four queries at most."""
    industries = (
        Customer.objects.visible_to(user).exclude(industry="").order_by("industry").values_list("industry", flat=True)
    )
    scope = scope_of(user, "opportunities.view")
    return Choices(
        industries=[Choice(name, name) for name in industries.distinct()[:MOST_CHOICES]],
        owners=_owners(user, scope),
        units=_units(user, scope),
        playbooks=[Choice(key, title) for key, title in playbook_titles(get_language())],
    )


def able_owners() -> QuerySet[User]:
    """Return the people who can own deals."""
    roles = [role for role, row in grants().items() if row["opportunities.edit"] != Scope.NONE]
    return User.objects.filter(is_active=True, role__in=roles).order_by("name", "pk")


def owners_within_reach(user: User) -> QuerySet[User]:
    """Return the people for whom a person may open deals."""
    within = people_within(user, scope_of(user, "opportunities.edit"))
    return able_owners().filter(pk__in=within.values("pk"))


def _owners(user: User, scope: Scope) -> list[Choice]:
    if scope in (Scope.NONE, Scope.OWN):
        return []
    rows = people_within(user, scope).order_by("name", "pk").values_list("ref", "name")
    return [Choice(ref, name) for ref, name in rows[:MOST_CHOICES]]


def _units(user: User, scope: Scope) -> list[Choice]:
    if scope not in (Scope.ALL, Scope.UNIT, Scope.SUBTREE):
        return []
    rows = Unit.objects.all() if scope is Scope.ALL else Unit.objects.filter(pk__in=unit_ids(user, scope))
    return [Choice(ref, name) for ref, name in rows.order_by("name", "pk").values_list("ref", "name")[:MOST_CHOICES]]
