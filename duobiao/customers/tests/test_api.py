"""Customers and contacts over the API."""

import pytest

from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.models import Contact, Customer
from duobiao.customers.tests.factories import FULL_PROFILE, NOW, contact, customer, everything, person, token, unit
from duobiao.identity.models import Role
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def east():
    return unit("华东一部")


@pytest.fixture
def seller(east):
    return person(within=east)


@pytest.fixture
def mine(api, seller):
    return api(token(seller))


@pytest.fixture
def stranger(api):
    return api(token(person(within=unit("华西二部"))))


@pytest.fixture
def manager(api, east):
    return api(token(person(Role.MANAGER, within=east)))


def test_a_customer_is_entered_read_changed_trashed_and_restored(mine, seller):
    answer = mine.post(
        "/customers",
        {
            "name": "苏州恒力精密机械有限公司",
            "industry": "机械制造",
            "scale": "NATIONAL",
            "industry_margin_percent": "12.5",
            "annual_revenue": {"amount_minor": 8_000_000_000, "currency": "CNY"},
        },
    )
    assert answer.status_code == 201
    made = answer.json()
    assert made["owner"] == seller.ref
    assert made["version"] == 1
    assert made["facts"]["annual_revenue"] == {"amount_minor": 8_000_000_000, "currency": "CNY"}
    assert made["facts"]["industry_margin_percent"] == "12.50"
    assert made["facts"]["region"] is None
    assert (made["completeness"]["known"], made["completeness"]["total"]) == (1, 12)

    path = f"/customers/{made['ref']}"
    read = mine.get(path).json()
    assert read["facts"] == made["facts"]
    changed = mine.patch(path, {"version": 1, "region": "苏州", "scale": None, "annual_revenue": None})
    assert changed.status_code == 200
    assert (changed.json()["version"], changed.json()["facts"]["region"]) == (2, "苏州")
    assert changed.json()["facts"]["scale"] is changed.json()["facts"]["annual_revenue"] is None
    assert mine.delete(path).status_code == 204
    assert mine.get(path).status_code == 404
    assert mine.get("/customers").json()["items"] == []
    assert mine.post(f"{path}/restore").json()["ref"] == made["ref"]
    assert mine.get(path).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "长" * 10_000}, "name"),
        ({"name": None}, "name"),
        ({"name": 17}, "name"),
        ({"name": "甲", "scale": "GALACTIC"}, "scale"),
        ({"name": "甲", "phone": "找老王"}, "phone"),
        ({"name": "甲", "parent": "C-NOTHING"}, "parent"),
        ({"name": "甲", "annual_revenue": {"amount_minor": -1}}, "annual_revenue.amount_minor"),
        ({"name": "甲", "annual_revenue": {"amount_minor": 1.5}}, "annual_revenue.amount_minor"),
        ({"name": "甲", "annual_revenue": {"amount_minor": 2**63}}, "annual_revenue.amount_minor"),
        ({"name": "甲", "owner": "E-1"}, "owner"),
        ({"name": "甲", "profile_items": 8}, "profile_items"),
        ({"name": "甲", "version": 5}, "version"),
    ],
)
def test_a_wrong_body_is_a_422_that_names_the_field(mine, body, field):
    answer = mine.post("/customers", body)

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert everything() == {"Customer": [], "Contact": [], "Entry": []}


def test_a_null_character_is_a_422(mine):
    assert mine.post("/customers", {"name": "a\x00b"}).status_code == 422
    assert not Customer.objects.exists()


def test_script_in_a_name_comes_back_as_text(mine):
    made = mine.post("/customers", {"name": "<script>alert(1)</script>\u202e"}).json()

    assert made["name"] == "<script>alert(1)</script>"


def test_a_known_name_is_a_409_until_confirmed(mine, seller):
    first = customer(seller, "恒力")

    refused = mine.post("/customers", {"name": "恒力有限公司"})
    assert refused.status_code == 409
    assert refused.json()["code"] == "duplicate"
    assert refused.json()["details"]["customers"] == [{"ref": first.ref, "name": "恒力"}]
    assert Customer.objects.count() == 1

    assert mine.post("/customers", {"name": "恒力有限公司", "confirm_duplicate": True}).status_code == 201


