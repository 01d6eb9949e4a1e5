"""Who may do what to whose records."""

import pytest
from django.utils import translation

from duobiao.identity import policy
from duobiao.identity.models import Role, RoleGrant, User
from duobiao.identity.policy import Scope, allows, owned_q, owner_in_scope, people_within, scope_of
from duobiao.identity.tests.factories import make_unit, make_user
from duobiao.kernel.refusals import NotAllowed

pytestmark = pytest.mark.django_db


class Record:
    """A record with an owner, as capabilities have them."""

    def __init__(self, owner: User) -> None:
        self.owner = owner

    def in_scope(self, actor: User, scope: Scope) -> bool:
        return owner_in_scope(self.owner, actor, scope)


@pytest.fixture
def people() -> dict[str, User]:
    """A small company: company > east > (team1, team2), north; everybody owns something."""
    company = make_unit("公司")
    east = make_unit("华东", company)
    team1, team2 = make_unit("一部", east), make_unit("二部", east)
    north = make_unit("华北", company)
    coach = make_user(Role.COACH, username="coach", unit=company)
    return {
        "boss": make_user(Role.EXECUTIVE, username="boss", unit=company),
        "east": make_user(Role.MANAGER, username="east", unit=east),
        "one": make_user(Role.SELLER, username="one", unit=team1, coach=coach),
        "two": make_user(Role.SELLER, username="two", unit=team2),
        "north": make_user(Role.SELLER, username="north", unit=north),
        "nowhere": make_user(Role.SELLER, username="nowhere"),
        "coach": coach,
        "admin": make_user(Role.ADMINISTRATOR, username="admin"),
        "left": make_user(Role.MANAGER, username="left", unit=company, is_active=False),
        "homeless": make_user(Role.MANAGER, username="homeless"),
    }


REACHED = [
    ("boss", "boss east one two north nowhere coach admin left homeless"),
    ("east", "east one two"),
    ("one", "one"),
    ("nowhere", "nowhere"),
    ("coach", "coach one"),
    ("admin", "boss east one two north nowhere coach admin left homeless"),
    ("left", ""),
    ("homeless", "homeless"),
]


@pytest.mark.parametrize(("actor", "owners"), REACHED)
def test_reading_reaches_exactly_the_owners_in_scope(people, actor, owners):
    expected = set(owners.split())

    by_record = {name for name, owner in people.items() if allows(people[actor], "customers.view", Record(owner))}
    by_query = set(
        User.objects.filter(owned_q(people[actor], "customers.view", owner="pk")).values_list("username", flat=True)
    )

    assert by_record == expected
    assert by_query == expected


SCOPES = [
    (Scope.NONE, ""),
    (Scope.OWN, "east"),
    (Scope.LEARNERS, "east"),
    (Scope.UNIT, "east"),
    (Scope.SUBTREE, "east one two"),
]


@pytest.mark.parametrize(("scope", "owners"), SCOPES)
def test_people_within_a_scope_are_those_whose_records_it_reaches(people, scope, owners):
    found = set(people_within(people["east"], scope).values_list("username", flat=True))

    assert found == set(owners.split())
    assert found == {name for name, owner in people.items() if owner_in_scope(owner, people["east"], scope)}


def test_every_role_has_every_verb_and_every_verb_a_known_scope():
    shipped = policy.shipped_grants()

    assert set(shipped) == set(Role.values)
    assert len({frozenset(row) for row in shipped.values()}) == 1
    assert {scope for row in shipped.values() for scope in row.values()} <= set(Scope)


@pytest.mark.parametrize("role", Role.values)
def test_only_administrators_administer(role):
    actor = make_user(role)

    for verb in ("identity.users", "identity.units", "identity.roles", "identity.company"):
        assert allows(actor, verb) == (role == Role.ADMINISTRATOR)
    assert allows(actor, "timeline.audit") == (role in (Role.ADMINISTRATOR, Role.EXECUTIVE))


def test_an_unknown_verb_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        scope_of(make_user(), "customers.vanish")


def test_require_names_the_verb_it_refuses():
    with pytest.raises(NotAllowed) as refused:
        policy.require(make_user(), "identity.users")

    assert refused.value.details == {"verb": "identity.users"}


def test_a_right_that_reaches_less_far_is_told_with_its_reach_and_whom_to_ask(people):
    with translation.override("en"), pytest.raises(NotAllowed) as refused:
        policy.require(people["one"], "opportunities.edit", Record(people["two"]))

    name = str(people["admin"])
    expected = f"Your right “Change projects” ends with what is yours. Ask your manager or an administrator: {name}."
    assert refused.value.message == expected


def test_where_nobody_else_can_be_asked_no_name_is_told():
    with translation.override("en"), pytest.raises(NotAllowed) as refused:
        policy.require(make_user(), "identity.users")

    assert refused.value.message == "Your role does not allow this. Ask your manager or an administrator."


def test_a_company_grant_replaces_the_shipped_one_for_the_next_request():
    seller = make_user()
    RoleGrant.objects.create(role="seller", verb="customers.view", scope="all")

    assert scope_of(seller, "customers.view") == Scope.ALL
    assert scope_of(make_user(Role.PRESALES), "customers.view") == Scope.OWN


def test_an_unowned_record_is_reached_by_all_only():
    manager = make_user(Role.MANAGER, unit=make_unit())

    assert not owner_in_scope(None, manager, Scope.SUBTREE)
    assert owner_in_scope(None, manager, Scope.ALL)


def test_scopes_offered_make_sense_for_the_verb():
    assert policy.scopes_offered("identity.users") == [Scope.NONE, Scope.ALL]
    assert policy.scopes_offered("identity.profile") == [Scope.NONE, Scope.OWN]
    assert policy.scopes_offered("customers.view") == list(Scope)
