"""Opening a deal on one screen, and keeping products."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Customer
from duobiao.identity.models import Role
from duobiao.opportunities.models import Opportunity, Product, Proof
from duobiao.opportunities.tests.factories import make_customer, make_unit, make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
NEW = "/opportunities/new/"
TOKEN = "a-form-token-of-this-test"


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    ship_playbooks(now=timezone.now())
    return make_user("lin", unit=unit)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def given(customer=None, **fields):
    picked = {"customer": getattr(customer, "ref", customer)} if customer else {}
    return {"name": "恒睿二期 MES", "amount": "1,280", "unit": "10000", "currency": "CNY", **picked, **fields}


def test_a_deal_is_opened_for_a_picked_customer_and_leads_to_its_room(seller):
    customer = make_customer(seller, "苏州恒睿精密")

    answer = signed_in(seller).post(
        NEW, given(customer, purchase_method="DIRECT", expected_close_on="2027-03-01", form_token=TOKEN)
    )

    deal = Opportunity.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/opportunities/{deal.ref}/"
    assert (deal.name, deal.customer, deal.owner) == ("恒睿二期 MES", customer, seller)
    assert (deal.amount_minor, deal.currency) == (1_280_000_000, "CNY")
    assert deal.purchase_method == "DIRECT"
    assert str(deal.expected_close_on) == "2027-03-01"
    assert Proof.objects.get().grade == 1


@pytest.mark.parametrize(
    ("amount", "times", "currency", "minor"),
    [
        ("1280", "10000", "CNY", 1_280_000_000),
        ("0.000001", "10000", "CNY", 1),
        ("12，800，000", "1", "CNY", 1_280_000_000),
        ("5", "1", "JPY", 5),
        ("", "10000", "CNY", None),
    ],
)
def test_an_amount_is_kept_to_the_minor_unit(amount, times, currency, minor, seller):
    signed_in(seller).post(NEW, given(make_customer(seller), amount=amount, unit=times, currency=currency))

    deal = Opportunity.objects.get()
    assert deal.amount_minor == minor


def test_the_same_form_sent_twice_opens_one_deal(seller):
    client, fields = signed_in(seller), given(make_customer(seller), form_token=TOKEN)

    first, second = client.post(NEW, fields), client.post(NEW, fields)

    assert first["Location"] == second["Location"]
    assert Opportunity.objects.count() == 1


def test_a_typed_name_finds_the_one_customer_it_means(seller):
    customer = make_customer(seller, "恒睿精密")
    Customer.objects.filter(pk=customer.pk).update(normal_name="恒睿精密")

    signed_in(seller).post(NEW, given(customer_name=" 恒睿精密 "))

    assert Opportunity.objects.get().customer == customer


def test_a_new_customer_is_entered_with_the_deal(seller):
    answer = signed_in(seller).post(NEW, given(customer="new", customer_name="云港数据"))

    assert answer.status_code == 303
    deal = Opportunity.objects.get()
    assert (deal.customer.name, deal.customer.owner) == ("云港数据", seller)


def test_a_new_customer_of_a_known_name_is_refused_until_confirmed(seller):
    known = make_customer(seller, "云港数据")
    Customer.objects.filter(pk=known.pk).update(normal_name=normal_name("云港数据"))
    client, fields = signed_in(seller), given(customer="new", customer_name="云港数据", form_token=TOKEN)

    refused = client.post(NEW, fields)

    html = refused.content.decode()
    assert refused.status_code in (409, 422)
    assert 'name="duplicate_confirmed"' in html
    assert f'value="{known.ref}"' in html
    assert not Opportunity.objects.exists()
    assert Customer.objects.count() == 1

    client.post(NEW, {**fields, "duplicate_confirmed": "1"})

    assert Opportunity.objects.count() == 1
    assert Customer.objects.count() == 2


def test_a_hidden_customer_of_the_same_name_shows_only_its_unit(seller):
    hidden = make_customer(make_user(unit=make_unit("华南部")), "云港数据", phone="13800000000")
    Customer.objects.filter(pk=hidden.pk).update(normal_name=normal_name("云港数据"))

    html = signed_in(seller).post(NEW, given(customer="new", customer_name="云港数据")).content.decode()

    assert "华南部" in html
    assert hidden.ref not in html
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"name": ""}, "id_name"),
        ({"name": "x" * 10_000}, "id_name"),
        ({"amount": "viel"}, "id_amount"),
        ({"amount": "-5"}, "id_amount"),
        ({"amount": "99999999999999"}, "id_amount"),
        ({"customer": ""}, "id_customer_name"),
        ({"customer": "C-NOBODY"}, "id_customer_name"),
        ({"customer": "new"}, "id_customer_name"),
        ({"expected_close_on": "2026-13-01"}, "id_expected_close_on"),
        ({"purchase_method": "MAGIC"}, "id_purchase_method"),
        ({"currency": "XXX"}, None),
        ({"owner": "E-NOBODY"}, None),
        ({"playbook": "none"}, None),
    ],
)
def test_a_fault_is_shown_at_its_field_and_nothing_is_made(fields, at, seller):
    answer = signed_in(seller).post(NEW, {**given(make_customer(seller)), **fields})

    assert answer.status_code == 422
    assert not Opportunity.objects.exists()
    if at:
        assert f'id="{at}_error"' in answer.content.decode()


def test_a_customer_out_of_sight_cannot_be_used(seller):
    hidden = make_customer(make_user(unit=make_unit("华南部")), "云港数据")

    answer = signed_in(seller).post(NEW, given(hidden))

    assert answer.status_code == 422
    assert not Opportunity.objects.exists()


def test_finding_a_customer_without_javascript_keeps_what_was_typed(seller):
    make_customer(seller, "苏州恒睿精密")

    answer = signed_in(seller).post(NEW, given(customer_name="恒睿", find="1"))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "苏州恒睿精密" in html
    assert 'value="恒睿二期 MES"' in html
    assert not Opportunity.objects.exists()


def test_the_picker_offers_visible_customers_and_a_new_one(seller):
    make_customer(seller, "苏州恒睿精密")
    make_customer(make_user(unit=make_unit("华南部")), "恒睿华南")

    html = signed_in(seller).get("/opportunities/customers/?customer_name=恒睿").content.decode()

    assert "苏州恒睿精密" in html
    assert "恒睿华南" not in html
    assert 'value="new"' in html


def test_a_hostile_customer_name_stays_text_in_the_picker(seller):
    name = "<img src=x onerror=alert(1)>"
    make_customer(seller, name)

    html = signed_in(seller).get("/opportunities/customers/", {"customer_name": "<img"}).content.decode()

    assert "<img" not in html


def test_a_manager_may_open_a_deal_for_somebody_of_the_unit(seller, unit):
    manager = make_user("zhou", role=Role.MANAGER, unit=unit)

    signed_in(manager).post(NEW, given(make_customer(manager), owner=seller.ref))

    assert Opportunity.objects.get().owner == seller


def test_a_seller_may_not_open_a_deal_for_somebody_else(seller):
    other = make_user(unit=make_unit("华南部"))

    answer = signed_in(seller).post(NEW, given(make_customer(seller), owner=other.ref))

    assert answer.status_code == 422
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("role", [Role.LEGAL, Role.EXECUTIVE, Role.COACH])
def test_roles_that_do_not_sell_cannot_open_deals(role, seller):
    client = signed_in(make_user(role=role))

    assert client.get(NEW).status_code == 403
    assert client.get("/opportunities/customers/").status_code == 403
    assert client.post(NEW, given(make_customer(seller))).status_code == 403
    assert not Opportunity.objects.exists()


def test_the_dialog_gets_the_form_alone_and_the_way_to_the_room(seller):
    client, headers = signed_in(seller), {"HX-Request": "true", "X-Dialog": "1"}

    form = client.get(NEW, headers=headers).content.decode()
    answer = client.post(NEW, given(make_customer(seller)), headers=headers)

    assert "<html" not in form
    assert answer["HX-Redirect"] == f"/opportunities/{Opportunity.objects.get().ref}/"


def test_a_customer_in_the_address_is_picked(seller):
    customer = make_customer(seller, "苏州恒睿精密")

    html = signed_in(seller).get(f"{NEW}?customer={customer.ref}").content.decode()

    assert re.search(rf'value="{customer.ref}" checked', html)


# products

PRODUCT = {"code": "MES-1", "name": "MES", "series": "智能制造", "list_price": "1,280,000.50", "currency": "CNY"}


@pytest.fixture
def administrator(db):
    return make_user("admin2", role=Role.ADMINISTRATOR)


def test_products_are_listed_added_edited_and_retired(administrator):
    client = signed_in(administrator)
    assert 'class="empty"' in client.get("/admin/products/").content.decode()

    client.post("/admin/products/new/", PRODUCT)
    product = Product.objects.get()
    assert (product.list_price_minor, product.is_active) == (128_000_050, True)
    assert "MES-1" in client.get("/admin/products/").content.decode()
    client.post(f"/admin/products/{product.ref}/", {**PRODUCT, "name": "MES 2", "version": "1"})

    product.refresh_from_db()
    assert (product.name, product.is_active, product.version) == ("MES 2", False, 2)
    events = ["opportunities.product_added", "opportunities.product_edited"]
    assert list(Entry.objects.filter(subject_kind="product").order_by("pk").values_list("event", flat=True)) == events


def test_a_code_that_exists_or_a_stale_page_is_refused(administrator):
    client = signed_in(administrator)
    client.post("/admin/products/new/", PRODUCT)
    product = Product.objects.get()

    assert client.post("/admin/products/new/", {**PRODUCT, "name": "x"}).status_code == 409
    stale = client.post(f"/admin/products/{product.ref}/", {**PRODUCT, "name": "y", "version": "7"})

    assert stale.status_code == 409
    product.refresh_from_db()
    assert (product.name, Product.objects.count()) == ("MES", 1)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_only_an_administrator_keeps_products(role):
    client = signed_in(make_user(role=role))

    assert client.get("/admin/products/").status_code == 403
    assert client.post("/admin/products/new/", PRODUCT).status_code == 403
    assert not Product.objects.exists()


def test_a_retired_product_cannot_be_picked_for_a_new_deal(seller):
    Product.objects.create(code="A", name="在售的")
    retired = Product.objects.create(code="B", name="停售的", is_active=False)
    client = signed_in(seller)

    html = client.get(NEW).content.decode()
    answer = client.post(NEW, given(make_customer(seller), product=retired.ref))

    assert "在售的" in html
    assert "停售的" not in html
    assert answer.status_code == 422


def test_a_product_page_of_nothing_is_not_found(administrator):
    assert signed_in(administrator).get("/admin/products/G-NOTHING/").status_code == 404


def test_the_playbook_chosen_is_named_while_it_is_folded_away(seller):
    page = signed_in(seller).get("/opportunities/new/", headers={"accept-language": "en"}).content.decode()

    assert re.search(
        r'<summary>Playbook and product <span class="i3" id="playbook-chosen">Eight-stage project selling<', page
    )
