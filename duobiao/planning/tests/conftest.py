"""People, a customer and its industry, a plan: what tests of analyses and plans begin with."""

import pytest

from duobiao.identity.models import Role
from duobiao.opportunities.tests.factories import make_customer, make_unit, make_user
from duobiao.planning.tests.factories import industry, plan


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def presales(unit):
    return make_user("xuwenbo", role=Role.PRESALES, unit=unit)


@pytest.fixture
def customer(seller):
    return make_customer(seller, industry="智能制造")


@pytest.fixture
def trade(presales):
    return industry("智能制造", presales)


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit)


@pytest.fixture
def draft(customer, seller):
    return plan(customer, seller)