def test_a_hidden_name_answers_only_the_unit_and_is_logged(stranger, seller):
    secret = customer(seller, "恒力", industry="机密行业", region="机密地区")

    refused = stranger.post("/customers", {"name": "恒力"})

    assert refused.status_code == 409
    text = refused.content.decode()
    assert "华东一部" in text
    assert not any(word in text for word in (secret.ref, seller.ref, seller.name, "机密"))
    assert Entry.objects.filter(event="customers.duplicate_looked_up").count() == 1


def test_a_stale_version_is_a_409_with_the_present_values(mine, seller):
    held = customer(seller, "恒力", industry="机械")
    path = f"/customers/{held.ref}"
    assert mine.patch(path, {"version": 1, "industry": "汽车"}).status_code == 200
    before = everything()

    refused = mine.patch(path, {"version": 1, "industry": "化工"})

    assert refused.status_code == 409
    assert refused.json()["code"] == "stale_version"
    assert refused.json()["details"]["current"] == {"industry": "汽车"}
    assert everything() == before
    assert mine.patch(path, {"industry": "化工"}).status_code == 422


def test_the_same_key_enters_one_customer(mine):
    answers = [mine.post("/customers", {"name": "恒力"}, idempotency_key="k-1") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["ref"] for answer in answers}) == 1
    assert Customer.objects.count() == 1


def test_a_stranger_gets_404_everywhere_and_nobody_401(api, stranger, seller):
    held = customer(seller, "恒力")
    li = contact(held, "李工")
    before = everything()
    calls = [
        ("get", f"/customers/{held.ref}", None),
        ("patch", f"/customers/{held.ref}", {"version": 1, "industry": "x"}),
        ("delete", f"/customers/{held.ref}", None),
        ("post", f"/customers/{held.ref}/restore", None),
        ("post", f"/customers/{held.ref}/merge", {"other": held.ref}),
        ("post", f"/customers/{held.ref}/handover", {"to": seller.ref}),
        ("get", f"/contacts/{li.ref}", None),
        ("patch", f"/contacts/{li.ref}", {"version": 1, "position": "x"}),
        ("delete", f"/contacts/{li.ref}", None),
        ("post", f"/contacts/{li.ref}/restore", None),
        ("post", f"/contacts/{li.ref}/merge", {"other": li.ref}),
    ]
    for method, path, body in calls:
        for client, status in ((stranger, 404), (api(""), 401)):
            call = getattr(client, method)
            answer = call(path) if method == "get" else call(path, body)
            assert (path, answer.status_code) == (path, status)

    assert stranger.post("/contacts", {"customer": held.ref, "name": "x"}).status_code == 422
    for path in ("/customers", "/contacts", "/customers?q=恒力", f"/contacts?customer={held.ref}"):
        assert stranger.get(path).json() == {"items": [], "next": None}
    assert everything() == before


def test_visible_but_not_allowed_is_a_403(api, seller):
    held = customer(seller, "恒力")
    executive = api(token(person(Role.EXECUTIVE)))

    assert executive.get(f"/customers/{held.ref}").status_code == 200
    assert executive.patch(f"/customers/{held.ref}", {"version": 1, "industry": "x"}).status_code == 403
    assert executive.delete(f"/customers/{held.ref}").status_code == 403
    assert executive.post("/customers", {"name": "乙"}).status_code == 403
    assert Customer.objects.get().version == 1


def test_lists_are_filtered_searched_sorted_and_cut_into_pages(mine, seller):
    for number in range(5):
        customer(seller, f"恒力{number}", industry="机械" if number % 2 else "汽车")
    whole = customer(seller, "远景", **FULL_PROFILE)

    def names(path):
        return [row["name"] for row in mine.get(path).json()["items"]]

    assert names("/customers?sort=-name&limit=2") == ["远景", "恒力4"]
    assert names("/customers?industry=机械") == ["恒力1", "恒力3"]
    assert names("/customers?q=恒力") == [f"恒力{number}" for number in range(5)]
    assert names("/customers?complete=true") == [whole.name]
    assert names(f"/customers?owner={seller.ref}&complete=false") == [f"恒力{number}" for number in range(5)]
    first = mine.get("/customers?limit=4").json()
    rest = mine.get(f"/customers?limit=4&cursor={first['next']}").json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [4, 2, None]
    for wrong in ("sort=owner__password", "sort=-owner", "limit=0", "limit=999", "cursor=abc"):
        assert mine.get(f"/customers?{wrong}").status_code == 422


