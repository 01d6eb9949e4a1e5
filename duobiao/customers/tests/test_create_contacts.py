"""Many people entered at once leave what one after another would leave."""

import pytest

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.create_contacts import Newcomer, create_contacts
from duobiao.customers.actions.trash_customer import trash_customer
from duobiao.customers.models import Contact
from duobiao.customers.tests.factories import FULL_CONTACT, NOW, customer, person
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed
from duobiao.search.models import SearchDocument
from duobiao.timeline.models import Entry
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db
PEOPLE = [
    {"name": "王海涛", "mobile": "13812006601", "is_handler": True, **FULL_CONTACT},
    {"name": "陈立群", "buying_role": "DECIDER"},
    {"name": "孙国栋", "is_handler": True},
]


def left(of):
    """What entering people left about a customer, without what differs by nature."""
    of.refresh_from_db()
    people = [
        [
            getattr(row, field.name)
            for field in Contact._meta.concrete_fields
            if field.name not in ("id", "ref", "customer")
        ]
        for row in Contact.objects.filter(customer=of).order_by("name")
    ]
    found = SearchDocument.objects.filter(kind="contact", ref__in=of.contacts.values("ref")).order_by("title")
    events = sorted(Entry.objects.filter(chain=of.ref).values_list("event", flat=True))
    return people, [(row.title, row.owner_id, row.touched_at) for row in found], of.handler_items, events


def test_many_at_once_leave_what_one_after_another_leaves():
    owner = person()
    one, many = customer(owner), customer(owner)
    for values in PEOPLE:
        create_contact(customer=one, name=values["name"], actor=owner, now=NOW, values=values)

    made = create_contacts([Newcomer(many.pk, values) for values in PEOPLE], actor=owner, now=NOW)

    assert [row.name for row in made] == ["王海涛", "陈立群", "孙国栋"]
    assert left(many) == left(one)
    assert verify_chains() == []


def test_one_that_is_refused_keeps_no_other_and_says_why():
    owner = person()
    held, gone = customer(owner), customer(owner)
    trash_customer(customer=gone, actor=owner, now=NOW)
    rows = [
        Newcomer(held.pk, {"name": "好"}),
        Newcomer(held.pk, {"name": "坏", "mobile": "12"}),
        Newcomer(gone.pk, {"name": "x"}),
    ]

    good, bad, lost = create_contacts(rows, actor=owner, now=NOW)

    assert Contact.objects.get() == good
    assert isinstance(bad, Invalid)
    assert list(bad.fields) == ["mobile"]
    assert isinstance(lost, Conflict)


def test_who_may_not_edit_the_customer_enters_nobody():
    rows = [Newcomer(customer(person()).pk, {"name": "x"})]

    (refused,) = create_contacts(rows, actor=person(Role.EXECUTIVE), now=NOW)

    assert isinstance(refused, NotAllowed)
    assert not Contact.objects.exists()


def test_entering_costs_the_same_for_any_number(django_assert_max_num_queries):
    owner = person()
    held = customer(owner)

    with django_assert_max_num_queries(25):
        create_contacts([Newcomer(held.pk, {"name": f"人{n}"}) for n in range(100)], actor=owner, now=NOW)
