"""A deal with the people of a decision: what tests of chains begin with."""

import pytest

from duobiao.identity.models import Role
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.stakeholders.tests.factories import put


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit)


@pytest.fixture
def stranger():
    return make_user("stranger", unit=make_unit("别处"))


@pytest.fixture
def customer(seller):
    return make_customer(seller, "苏州恒睿")


@pytest.fixture
def deal(seller, customer):
    return make_deal(seller, customer)


@pytest.fixture
def decider(deal, customer, seller):
    contact = make_contact(customer, "陈立群", position="副总经理", function="MANAGEMENT", department="总经办")
    return put(deal, contact, seller, role="FINAL_DECIDER")


@pytest.fixture
def gatekeeper(deal, customer, seller):
    contact = make_contact(customer, "孙国栋", position="IT 部长", function="TECHNICAL", department="信息化部")
    return put(deal, contact, seller, role="GATEKEEPER")


@pytest.fixture
def handler(deal, customer, seller):
    contact = make_contact(customer, "王海涛", position="主任", function="USING", is_handler=True, department="制造部")
    return put(deal, contact, seller, role="USER")
