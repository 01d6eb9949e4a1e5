"""The pages of customers and contacts: rights, hostile text, costs, double clicks."""

import pytest
from django.urls import reverse

from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.models import Contact, Customer
from duobiao.customers.tests.factories import NOW, contact, customer, everything, person, token, unit
from duobiao.identity.models import Role
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TOKEN = {"form_token": "t" * 24}
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def east():
    return unit("华东一部")


@pytest.fixture
def seller(east, client):
    user = person(within=east, name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def manager(east):
    return person(Role.MANAGER, within=east)


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密", industry="机械")


def text(response):
    return response.content.decode()


PAGES = ("customer", "edit", "handover", "new_contact", "trash_customer", "restore_customer")
CONTACT_PAGES = ("contact", "edit_contact", "trash_contact", "restore_contact")


def test_a_stranger_gets_404_and_nobody_is_asked_to_sign_in(client, hengli):
    li = contact(hengli, "李建国")
    before = everything()
    addresses = [reverse(f"customers:{name}", args=[hengli.ref]) for name in PAGES]
    addresses += [reverse(f"customers:{name}", args=[li.ref]) for name in CONTACT_PAGES]

    for user, expected in ((person(Role.MANAGER, within=unit()), 404), (None, 302)):
        client.logout()
        if user is not None:
            client.force_login(user)
        for address in addresses:
            for send in (client.get, client.post):
                status = send(address).status_code
                assert (address, status) in (
                    (address, expected),
                    (address, 405),
                    (address, 303 if expected == 302 else expected),
                )
    assert everything() == before


def test_who_sees_but_may_not_gets_403(client, hengli):
    li = contact(hengli, "李建国")
    client.force_login(person(Role.EXECUTIVE))
    assert client.get(reverse("customers:customer", args=[hengli.ref])).status_code == 200
    assert client.get(reverse("customers:contact", args=[li.ref])).status_code == 200

    for name, ref in (
        ("edit", hengli.ref),
        ("handover", hengli.ref),
        ("new_contact", hengli.ref),
        ("edit_contact", li.ref),
    ):
        assert client.get(reverse(f"customers:{name}", args=[ref])).status_code == 403
    for name, ref in (("trash_customer", hengli.ref), ("trash_contact", li.ref)):
        assert client.post(reverse(f"customers:{name}", args=[ref])).status_code == 403
    assert client.get(reverse("customers:new")).status_code == 403
    assert client.get(reverse("customers:trash")).status_code == 403


def test_script_in_every_text_field_stays_text(client, seller):
    texts = {"short_name": SCRIPT, "industry": SCRIPT, "region": SCRIPT, "address": SCRIPT, "notes": SCRIPT}
    facts = {
        "competitors": SCRIPT,
        "departments": SCRIPT,
        "dealings": SCRIPT,
        "credit_note": SCRIPT,
        "project_value": SCRIPT,
    }
    held = customer(seller, SCRIPT, **texts, **facts)
    who = {
        "department": SCRIPT,
        "position": SCRIPT,
        "duties": SCRIPT,
        "character": SCRIPT,
        "bridge": SCRIPT,
        "wechat": SCRIPT,
    }
    li = contact(held, SCRIPT, **who, is_handler=True)
    addresses = [reverse("customers:list"), reverse("search:find") + "?q=script"]
    addresses += [
        reverse(f"customers:{name}", args=[held.ref]) for name in ("customer", "edit", "handover", "new_contact")
    ]
    addresses += [reverse(f"customers:{name}", args=[li.ref]) for name in ("contact", "edit_contact")]

    for address in addresses:
        for headers in ({}, HTMX):
            page = text(client.get(address, headers=headers))
            assert SCRIPT not in page, address


def test_every_page_costs_the_same_for_any_number_of_rows(client, seller, hengli, assert_flat_queries):
    contact(hengli, is_handler=True)
    customer(seller)

    def grow():
        for _ in range(4):
            contact(hengli)
            edit_customer(
                customer=hengli,
                version=Customer.objects.get(pk=hengli.pk).version,
                values={"notes": f"{Contact.objects.count()}"},
                actor=seller,
                now=NOW,
            )

    assert_flat_queries(visit=lambda: client.get(reverse("customers:customer", args=[hengli.ref])), grow=grow)
    assert_flat_queries(
        visit=lambda: client.get(reverse("customers:list"), {"q": "客户"}),
        grow=lambda: [customer(seller) for _ in range(5)],
    )
    assert_flat_queries(
        visit=lambda: client.get(reverse("customers:trash")),
        grow=lambda: [client.post(reverse("customers:trash_customer", args=[customer(seller).ref])) for _ in range(3)],
    )


def test_fragments_are_fragments_and_pages_are_pages(client, manager, hengli):
    li = contact(hengli)
    contact(hengli)
    client.force_login(manager)
    addresses = [reverse("customers:list"), reverse("customers:new")]
    addresses += [reverse(f"customers:{name}", args=[hengli.ref]) for name in ("edit", "handover", "new_contact")]
    addresses += [reverse(f"customers:{name}", args=[li.ref]) for name in ("edit_contact",)]
    addresses += [reverse("duplicates:choose", args=["customer", hengli.ref])]

    for address in addresses:
        assert "<html" in text(client.get(address))
        assert "<html" not in text(client.get(address, headers=HTMX))


def test_merging_twice_by_a_double_click_acts_once(client, seller, manager, hengli):
    other = customer(seller, "恒力二")
    seen = {f"version_{row.ref}": row.version for row in (hengli, other)}
    client.force_login(manager)
    for _ in range(2):
        chosen = reverse("duplicates:side_by_side", args=["customer", hengli.ref, other.ref])
        assert client.post(chosen, {"keeper": hengli.ref, **seen, **TOKEN}).status_code == 303

    assert Entry.objects.filter(event="customers.customers_merged").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_name_owned_elsewhere_is_told_by_page_and_api_as_they_really_run(client, api, hengli):
    rival = person(within=unit("华西二部"))
    client.force_login(rival)

    page = client.post(reverse("customers:new"), {"name": hengli.name})
    answer = api(token(rival)).post("/customers", {"name": hengli.name})

    assert (page.status_code, answer.status_code) == (409, 409)
    assert "华东一部" in text(page)
    assert Entry.objects.filter(event="customers.duplicate_looked_up", actor=rival).count() == 2
