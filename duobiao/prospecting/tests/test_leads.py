"""Leads: entered, checked, dropped, found; who sees them."""

import pytest
from django.utils import timezone, translation

from duobiao.identity.commands import create_token
from duobiao.identity.models import RoleGrant
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.tests.factories import NOW, make_customer, make_unit, make_user
from duobiao.prospecting.actions.capture_lead import capture_lead
from duobiao.prospecting.actions.edit_lead import check_lead, discard_lead, edit_lead, reopen_lead
from duobiao.prospecting.actions.keep_lead import LeadClosed
from duobiao.prospecting.models import Lead, LeadState
from duobiao.prospecting.queries.alike import alike_in_list, leads_alike
from duobiao.prospecting.queries.leads import LeadFilter, candidates_for, leads_matching
from duobiao.prospecting.tests.factories import make_lead, make_pool
from duobiao.search.queries import find
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=unit, language="en")


def test_a_lead_needs_a_company_and_keeps_numbers_in_one_spelling(seller):
    lead = capture_lead(values={"company": " 苏州恒力 ", "mobile": "+86 13812345678"}, actor=seller, now=NOW)

    assert (lead.company, lead.mobile, lead.owner, lead.state) == ("苏州恒力", "138 1234 5678", seller, LeadState.NEW)
    assert Entry.objects.get(subject_ref=lead.ref).event == "prospecting.lead_captured"
    with pytest.raises(Invalid) as refusal:
        capture_lead(values={"mobile": "12"}, actor=seller, now=NOW)
    assert set(refusal.value.fields) == {"company", "mobile"}
    assert Lead.objects.count() == 1


def test_a_lead_for_somebody_of_the_team_tells_them_and_one_for_a_stranger_is_refused(seller, manager):
    lead = capture_lead(values={"company": "甲"}, owner=seller, actor=manager, now=NOW)

    assert lead.owner == seller
    assert Notification.objects.get().user_id == seller.pk
    with pytest.raises(Invalid, match="your team"):
        capture_lead(values={"company": "乙"}, owner=make_user("far"), actor=manager, now=NOW)


def test_a_no_needs_a_remark_and_the_check_begins_the_work(seller):
    lead = make_lead(seller)

    with pytest.raises(Invalid) as refusal:
        check_lead(lead=lead, version=1, answers={"real": "NO"}, note=" ", actor=seller, now=NOW)
    assert set(refusal.value.fields) == {"check_note"}
    answers = {"real": "YES", "feasible": "NO", "fit": "YES"}
    held = check_lead(lead=lead, version=1, answers=answers, note="没有预算", actor=seller, now=NOW)

    assert (held.real, held.feasible, held.fit, held.state) == ("YES", "NO", "YES", LeadState.WORKING)


def test_a_discarded_lead_stays_as_it_is_until_it_is_taken_up_again(seller):
    lead = make_lead(seller)
    with pytest.raises(Invalid, match="remark"):
        discard_lead(lead=lead, version=1, reason="OTHER", note="", actor=seller, now=NOW)
    held = discard_lead(lead=lead, version=1, reason="UNREACHABLE", note="空号", actor=seller, now=NOW)

    with pytest.raises(LeadClosed):
        edit_lead(lead=held, version=held.version, values={"region": "江苏"}, actor=seller, now=NOW)
    again = reopen_lead(lead=held, actor=seller, now=NOW)

    assert (again.state, again.discard_reason, again.ended_at) == (LeadState.WORKING, "", None)


def test_two_people_changing_one_lead_are_told(seller, manager):
    lead = make_lead(seller)
    edit_lead(lead=lead, version=1, values={"region": "江苏"}, actor=seller, now=NOW)

    with pytest.raises(StaleVersion) as refusal:
        edit_lead(lead=lead, version=1, values={"region": "上海"}, actor=manager, now=NOW)
    assert refusal.value.details["current"] == {"region": "江苏"}


def test_sellers_see_their_own_leads_those_they_entered_and_those_free_in_their_pools(seller, unit):
    other = make_user("other", unit=unit)
    mine, given = make_lead(seller), make_lead(seller)
    Lead.objects.filter(pk=given.pk).update(owner=other)
    free = make_lead(pool=make_pool(unit=unit))
    make_lead(pool=make_pool(unit=make_unit("elsewhere")))
    make_lead(pool=make_pool(unit=unit, role="presales"))
    make_lead(other)

    assert set(Lead.objects.visible_to(seller)) == {mine, given, free}
    RoleGrant.objects.create(role="seller", verb="prospecting.view", scope="none")
    seller.held_grants = None
    assert not Lead.objects.visible_to(seller).exists()
    with pytest.raises(NotAllowed):
        edit_lead(lead=free, version=1, values={"region": "江苏"}, actor=seller, now=NOW)


