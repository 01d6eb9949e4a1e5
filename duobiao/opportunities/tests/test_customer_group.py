"""The group of a customer with what is open, as far as the reader may see."""

import pytest

from duobiao.customers.tests.factories import token
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit("华东一部"))


@pytest.fixture
def group(seller):
    """A group of four: the middle company and one of its plants are another seller's."""
    other = make_user(unit=make_unit("华南"))
    top = make_customer(seller, "恒睿集团")
    middle = make_customer(other, "恒睿华南控股", parent=top)
    plant, hidden = (
        make_customer(seller, "恒睿东莞工厂", parent=middle),
        make_customer(other, "恒睿广州工厂", parent=middle),
    )
    make_deal(seller, top, amount=Money.of(1_000_000))
    make_deal(seller, plant, amount=Money.of(2_000_000))
    make_deal(other, plant.__class__.objects.get(pk=hidden.pk), amount=Money.of(9_000_000))
    lost = make_deal(seller, plant, amount=Money.of(5_000_000))
    close_opportunity(opportunity=lost, outcome="LOST", reason="PRICE", on=TODAY, note="", actor=seller, now=NOW)
    return top, middle, plant, hidden


def test_a_group_is_drawn_with_totals_of_what_the_reader_sees(api, seller, group):
    _top, _middle, plant, _hidden = group

    found = api(token(seller)).get(f"/customers/{plant.ref}/group").json()

    assert [(row["depth"], row["name"], row["open_count"]) for row in found["members"]] == [
        (0, "恒睿集团", 1),
        (1, None, 0),
        (2, "恒睿东莞工厂", 1),
    ]
    assert found["members"][2]["is_here"] is True
    assert found["open_count"] == 2
    assert found["open_amounts"] == [{"amount_minor": 300_000_000, "currency": "CNY"}]


def test_the_page_names_nobody_whom_the_reader_may_not_see(client, seller, group):
    top, middle, plant, hidden = group
    client.force_login(seller)

    page = client.get(f"/customers/{plant.ref}/").content.decode()

    assert "恒睿集团" in page
    assert "¥300" in page
    for name in (middle.name, hidden.name, middle.ref):
        assert name not in page
    client.force_login(make_user(role=Role.ADMINISTRATOR))
    assert hidden.name in client.get(f"/customers/{top.ref}/").content.decode()


def test_a_customer_that_stands_alone_has_no_group(api, client, seller):
    alone = make_customer(seller, "独立工厂")
    client.force_login(seller)

    assert api(token(seller)).get(f"/customers/{alone.ref}/group").json()["members"] == []
    assert "customer-group" not in client.get(f"/customers/{alone.ref}/").content.decode()


def test_the_group_costs_the_same_for_any_number_of_companies(client, seller, group, assert_flat_queries):
    top, _middle, plant, _hidden = group
    client.force_login(seller)

    assert_flat_queries(
        visit=lambda: client.get(f"/customers/{plant.ref}/"),
        grow=lambda: [make_deal(seller, make_customer(seller, parent=top)) for _ in range(4)],
    )
