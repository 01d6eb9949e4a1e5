"""What a visit takes along from the library."""

import pytest
from django.urls import reverse

from duobiao.customers.tests.factories import token
from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.choose_pack import choose_pack
from duobiao.engagement.models import Visit
from duobiao.engagement.queries.pack import pack_of, shown_by
from duobiao.engagement.tests.factories import NOW, log, make_contact, make_customer, plan
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, StaleVersion
from duobiao.knowledge.tests.factories import make_case, make_overview
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(seller, deal):
    del deal  # brings the playbook that a brief is judged by
    customer = make_customer(seller, "常州精工", industry="智能制造")
    log(seller, make_contact(customer, "吴工"), problem="换型靠人工排程")
    return plan(seller, customer).visit


def test_what_fits_comes_first_and_the_choice_fills_brief_and_record(seller, visit):
    best, overview = make_case(seller), make_overview(seller)
    make_case(seller, title="地铁供电", industry="轨道交通", challenges="供电监控")

    pack = pack_of(visit, seller)
    assert [row.entry.title for row in pack.cases] == [best.title, "地铁供电"]
    assert pack.cases[0].points > 50

    choose_pack(visit=visit, version=1, cases=[best.ref], overviews=[overview.ref], actor=seller, now=NOW)
    assert shown_by(visit) == {"cases": best.title, "trends": overview.title}
    assert pack_of(visit, seller).chosen == {best.ref, overview.ref}


def test_what_is_not_there_stale_foreign_or_cancelled_is_refused(seller, visit, stranger):
    case = make_case(seller)
    for refusal, given in (
        (Invalid, {"cases": ["RC-NOTHING"]}),
        (StaleVersion, {"version": 7}),
        (NotAllowed, {"actor": stranger}),
    ):
        values = {"version": 1, "cases": [case.ref], "overviews": [], "actor": seller, **given}
        with pytest.raises(refusal):
            choose_pack(visit=visit, now=NOW, **values)
    cancel_visit(visit=visit, version=1, reason="不去了", actor=seller, now=NOW)
    with pytest.raises(Conflict):
        choose_pack(visit=visit, version=2, cases=[], overviews=[], actor=seller, now=NOW)

    assert not visit.packed_cases.exists()
    assert not Entry.objects.filter(event="engagement.pack_chosen").exists()


def test_the_page_and_the_api_choose(client, api, seller, visit):
    client.force_login(seller)
    case = make_case(seller)
    address = reverse("engagement:visit_pack", args=[visit.ref])
    assert "同行业" in client.get(address).content.decode()
    assert client.post(address, {"version": "1", "cases": ["RC-NOTHING"]}).status_code == 422
    assert client.post(address, {"version": "1", "cases": [case.ref]}).status_code == 303
    assert client.post(address, {"version": "1", "cases": [case.ref]}).status_code == 409
    assert case.title in client.get(reverse("engagement:visit", args=[visit.ref])).content.decode()
    mine = api(token(seller))
    told = mine.get(f"/visits/{visit.ref}/pack").json()
    assert (told["cases"][0]["chosen"], told["version"]) == (True, 2)
    assert mine.put(f"/visits/{visit.ref}/pack", {"version": 2}).json()["cases"][0]["chosen"] is False


def test_a_visit_costs_the_same_for_any_number_of_cases(client, seller, visit, assert_flat_queries):
    client.force_login(seller)
    make_case(seller)
    for name in ("visit", "visit_pack"):
        address = reverse(f"engagement:{name}", args=[visit.ref])

        def grow():
            held = Visit.objects.get(pk=visit.pk)
            refs = [make_case(seller, title=f"案例{number}").ref for number in range(3)]
            choose_pack(visit=held, version=held.version, cases=refs, overviews=[], actor=seller, now=NOW)

        Visit.objects.get(pk=visit.pk).packed_cases.clear()
        assert_flat_queries(visit=lambda address=address: client.get(address), grow=grow)
