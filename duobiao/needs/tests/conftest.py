"""People and a deal that the tests of needs share."""

import pytest

from duobiao.identity.models import Role
from duobiao.needs.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user, noted


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    return make_user("林晓", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("周建国", role=Role.MANAGER, unit=unit, language="en")


@pytest.fixture
def stranger():
    return make_user("何平", unit=make_unit("西南部"))


@pytest.fixture
def customer(seller):
    return make_customer(seller, "苏北储能科技有限公司", short_name="苏北储能")


@pytest.fixture
def handler(customer):
    return make_contact(customer, "周建明", position="工程部经理", is_handler=True, mobile="138 0512 6627")


@pytest.fixture
def bystander(customer):
    return make_contact(customer, "前台小李", is_handler=False)


@pytest.fixture
def deal(seller, customer):
    return make_deal(seller, customer, name="200MWh 储能电站能量管理")


@pytest.fixture
def need(deal, seller, handler):
    return noted(deal, seller, said_by=handler)
