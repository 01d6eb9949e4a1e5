"""Entering, editing and handing over customers."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from duobiao.customers.actions.check_duplicates import (
    MOST_LOOKUPS,
    DuplicateCustomer,
    TooManyLookups,
    check_duplicates,
)
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.actions.grant_customer import grant_customers
from duobiao.customers.actions.handover_customer import handover_customer
from duobiao.customers.actions.hold_customer import hold_customer
from duobiao.customers.models import Customer, CustomerProfile, Hold
from duobiao.customers.tests.factories import FULL_PROFILE, NOW, contact, customer, everything, person, unit
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.search.queries import find
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def east():
    return unit("华东一部")


@pytest.fixture
def seller(east):
    return person(within=east, name="林晓")


def events(chain=None):
    rows = Entry.objects.filter(chain=chain) if chain else Entry.objects.all()
    return list(rows.order_by("pk").values_list("event", flat=True))


def test_a_customer_is_entered_with_its_facts_and_found_at_once(seller):
    made = create_customer(
        name=" 苏州恒力精密机械有限公司 ",
        actor=seller,
        now=NOW,
        values={
            "industry": "机械制造",
            "phone": "0512-66668888",
            "website": "www.hengli.example.cn",
            "scale": "NATIONAL",
            "annual_revenue": Money.of(80_000_000),
        },
    )

    held = Customer.objects.get()
    assert (held.ref, held.name, held.owner, held.version) == (made.ref, "苏州恒力精密机械有限公司", seller, 1)
    assert (held.phone, held.website, held.profile_items) == ("0512 6666 8888", "https://www.hengli.example.cn", 1)
    assert held.profile.annual_revenue_minor == 8_000_000_000
    assert events(made.ref) == ["customers.customer_created"]
    assert [hit.ref for hit in find(user=seller, text="恒力")] == [made.ref]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 10_000}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"industry": "长" * 61}, "industry"),
        ({"notes": "长" * 4001}, "notes"),
        ({"phone": "请打给老王"}, "phone"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"credit_code": "91350100M000100Y44"}, "credit_code"),
        ({"scale": "GALACTIC"}, "scale"),
        ({"founded_year": 99_999}, "founded_year"),
        ({"founded_year": "last year"}, "founded_year"),
        ({"branch_count": -1}, "branch_count"),
        ({"industry_margin_percent": "1e9"}, "industry_margin_percent"),
        ({"annual_revenue": Money(-1)}, "annual_revenue"),
        ({"annual_revenue": Money(2**70)}, "annual_revenue"),
        ({"owner": 1}, "owner"),
        ({"profile_items": 8}, "profile_items"),
        ({"trashed_at": None}, "trashed_at"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name_and_nothing_is_written(seller, values, field):
    with pytest.raises(Invalid) as refused:
        create_customer(name=values.pop("name", "恒力"), actor=seller, now=NOW, values=values)

    assert list(refused.value.fields) == [field]
    assert everything() == {"Customer": [], "Contact": [], "Entry": []}
    assert not CustomerProfile.objects.exists()


def test_all_wrong_values_are_named_at_once(seller):
    with pytest.raises(Invalid) as refused:
        create_customer(
            name="", actor=seller, now=NOW, values={"phone": "?", "scale": "?", "annual_revenue": Money(-1)}
        )

    assert set(refused.value.fields) == {"name", "phone", "scale", "annual_revenue"}


def test_invisible_marks_and_script_are_kept_out_or_kept_as_text(seller):
    made = create_customer(name="恒\u202e力<script>alert(1)</script>", actor=seller, now=NOW)

    assert made.name == "恒力<script>alert(1)</script>"


@pytest.mark.parametrize("role", [Role.LEGAL, Role.FINANCE, Role.EXECUTIVE, Role.COACH])
def test_roles_that_do_not_sell_cannot_enter_customers(role):
    with pytest.raises(NotAllowed):
        create_customer(name="恒力", actor=person(role), now=NOW)

    assert not Customer.objects.exists()


def test_a_name_the_person_can_see_is_refused_until_confirmed(seller):
    first = customer(seller, "苏州恒力精密机械有限公司")

    with pytest.raises(DuplicateCustomer) as refused:
        create_customer(name="苏州恒力精密机械集团", actor=seller, now=NOW)
    assert refused.value.details == {"customers": [{"ref": first.ref, "name": first.name}], "units": []}
    assert Customer.objects.count() == 1

    create_customer(name="苏州恒力精密机械集团", actor=seller, now=NOW, duplicate_confirmed=True)
    assert Customer.objects.count() == 2


def test_a_name_the_person_cannot_see_tells_only_the_unit_and_leaves_a_trace(seller):
    secret = customer(seller, "苏州恒力精密机械有限公司", industry="机密行业")
    rival = person(within=unit("华西二部"))

    with pytest.raises(DuplicateCustomer) as refused:
        check_duplicates(name="苏州恒力精密机械", actor=rival, now=NOW)

    told = f"{refused.value.message} {refused.value.fields} {refused.value.details}"
    assert refused.value.details == {"customers": [], "units": ["华东一部"]}
    assert not any(word in told for word in (secret.ref, secret.name, "机密行业", seller.name))
    entry = Entry.objects.get(event="customers.duplicate_looked_up")
    assert entry.actor == rival


def test_trying_many_names_is_stopped(seller):
    customer(seller, "恒力")
    rival = person(within=unit())
    for _ in range(MOST_LOOKUPS):
        with pytest.raises(DuplicateCustomer):
            check_duplicates(name="恒力", actor=rival, now=NOW)

    with pytest.raises(TooManyLookups):
        check_duplicates(name="恒力", actor=rival, now=NOW)


def test_a_name_in_the_trash_or_a_placeholder_is_no_duplicate(seller):
    create_customer(name="未指明客户", actor=seller, now=NOW, is_placeholder=True)

    check_duplicates(name="未指明客户", actor=seller, now=NOW)


def test_an_edit_writes_what_differs_and_says_what_it_was(seller):
    held = customer(seller, "恒力", industry="机械")

    edited = edit_customer(
        customer=held, version=1, values={"industry": "汽车", "name": "恒力", "scale": "LOCAL"}, actor=seller, now=NOW
    )

    assert (edited.version, edited.industry, edited.profile_items) == (2, "汽车", 1)
    entry = Entry.objects.get(event="customers.customer_changed")
    assert entry.detail.data == {"changes": {"industry": ["机械", "汽车"], "scale": ["", "LOCAL"]}}


def test_an_edit_that_changes_nothing_leaves_no_trace(seller):
    held = customer(seller, "恒力")
    before = everything()

    edit_customer(customer=held, version=1, values={"name": " 恒力 "}, actor=seller, now=NOW)

    assert everything() == before


def test_a_stale_edit_is_refused_with_the_present_values(seller):
    held = customer(seller, "恒力", industry="机械")
    edit_customer(
        customer=held,
        version=1,
        values={"industry": "汽车", "scale": "LOCAL", "annual_revenue": Money.of(5)},
        actor=seller,
        now=NOW,
    )
    before = everything()

    with pytest.raises(StaleVersion) as refused:
        edit_customer(
            customer=held,
            version=1,
            values={"industry": "化工", "scale": "NATIONAL", "annual_revenue": None},
            actor=seller,
            now=NOW,
        )

    assert refused.value.details == {
        "current": {"industry": "汽车", "scale": "LOCAL", "annual_revenue": "5 CNY"},
        "version": 2,
    }
    assert everything() == before


def test_a_person_with_a_grant_of_their_own_scope_may_edit_and_a_stranger_may_not(seller):
    held = customer(seller, "恒力")
    helper, stranger = person(Role.PRESALES), person()
    grant_customers(source=Ref("opportunity", "P-1"), customer_ids=[held.pk], user_ids=[helper.pk])

    edit_customer(customer=held, version=1, values={"industry": "汽车"}, actor=helper, now=NOW)
    with pytest.raises(NotAllowed):
        edit_customer(customer=held, version=2, values={"industry": "化工"}, actor=stranger, now=NOW)

    assert Customer.objects.get().industry == "汽车"


def test_the_eighth_item_completes_the_information_and_its_loss_is_told(seller):
    held = customer(seller, "恒力", **{**FULL_PROFILE, "scale": ""})
    assert "customers.profile_completed" not in events()

    edit_customer(customer=held, version=1, values={"scale": "LOCAL"}, actor=seller, now=NOW)
    assert events(held.ref)[-1] == "customers.profile_completed"
    edit_customer(customer=held, version=2, values={"scale": "REGIONAL"}, actor=seller, now=NOW)
    assert events(held.ref)[-1] == "customers.customer_changed"
    edit_customer(customer=held, version=3, values={"project_value": "  "}, actor=seller, now=NOW)
    assert events(held.ref)[-1] == "customers.profile_incomplete"
    assert Customer.objects.get().profile_items == 7


def test_a_customer_entered_complete_says_so(seller):
    held = customer(seller, "恒力", **FULL_PROFILE)

    assert events(held.ref) == ["customers.customer_created", "customers.profile_completed"]


def test_no_customer_is_its_own_subsidiary_by_any_way(seller):
    top = customer(seller, "集团")
    middle = customer(seller, "公司甲", parent=top)
    low = customer(seller, "工厂甲", parent=middle)

    with pytest.raises(Invalid) as refused:
        edit_customer(customer=top, version=1, values={"parent": low}, actor=seller, now=NOW)

    assert list(refused.value.fields) == ["parent"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=top.pk).update(parent=top)


def test_a_granted_person_sees_the_customer_and_its_contacts_until_the_grant_goes(seller):
    held = customer(seller, "恒力")
    li = contact(held, "李工")
    helper, source = person(Role.PRESALES), Ref("opportunity", "P-1")

    grant_customers(source=source, customer_ids=[held.pk], user_ids=[helper.pk])
    assert list(Customer.objects.visible_to(helper)) == [held]
    assert [hit.ref for hit in find(user=helper, text="李工")] == [li.ref]

    grant_customers(source=source, customer_ids=[], user_ids=[])
    assert not Customer.objects.visible_to(helper).exists()
    assert find(user=helper, text="李工") == find(user=helper, text="恒力") == []


@pytest.mark.parametrize(
    ("role", "same_unit", "sees"),
    [
        (Role.SELLER, True, False),
        (Role.MANAGER, True, True),
        (Role.MANAGER, False, False),
        (Role.EXECUTIVE, False, True),
        (Role.ADMINISTRATOR, False, True),
        (Role.COACH, False, False),
        (Role.LEGAL, True, False),
    ],
)
def test_who_sees_a_customer(seller, east, role, same_unit, sees):
    held = customer(seller, "恒力")
    user = person(role, within=east if same_unit else unit())

    assert Customer.objects.visible_to(user).filter(pk=held.pk).exists() is sees
    assert bool(find(user=user, text="恒力")) is sees


def test_a_coach_sees_the_customers_of_learners(seller):
    held = customer(seller, "恒力")
    coach = person(Role.COACH)
    seller.coach = coach
    seller.save()

    assert list(Customer.objects.visible_to(coach)) == [held]


def test_a_customer_changes_hands_and_only_the_new_owner_finds_it(seller, east):
    held = customer(seller, "恒力")
    contact(held, "李工")
    successor = person(within=east, name="许文博")

    handover_customer(customer=held, to=successor, actor=seller, now=NOW, version=1)

    held.refresh_from_db()
    assert (held.owner, held.version) == (successor, 2)
    assert find(user=seller, text="李工") == []
    assert [hit.title for hit in find(user=successor, text="李工")] == ["李工"]
    assert Entry.objects.get(event="customers.customer_handed_over").detail.data == {
        "before": "林晓",
        "after": "许文博",
    }


def test_nothing_is_handed_to_somebody_who_left(seller):
    held = customer(seller, "恒力")
    gone = person(is_active=False)

    with pytest.raises(Invalid):
        handover_customer(customer=held, to=gone, actor=seller, now=NOW)

    assert Customer.objects.get().owner == seller


def test_the_successor_of_a_person_who_left_gets_all_customers(seller, east):
    customer(seller, "恒力")
    customer(seller, "远景")
    other = customer(person(within=east), "化工")
    successor, administrator = person(within=east), person(Role.ADMINISTRATOR)

    record(UserDeactivated(subject=Ref.of(seller), successor=Ref.of(successor)), actor=administrator, at=NOW)

    assert sorted(Customer.objects.filter(owner=successor).values_list("name", flat=True)) == ["恒力", "远景"]
    assert Customer.objects.get(pk=other.pk).owner != successor
    assert events().count("customers.customer_handed_over") == 2
    assert len(find(user=successor, text="恒力")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"profile_items": 9},
        {"handler_items": 5},
        {"trashed_at": NOW},
    ],
)
def test_the_database_refuses_what_code_forgot(seller, wrong):
    held = customer(seller, "恒力")

    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=held.pk).update(**wrong)


def test_an_external_id_names_one_customer(seller):
    create_customer(name="甲", actor=seller, now=NOW, external=("crm", "17"))

    with pytest.raises(IntegrityError), transaction.atomic():
        create_customer(name="乙", actor=seller, now=NOW, external=("crm", "17"))


def test_a_hold_stands_through_its_last_day(seller):
    held = customer(seller, "恒力")
    hold_customer(customer=held, source=Ref("bid", "B-1"), reason="投标中", now=NOW, until=date(2026, 9, 14))

    assert Hold.objects.standing(date(2026, 9, 14)).count() == 1
    assert Hold.objects.standing(date(2026, 9, 15)).count() == 0
