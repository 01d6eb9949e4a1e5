"""People, a deal and a rival on it: what tests of competition begin with."""

import pytest

from duobiao.competition.tests.factories import placed, rival
from duobiao.identity.models import Role
from duobiao.opportunities.tests.factories import make_customer, make_deal, make_unit, make_user


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit, language="en")


@pytest.fixture
def stranger():
    return make_user("yujing", unit=make_unit(), language="en")


@pytest.fixture
def viewer(unit):
    return make_user("leader", role=Role.EXECUTIVE, language="en")


@pytest.fixture
def customer(seller):
    return make_customer(seller, "恒睿精密")


@pytest.fixture
def deal(seller, customer):
    return make_deal(seller, customer)


@pytest.fixture
def xichuan(seller):
    return rival(seller)


@pytest.fixture
def row(deal, xichuan, seller):
    return placed(deal, xichuan, seller)
