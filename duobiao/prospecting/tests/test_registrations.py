"""Registrations: protected where nothing clashes, arbitrated where something does, extended, expired; nobody learns more."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.commands import create_token
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_unit, make_user
from duobiao.prospecting.actions.register_project import (
    ExtensionLimit,
    NotProtected,
    OwnRegistration,
    extend_registration,
    let_expire,
    register_project,
    withdraw_registration,
)
from duobiao.prospecting.domain.protection import is_alike
from duobiao.prospecting.models import Registration
from duobiao.prospecting.queries.registrations import clash_lines
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
VALUES = {"customer_name": "苏州恒力精密有限公司", "project": "二期产线", "evidence": "9 月 1 日拜访纪要"}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def top():
    return make_unit("华东大区")


@pytest.fixture
def seller(top):
    return make_user("linxiao", unit=make_unit("一部", top), language="en")


@pytest.fixture
def rival(top):
    return make_user("wuhao", unit=make_unit("二部", top), language="en")


@pytest.fixture
def manager(top):
    return make_user("zhou", role="manager", unit=top, language="en")


def register(actor, **values):
    return register_project(values={**VALUES, **values}, actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("二期产线", "苏州工厂二期产线", True),
        ("mes升级项目", "mes升级", True),
        ("二期产线mes", "三期产线mes", True),
        ("二期产线", "污水处理站", False),
        ("", "二期产线", False),
    ],
)
def test_names_of_projects_are_alike_when_most_letters_agree(one, other, alike):
    assert is_alike(one, other) is alike


def test_a_project_is_protected_at_once_for_90_days_where_nothing_clashes(seller):
    row = register(seller)

    assert (row.state, row.protected_until) == ("ACTIVE", TODAY + timedelta(days=89))
    with pytest.raises(OwnRegistration):
        register(seller)
    with pytest.raises(Invalid) as refusal:
        register(seller, customer_name="别家", credit_code="91320594MA1X0000XX", phone="12", domain="no domain")
    assert set(refusal.value.fields) == {"credit_code", "phone", "domain"}
    assert register(seller, project="污水处理站").state == "ACTIVE"
    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {"customer_name": "苏州恒力精密", "project": "苏州工厂二期产线"},
        {"customer_name": "HengLi", "phone": "0512-66668888"},
        {"customer_name": "HengLi", "domain": "https://www.hengli.cn/about"},
        {"customer_name": "苏州恒力精密", "project": "全新工程", "site": "澄湾路 88 号"},
    ],
)
def test_a_clash_by_name_number_domain_or_site_waits_for_an_arbiter_and_tells_only_the_unit(seller, rival, values):
    register(seller, phone="051266668888", domain="hengli.cn", site="澄湾路88号")
    with pytest.raises(Invalid) as refusal:
        register(rival, **values, evidence="")
    assert set(refusal.value.fields) == {"evidence"}

    row = register(rival, **values)

    assert (row.state, row.protected_until) == ("PENDING", None)
    line = clash_lines(row, rival)[0]
    assert (line.unit, line.title, line.url, line.evidence) == ("一部", "", "", "")


def test_an_open_deal_of_somebody_else_clashes_too(seller, rival):
    make_deal(seller, make_customer(seller, "苏州恒力精密"), name="恒力二期产线")
    own = register(seller)
    withdraw_registration(registration=own, reason="x", actor=seller, now=NOW)

    assert own.state == "ACTIVE"
    assert register(rival).state == "PENDING"


@pytest.mark.parametrize(("approved", "states"), [(True, ("LOST", "ACTIVE")), (False, ("ACTIVE", "REFUSED"))])
def test_the_arbiter_gives_the_project_to_one_of_both(seller, rival, manager, approved, states):
    first, second = register(seller), register(rival)
    request = ApprovalRequest.objects.get(matter="registration")
    assert [line.evidence for line in clash_lines(second, manager)] == ["9 月 1 日拜访纪要"]

    decide(request=request, approved=approved, note="先到先得", actor=manager, now=NOW)
    request.refresh_from_db()
    if request.is_open:
        executive = make_user("gu", role="executive")
        decide(request=request, approved=approved, note="先到先得", actor=executive, now=NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == states
    lost = Notification.objects.filter(user_id=seller.pk, event="prospecting.registration_ended")
    assert lost.exists() is approved


def test_who_decides_sees_both_sides_beside_the_request_and_who_asked_only_their_own(client, seller, rival, manager):
    register(seller, evidence="8 月的样机试验报告")
    register(rival)
    page = f"/approvals/{ApprovalRequest.objects.get(matter='registration').ref}/"
    client.force_login(manager)
    decided_on = client.get(page).content.decode()
    client.force_login(rival)
    asked = client.get(page).content.decode()

    assert "8 月的样机试验报告" in decided_on
    assert "8 月的样机试验报告" not in asked
    assert "a project of 一部" in asked


def test_protection_is_extended_twice_with_a_reason_and_ends_after_its_last_day(seller, rival):
    row = register(seller)
    with pytest.raises(Invalid):
        extend_registration(registration=row, reason=" ", actor=seller, now=NOW)
    with pytest.raises(NotAllowed):
        extend_registration(registration=row, reason="x", actor=rival, now=NOW)
    for days in (149, 209):
        held = extend_registration(registration=row, reason="客户推迟", actor=seller, now=NOW)
        assert held.protected_until == TODAY + timedelta(days=days)
    with pytest.raises(ExtensionLimit):
        extend_registration(registration=row, reason="客户推迟", actor=seller, now=NOW)

    last = held.protected_until
    assert let_expire(on=last - timedelta(days=8), now=NOW) == (0, 0)
    assert let_expire(on=last - timedelta(days=7), now=NOW) == (1, 0)
    assert let_expire(on=last, now=NOW) == (0, 0)
    assert let_expire(on=last + timedelta(days=1), now=NOW) == (0, 1)
    with pytest.raises(NotProtected):
        withdraw_registration(registration=row, reason="x", actor=seller, now=NOW)


def test_withdrawing_what_waits_takes_the_request_back(seller, rival):
    register(seller)
    row = register(rival)

    held = withdraw_registration(registration=row, reason="客户取消", actor=rival, now=NOW)

    assert held.state == "WITHDRAWN"
    assert ApprovalRequest.objects.get(matter="registration").state == "WITHDRAWN"


def test_a_duplicate_check_says_only_that_it_exists_and_whose_it_is(api, seller, rival):
    customer = make_customer(seller, "恒力", phone="0512 6666 8888", website="https://www.hengli.cn")
    client = api(create_token(username=rival.username, now=timezone.now()))
    ask = "/customers/duplicate-check"
    by_phone = {"exists": True, "owner_unit": "一部", "reasons": ["phone", "domain"]}

    assert client.post(ask, {"phone": "051266668888", "domain": "li@hengli.cn"}).json() == by_phone
    assert client.post(ask, {"name": "没有的"}).json() == {"exists": False, "owner_unit": None, "reasons": []}
    assert client.post(ask, {"uscc": "91320594MA1X0000XX"}).json()["fields"].keys() == {"uscc"}
    assert client.post(ask, {}).status_code == 422
    assert Entry.objects.filter(event="customers.customer_looked_up", actor=rival).count() == 2
    codes = [client.post(ask, {"name": "恒力"}).status_code for _ in range(59)]
    assert (codes[-2], codes[-1], customer.ref in client.post(ask, {"name": "恒力"}).text) == (200, 429, False)


def test_registrations_over_the_api_and_on_their_pages(api, client, seller, assert_flat_queries):
    held = api(create_token(username=seller.username, now=timezone.now()))
    made = held.post("/registrations", {"customer_name": "恒力", "project": "二期"}).json()
    client.force_login(seller)

    assert (made["state"], made["clashes"], made["approval"]) == ("ACTIVE", [], None)
    assert held.get("/registrations", state="ACTIVE").json()["items"][0]["ref"] == made["ref"]
    assert client.get(f"/registrations/{made['ref']}/").status_code == 200
    sent = {"customer_name": "远大", "project": "三期"}
    assert client.post("/registrations/new/", sent).headers["Location"].startswith("/registrations/B-")
    assert client.post("/registrations/new/", {"customer_name": "远大"}).status_code == 422
    numbers = iter(range(100))

    def grow():
        for _ in range(3):
            register(seller, customer_name=f"Company {next(numbers)}")

    assert_flat_queries(visit=lambda: client.get("/registrations/"), grow=grow)