def test_filters_agree_and_what_an_address_says_wrongly_filters_nothing(seller):
    hot = make_lead(seller, company="苏州恒力", source="EXHIBITION", region="江苏", mobile="13812345678")
    make_lead(seller, company="上海远大", source="SEMINAR")
    read = LeadFilter.read

    for query in ({"source": "EXHIBITION"}, {"text": "恒力"}, {"text": "138-1234-5678"}, {"region": "江苏"}):
        assert list(leads_matching(read(query), user=seller)) == [hot], query
    assert leads_matching(read({"state": "nonsense", "sort": "password", "checked": "open"}), user=seller).count() == 2
    assert read({"place": "pools", "source": "SEMINAR"}).address(source="") == "?place=pools"


def test_a_lead_names_customers_of_the_same_name_or_number_and_of_hidden_ones_only_the_unit(seller, unit):
    known = make_customer(seller, "恒力精密", phone="0512 6666 8888")
    far = make_unit("华北")
    make_customer(make_user("far", unit=far), "恒力精密有限公司")
    type(known).objects.update(normal_name="恒力精密")
    lead = make_lead(seller, company="恒力精密", phone="0512-66668888")
    twin = make_lead(seller, company="恒力精密")

    found = candidates_for(lead, user=seller)

    assert [(row.match.customer, row.match.reasons) for row in found.customers] == [(known, ("name", "phone"))]
    assert found.units == ("华北",)
    assert [(row.lead, row.reasons) for row in found.leads] == [(twin, ("name",))]


def test_a_comment_of_the_owner_is_work_and_leads_are_found_by_search(seller, manager):
    lead = make_lead(seller, company="苏州恒力精密")

    add_comment(subject=Ref.of(lead), body="约了下周", actor=seller, now=NOW)

    lead.refresh_from_db()
    assert (lead.state, lead.version) == (LeadState.WORKING, 2)
    assert [hit.ref for hit in find(user=seller, text="恒力", kinds=["lead"])] == [lead.ref]
    assert find(user=make_user("far"), text="恒力", kinds=["lead"]) == []


def test_leads_over_the_api_are_entered_listed_and_changed(api, seller):
    client = api(create_token(username=seller.username, now=timezone.now()))
    made = client.post("/leads", {"company": "恒力", "source": "REFERRAL", "mobile": "13812345678"})
    ref = made.json()["ref"]

    assert made.status_code == 201
    assert client.patch(f"/leads/{ref}", {"version": 1, "need": "二期产线"}).json()["version"] == 2
    assert [row["ref"] for row in client.get("/leads", q="恒力", state="open").json()["items"]] == [ref]
    assert client.post("/leads", {"company": "  "}).status_code == 422


def test_the_list_and_the_page_cost_the_same_for_any_number_of_rows(client, seller, unit, assert_flat_queries):
    client.force_login(seller)
    pool = make_pool(unit=unit)
    lead = make_lead(seller, company="同名")

    def grow():
        for _ in range(3):
            make_lead(seller, company="同名")
            make_lead(pool=pool)
            make_customer(seller, "同名")

    for path in ("/leads/", "/leads/?place=pools", f"/leads/{lead.ref}/", "/pools/"):
        assert_flat_queries(visit=lambda path=path: client.get(path), grow=grow)


def test_a_lead_that_came_before_is_named_with_what_is_the_same(client, api):
    seller = make_user("wang", language="en")
    first = make_lead(seller, company="苏州恒力精密", mobile="138 1234 5678", email="w@hengli.example")
    by_number = make_lead(seller, company="恒力二厂", phone="138 1234 5678")
    by_name = make_lead(seller, company="苏州恒力精密有限公司")
    by_mail = make_lead(seller, company="恒力采购", email="w@hengli.example")
    hidden = make_lead(make_user("far"), company="苏州恒力精密")
    fresh = make_lead(seller, company="无关公司")

    alike = alike_in_list([by_number, by_name, by_mail, fresh], user=seller)

    assert {key: (row.lead, row.reasons) for key, row in alike.items()} == {
        by_number.pk: (first, ("phone",)),
        by_name.pk: (first, ("name",)),
        by_mail.pk: (first, ("email",)),
    }
    assert hidden not in [row.lead for row in leads_alike(first, user=seller)]
    client.force_login(seller)
    assert "same number" in client.get("/leads/").content.decode()
    assert "same mail address" in client.get(f"/leads/{by_mail.ref}/").content.decode()
    found = api(create_token(username="wang", now=NOW)).get(f"/leads/{by_number.ref}/candidates").json()
    assert found["leads_alike"] == [{"ref": first.ref, "company": "苏州恒力精密", "reasons": ["phone"]}]
