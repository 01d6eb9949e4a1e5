"""People and a deal that tests of gate reviews share."""

import pytest

from duobiao.identity.models import Role
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.tests.factories import NOW, make_deal, make_unit, make_user


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhoujianguo", role=Role.MANAGER, unit=unit)


@pytest.fixture
def colleague():
    return make_user("xuwenbo", role=Role.PRESALES)


@pytest.fixture
def deal(seller, colleague):
    deal = make_deal(seller, playbook="key-account-6")
    add_to_team(opportunity=deal, user=colleague, role="PRESALES", actor=seller, now=NOW)
    return deal