def test_lists_cost_the_same_for_any_number_of_rows(mine, seller, assert_flat_queries):
    held = customer(seller)
    contact(held)

    for path in ("/customers?q=客户", "/contacts"):
        assert_flat_queries(
            visit=lambda path=path: mine.get(path), grow=lambda: [contact(customer(seller)) for _ in range(4)]
        )


def test_a_manager_merges_and_both_references_lead_to_the_kept_one(manager, mine, seller):
    keeper, other = customer(seller, "甲"), customer(seller, "乙", region="苏州")

    assert mine.post(f"/customers/{keeper.ref}/merge", {"other": other.ref}).status_code == 403
    merged = manager.post(f"/customers/{keeper.ref}/merge", {"other": other.ref})

    assert merged.status_code == 200
    assert merged.json()["facts"]["region"] == "苏州"
    assert mine.get(f"/customers/{other.ref}").json()["ref"] == keeper.ref


def test_a_customer_is_handed_over(mine, seller, east):
    held, successor = customer(seller, "恒力"), person(within=east)

    assert mine.post(f"/customers/{held.ref}/handover", {"to": "E-NOBODY"}).status_code == 422
    assert mine.post(f"/customers/{held.ref}/handover", {"to": successor.ref, "version": 1}).status_code == 200
    assert mine.get(f"/customers/{held.ref}").status_code == 404


def test_a_contact_is_entered_read_changed_and_trashed(mine, seller):
    held = customer(seller, "恒力")
    answer = mine.post(
        "/contacts",
        {
            "customer": held.ref,
            "name": "李建国",
            "mobile": "13812345678",
            "buying_role": "DECIDER",
            "stance": 1,
            "influence": 4,
            "relation_cells": ["PERSONAL_TIE_COMPANY", "COMPANY_NEED_PRODUCT"],
            "is_handler": True,
        },
    )
    assert answer.status_code == 201
    made = answer.json()
    assert (made["customer"], made["mobile"], made["stance"], made["is_handler"]) == (
        held.ref,
        "138 1234 5678",
        1,
        True,
    )
    assert made["relation_cells"] == ["COMPANY_NEED_PRODUCT", "PERSONAL_TIE_COMPANY"]

    path = f"/contacts/{made['ref']}"
    changed = mine.patch(path, {"version": 1, "is_handler": None, "position": "部长", "stance": None})
    assert (changed.json()["is_handler"], changed.json()["position"], changed.json()["stance"]) == (None, "部长", None)
    assert mine.patch(path, {"version": 1, "position": "处长"}).json()["details"]["current"] == {"position": "部长"}
    assert mine.get(f"/contacts?customer={held.ref}&is_handler=true").json()["items"] == []
    assert mine.delete(path).status_code == 204
    assert mine.post(f"{path}/restore").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "李"}, "customer"),
        ({"customer": "C-NOTHING", "name": "李"}, "customer"),
        ({"name": "长" * 10_000}, "name"),
        ({"name": "李", "stance": 3}, "stance"),
        ({"name": "李", "relation_cells": ["FRIEND"]}, "relation_cells.0"),
        ({"name": "李", "email": "nobody"}, "email"),
        ({"name": "李", "mobile": "0"}, "mobile"),
        ({"name": "李", "profile_items": 4}, "profile_items"),
    ],
)
def test_a_wrong_contact_is_a_422_that_names_the_field(mine, seller, body, field):
    held = customer(seller)
    if field != "customer":
        body = {"customer": held.ref, **body}

    answer = mine.post("/contacts", body)

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert not Contact.objects.exists()


def test_a_merged_customer_is_gone_from_lists_and_cannot_be_merged_again(manager, seller, mine):
    keeper, other = customer(seller, "甲"), customer(seller, "乙")
    merge_customers(keeper=keeper, other=other, actor=person(Role.ADMINISTRATOR), now=NOW)

    assert [row["ref"] for row in mine.get("/customers").json()["items"]] == [keeper.ref]
    assert manager.post(f"/customers/{keeper.ref}/merge", {"other": other.ref}).status_code == 404
