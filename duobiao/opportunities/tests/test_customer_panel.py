"""Deals on the page of their customer."""

import pytest
from django.test import Client

from duobiao.opportunities.actions.change_participants import add_participant
from duobiao.opportunities.tests.factories import NOW, make_customer, make_deal, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit("华东一部"))


def page(client: Client, user, customer) -> str:
    client.force_login(user)
    return client.get(f"/customers/{customer.ref}/").content.decode()


def test_a_customer_shows_its_deals_and_those_it_takes_part_in(client, seller):
    customer, institute = make_customer(seller, "苏州恒睿精密"), make_customer(seller, "华东机电设计院")
    deal = make_deal(seller, customer, name="恒睿二期 MES")
    add_participant(opportunity=deal, customer=institute, role="DESIGN_INSTITUTE", actor=seller, now=NOW)

    assert "恒睿二期 MES" in page(client, seller, customer)
    assert "恒睿二期 MES" in page(client, seller, institute)


def test_a_colleagues_deal_with_the_same_customer_stays_hidden(client, seller):
    customer = make_customer(seller, "苏州恒睿精密")
    make_deal(make_user("other", unit=make_unit("华南")), customer, name="另一个项目")

    assert "另一个项目" not in page(client, seller, customer)


def test_the_panel_costs_the_same_for_any_number_of_deals(client, seller, assert_flat_queries):
    customer = make_customer(seller, "苏州恒睿精密")
    make_deal(seller, customer)
    client.force_login(seller)

    assert_flat_queries(
        visit=lambda: client.get(f"/customers/{customer.ref}/"),
        grow=lambda: [make_deal(seller, customer) for _ in range(5)],
    )
