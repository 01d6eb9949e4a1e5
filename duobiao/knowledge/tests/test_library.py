"""The library: cases and overviews added, changed, no longer offered; who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from duobiao.customers.tests.factories import token
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, StaleVersion
from duobiao.knowledge.actions.keep_entries import add_entry, archive_entry, edit_entry
from duobiao.knowledge.domain.similarity import Wanted
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.knowledge.queries.library import cases_for, overviews_for
from duobiao.knowledge.tests.factories import CASE, NOW, OVERVIEW, make_case, make_overview
from duobiao.opportunities.tests.factories import make_unit, make_user
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = make_user("林晓", unit=make_unit("华东一部"))
    client.force_login(user)
    return user


def test_cases_are_ranked_with_the_reason_in_words(seller):
    fits = make_case(seller)
    other = make_case(seller, title="地铁供电", industry="轨道交通", size="LOCAL", challenges="供电监控")

    ranked = cases_for(seller, Wanted("智能制造", "NATIONAL", "换型靠人工排程"))

    assert [row.entry for row in ranked] == [fits, other]
    assert ranked[0].why.startswith("同行业：智能制造")
    overview = make_overview(seller)
    assert overviews_for(seller, Wanted("汽车零部件"))[0].entry == overview


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        (ReferenceCase, {"title": ""}, "title"),
        (ReferenceCase, {"challenges": " \n"}, "challenges"),
        (ReferenceCase, {"size": "HUGE"}, "size"),
        (ReferenceCase, {"result": "长" * 2001}, "result"),
        (ReferenceCase, {"named_as": "a\x00"}, "named_as"),
        (TechnologyOverview, {"as_of": None}, "as_of"),
        (TechnologyOverview, {"owner": "x"}, "owner"),
    ],
)
def test_what_does_not_fit_changes_nothing(seller, model, values, field):
    given = {**(CASE if model is ReferenceCase else OVERVIEW), **values}

    with pytest.raises(Invalid) as refusal:
        add_entry(model, values=given, actor=seller, now=NOW)

    assert field in refusal.value.fields
    assert not model.objects.exists()
    assert not Entry.objects.filter(event="knowledge.entry_added").exists()


def test_who_may_not_saw_an_older_state_or_does_it_twice_is_refused(seller):
    case = make_case(seller)
    for actor in (make_user(role=Role.EXECUTIVE), make_user("另一位")):
        with pytest.raises(NotAllowed):
            edit_entry(case, version=1, values={"title": "x"}, actor=actor, now=NOW)
    with pytest.raises(StaleVersion):
        edit_entry(case, version=2, values={"title": "x"}, actor=seller, now=NOW)
    archive_entry(case, version=1, archived=True, actor=seller, now=NOW)
    with pytest.raises(Conflict):
        archive_entry(case, version=2, archived=True, actor=seller, now=NOW)

    case.refresh_from_db()
    assert (case.title, case.version) == (CASE["title"], 2)
    assert not cases_for(seller, Wanted("智能制造"))


def test_the_database_refuses_a_case_that_says_nothing(seller):
    make_case(seller)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferenceCase.objects.update(result="")


def test_the_pages_do_the_work(client, seller):
    new = reverse("knowledge:add_case")
    assert client.post(new, {**CASE, "result": ""}).status_code == 422
    made = client.post(new, {**CASE, "upload": SimpleUploadedFile("案例.txt", b"x")})
    case = ReferenceCase.objects.get()
    assert made.url == reverse("knowledge:entry", args=["cases", case.ref])
    page = client.get(made.url).content.decode()
    assert "某精密制造上市公司" in page
    assert case.document.name in page
    edit = reverse("knowledge:edit_entry", args=["cases", case.ref])
    assert client.post(edit, {**CASE, "title": "改名", "version": "9"}).status_code == 409
    assert client.post(edit, {**CASE, "title": "改名", "version": "1"}).status_code == 303
    archive = reverse("knowledge:archive_entry", args=["cases", case.ref])
    assert client.post(archive, {"version": "2", "archived": "1"}).status_code == 303
    assert "改名" not in client.get("/knowledge/").content.decode()
    assert "改名" in client.get("/knowledge/cases/?state=archived").content.decode()
    sent = {**OVERVIEW, "as_of": OVERVIEW["as_of"].isoformat()}
    assert client.post(reverse("knowledge:add_overview"), sent).status_code == 303
    overview = TechnologyOverview.objects.get()
    assert client.get(reverse("knowledge:entry", args=["technologies", overview.ref])).status_code == 200
    assert "离散制造" in client.get("/knowledge/technologies/?industry=智能").content.decode()
    assert client.get("/knowledge/nonsense/").status_code == 404
    assert client.get(reverse("knowledge:entry", args=["cases", "RC-NOTHING"])).status_code == 404


def test_the_same_by_api(api, seller):
    mine = api(token(seller))
    made = mine.post("/cases", CASE)
    assert made.status_code == 201
    address = f"/cases/{made.json()['ref']}"
    assert mine.patch(address, {"version": 1, "title": "改名"}).json()["title"] == "改名"
    assert mine.patch(address, {"version": 1, "title": "再改"}).status_code == 409
    assert mine.post("/cases", {"title": "只有标题"}).status_code == 422
    assert mine.post(f"{address}/archive", {"version": 2}).json()["archived_at"]
    assert mine.get("/cases").json()["items"] == []
    overview = {**OVERVIEW, "as_of": OVERVIEW["as_of"].isoformat()}
    assert mine.post("/technology-overviews", overview).status_code == 201
    assert len(mine.get("/technology-overviews?industry=汽车").json()["items"]) == 1


def test_the_library_costs_the_same_for_any_number(client, seller, assert_flat_queries):
    make_case(seller)
    assert_flat_queries(
        visit=lambda: client.get("/knowledge/"),
        grow=lambda: [make_case(seller, title=f"案例{number}") for number in range(4)],
    )
