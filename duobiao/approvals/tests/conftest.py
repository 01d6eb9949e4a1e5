"""People of a small company, and a deal to ask about."""

import pytest

from duobiao.identity.models import Role
from duobiao.opportunities.tests.factories import make_deal, make_unit, make_user


@pytest.fixture
def company():
    return make_unit("公司")


@pytest.fixture
def unit(company):
    return make_unit("华东一部", company)


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhoujianguo", role=Role.MANAGER, unit=unit)


@pytest.fixture
def director(company):
    return make_user("director", role=Role.MANAGER, unit=company)


@pytest.fixture
def finance(company):
    return make_user("finance", role=Role.FINANCE, unit=company)


@pytest.fixture
def legal(company):
    return make_user("legal", role=Role.LEGAL, unit=company)


@pytest.fixture
def admin(company):
    return make_user("admin", role=Role.ADMINISTRATOR, unit=company)


@pytest.fixture
def deal(seller):
    return make_deal(seller)
