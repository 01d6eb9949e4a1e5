"""The organisation, and what roles may do."""

import pytest

from duobiao.identity import policy
from duobiao.identity.actions.change_role_grant import WouldLockOut, change_role_grant
from duobiao.identity.actions.create_unit import UnitNameTaken, create_unit
from duobiao.identity.actions.delete_unit import UnitInUse, delete_unit
from duobiao.identity.actions.move_unit import UnitCycle, move_unit
from duobiao.identity.actions.rename_unit import rename_unit
from duobiao.identity.models import RoleGrant, Unit
from duobiao.identity.queries import unit_tree
from duobiao.identity.tests.factories import make_administrator, make_unit, make_user
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.timeline.models import Entry, EntryDetail

pytestmark = pytest.mark.django_db


def test_units_are_added_renamed_moved_and_deleted(now):
    admin = make_administrator()
    top = create_unit(name=" 公司 ", parent=None, actor=admin, now=now)
    east = create_unit(name="华东", parent=top, actor=admin, now=now)
    north = create_unit(name="华北", parent=top, actor=admin, now=now)

    rename_unit(unit=north, name="北方", version=1, actor=admin, now=now)
    move_unit(unit=north, parent=east, version=2, actor=admin, now=now)
    delete_unit(unit=north, version=3, actor=admin, now=now)

    assert [(row.name, row.depth) for row in unit_tree()] == [("公司", 0), ("华东", 1)]
    assert list(Entry.objects.order_by("id").values_list("event", flat=True)) == [
        "identity.unit_created",
        "identity.unit_created",
        "identity.unit_created",
        "identity.unit_renamed",
        "identity.unit_moved",
        "identity.unit_deleted",
    ]


def test_a_unit_cannot_lie_below_itself(now):
    admin = make_administrator()
    top = make_unit("公司")
    middle = make_unit("大区", top)
    leaf = make_unit("部", middle)

    for target in (top, middle, leaf):
        with pytest.raises(UnitCycle):
            move_unit(unit=top, parent=target, version=1, actor=admin, now=now)

    assert Unit.objects.get(pk=top.pk).parent is None
    assert not Entry.objects.exists()


def test_neighbours_need_different_names(now):
    admin, top = make_administrator(), make_unit("公司")
    east, north = make_unit("华东", top), make_unit("华北", top)

    with pytest.raises(UnitNameTaken):
        create_unit(name="华东", parent=top, actor=admin, now=now)
    with pytest.raises(UnitNameTaken):
        rename_unit(unit=north, name="华东", version=1, actor=admin, now=now)
    with pytest.raises(UnitNameTaken):
        move_unit(unit=make_unit("华东", north), parent=top, version=1, actor=admin, now=now)
    with pytest.raises(Invalid):
        create_unit(name="  ", parent=top, actor=admin, now=now)
    rename_unit(unit=east, name="华东", version=1, actor=admin, now=now)

    assert not Entry.objects.exists()


def test_a_unit_with_people_or_units_stays(now):
    admin = make_administrator()
    top, full = make_unit("公司"), make_unit("满员")
    make_unit("部", top)
    make_user(unit=full, is_active=False)

    for unit in (top, full):
        with pytest.raises(UnitInUse):
            delete_unit(unit=unit, version=1, actor=admin, now=now)

    assert Unit.objects.count() == 3
    assert not Entry.objects.exists()


def test_a_stale_version_changes_no_unit(now):
    admin, unit = make_administrator(), make_unit("公司")

    for act in (
        lambda: rename_unit(unit=unit, name="新", version=9, actor=admin, now=now),
        lambda: delete_unit(unit=unit, version=9, actor=admin, now=now),
        lambda: move_unit(unit=unit, parent=make_unit(), version=9, actor=admin, now=now),
    ):
        with pytest.raises(StaleVersion):
            act()

    assert Unit.objects.get(pk=unit.pk).name == "公司"


def test_only_administrators_change_units_and_roles(now):
    manager, unit = make_user("manager"), make_unit()

    for act in (
        lambda: create_unit(name="x", parent=None, actor=manager, now=now),
        lambda: rename_unit(unit=unit, name="x", version=1, actor=manager, now=now),
        lambda: move_unit(unit=unit, parent=None, version=1, actor=manager, now=now),
        lambda: delete_unit(unit=unit, version=1, actor=manager, now=now),
        lambda: change_role_grant(role="manager", verb="identity.users", scope="all", actor=manager, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert Unit.objects.count() == 1
    assert not RoleGrant.objects.exists()


def test_the_tree_costs_two_queries(django_assert_num_queries):
    top = make_unit("公司")
    for number in range(5):
        make_user(unit=make_unit(f"{number}部", top))

    with django_assert_num_queries(2):
        rows = unit_tree()

    assert [(row.name, row.people, row.children) for row in rows][:2] == [("公司", 0, 5), ("0部", 1, 0)]


def test_a_grant_is_changed_and_goes_back_to_what_was_shipped(now):
    admin = make_administrator()

    change_role_grant(role="seller", verb="customers.view", scope="unit", seen="own", actor=admin, now=now)
    assert policy.grants()["seller"]["customers.view"] == "unit"
    change_role_grant(role="seller", verb="customers.view", scope=None, actor=admin, now=now)

    assert policy.grants() == policy.shipped_grants()
    assert not RoleGrant.objects.exists()
    assert [row.data for row in EntryDetail.objects.order_by("entry_id")] == [
        {"role": "seller", "verb": "customers.view", "before": "own", "after": "unit"},
        {"role": "seller", "verb": "customers.view", "before": "unit", "after": "own"},
    ]


def test_setting_what_already_holds_leaves_no_trace(now):
    change_role_grant(role="seller", verb="customers.view", scope="own", actor=make_administrator(), now=now)

    assert not RoleGrant.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("verb", ["identity.users", "identity.roles", "identity.company", "identity.profile"])
def test_administrators_cannot_lose_the_rights_of_administration(now, verb):
    with pytest.raises(WouldLockOut):
        change_role_grant(role="administrator", verb=verb, scope="none", actor=make_administrator(), now=now)

    assert not RoleGrant.objects.exists()


@pytest.mark.parametrize(
    ("role", "verb", "scope"),
    [
        ("seller", "customers.fly", "own"),
        ("emperor", "customers.view", "own"),
        ("seller", "customers.view", "galaxy"),
        ("seller", "identity.users", "own"),
    ],
)
def test_grants_that_make_no_sense_are_refused(now, role, verb, scope):
    with pytest.raises(Invalid):
        change_role_grant(role=role, verb=verb, scope=scope, actor=make_administrator(), now=now)

    assert not RoleGrant.objects.exists()


def test_a_grant_changed_meanwhile_is_a_conflict(now):
    admin = make_administrator()
    change_role_grant(role="seller", verb="customers.view", scope="unit", actor=admin, now=now)

    with pytest.raises(StaleVersion):
        change_role_grant(role="seller", verb="customers.view", scope="all", seen="own", actor=admin, now=now)

    assert policy.grants()["seller"]["customers.view"] == "unit"
