"""Forms on web sites: what people send becomes a lead, what machines send is thrown away, nobody learns anything."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from duobiao.identity.commands import create_token
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.tests.factories import NOW, make_unit, make_user
from duobiao.prospecting.actions.receive_form import stamp
from duobiao.prospecting.actions.save_web_form import create_web_form, edit_web_form
from duobiao.prospecting.domain.sites import is_site
from duobiao.prospecting.models import Lead
from duobiao.prospecting.tests.factories import make_pool, make_web_form
from duobiao.prospecting.views import public_form

pytestmark = pytest.mark.django_db
SENT = {"company": "苏州恒力", "contact_name": "王海涛", "mobile": "13812345678", "need": "<script>alert(1)</script>"}


@pytest.fixture(autouse=True)
def _english_and_no_past():
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def web_form():
    return make_web_form(make_pool(unit=make_unit()))


def send(form, *, seconds: int = 10, headers=None, **values):
    opened = stamp(form, now=timezone.now() - timedelta(seconds=seconds))
    visitor = Client(enforce_csrf_checks=True)
    told = {"Accept-Language": "en", **(headers or {})}
    return visitor.post(f"/leads/form/{form.token}/", {**SENT, "opened": opened, **values}, headers=told)


def test_what_a_visitor_sends_lies_free_in_the_pool(web_form):
    answer = send(web_form)

    lead = Lead.objects.get()
    assert answer.status_code == 200
    assert lead.ref not in answer.text
    assert (lead.company, lead.mobile, lead.source, lead.pool) == (
        "苏州恒力",
        "138 1234 5678",
        "WEB_FORM",
        web_form.pool,
    )
    assert (lead.owner, lead.created_by, lead.web_form) == (None, None, web_form)


@pytest.mark.parametrize("values", [{"website": "https://spam.example"}, {"seconds": 1}])
def test_machines_are_thanked_and_nothing_is_kept(web_form, values):
    answer = send(web_form, **values)

    assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    assert not Lead.objects.exists()


def test_bad_input_is_named_at_its_field_and_a_damaged_or_old_stamp_is_asked_again(web_form):
    for values in ({"mobile": "12"}, {"company": ""}, {"email": "no"}, {"mobile": ""}, {"need": "x" * 2001}):
        assert send(web_form, **values).status_code == 422, values
    assert send(web_form, opened="forged").status_code == 422
    assert send(web_form, seconds=13 * 3600).status_code == 422
    assert not Lead.objects.exists()


def test_a_flood_from_one_address_is_stopped(web_form):
    codes = [send(web_form).status_code for _ in range(12)]

    assert codes == [200] * 10 + [429] * 2
    assert Lead.objects.count() == 10


def test_a_form_that_is_off_or_unknown_says_nothing_and_other_sites_may_not_send(client, web_form):
    assert send(web_form, headers={"Origin": "https://evil.example"}).status_code == 403
    web_form.is_on = False
    web_form.save()

    assert client.get(f"/leads/form/{web_form.token}/").status_code == 404
    assert client.get("/leads/form/unknown/").status_code == 404
    assert client.post("/leads/form/unknown/").status_code == 403
    assert not Lead.objects.exists()


def test_only_the_named_sites_may_show_it_in_a_frame(client, web_form):
    closed = client.get(f"/leads/form/{web_form.token}/")
    web_form.hosts = "https://www.example.com"
    web_form.save()
    opened = client.get(f"/leads/form/{web_form.token}/")

    assert closed.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in opened.headers
    assert "frame-ancestors https://www.example.com;" in opened.headers["Content-Security-Policy"] + ";"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("https://www.example.com", True),
        ("https://example.com:8443/", True),
        ("http://example.com", False),
        ("https://example.com/path", False),
        ("https://user@example.com", False),
        ("https://example.com;script-src", False),
        ("https://*.example.com", False),
        ("'none'", False),
        ("https://[", False),
    ],
)
def test_only_bare_addresses_of_sites_reach_the_policy(text, fits):
    assert is_site(text) is fits


def test_administrators_make_forms_and_say_where_leads_go():
    administrator, seller = make_user("admin", role="administrator"), make_user("lin")
    pool = make_pool()

    with pytest.raises(NotAllowed):
        create_web_form(values={"title": "x", "pool": pool}, actor=seller, now=NOW)
    bad = {"title": "", "hosts": "http://plain.example 'none'", "owner": None, "pool": None}
    with pytest.raises(Invalid):
        create_web_form(values=bad, actor=administrator, now=NOW)
    with pytest.raises(Invalid) as refusal:
        create_web_form(values={**bad, "title": "官网"}, actor=administrator, now=NOW)
    assert set(refusal.value.fields) == {"hosts", "pool"}
    form = create_web_form(values={"title": "官网", "pool": pool}, actor=administrator, now=NOW)
    before = form.token
    changed = edit_web_form(
        form=form, version=1, values={"is_on": True}, new_address=True, actor=administrator, now=NOW
    )

    assert (form.is_on, changed.is_on) == (False, True)
    assert changed.token != before


def test_forms_are_made_switched_and_given_a_new_address_by_api(api, client):
    administrator, seller = make_user("admin", role="administrator"), make_user("lin")
    mine, theirs = (api(create_token(username=row.username, now=NOW)) for row in (administrator, seller))
    pool = make_pool()
    assert theirs.get("/web-forms").status_code == 403
    assert theirs.post("/web-forms", {"title": "x", "pool": pool.ref}).status_code == 403
    nowhere = mine.post("/web-forms", {"title": "官网"})
    assert (nowhere.status_code, list(nowhere.json()["fields"])) == (422, ["pool"])
    assert mine.post("/web-forms", {"title": "官网", "pool": "O-NONE"}).status_code == 422

    made = mine.post("/web-forms", {"title": "官网", "pool": pool.ref}).json()
    assert (made["is_on"], made["leads"]) == (False, 0)
    path = "/" + made["address"].split("/", 3)[3]
    assert client.get(path).status_code == 404
    on = mine.patch(f"/web-forms/{made['ref']}", {"version": 1, "is_on": True, "owner": seller.ref}).json()
    assert (on["is_on"], on["owner"], on["pool"]) == (True, seller.ref, None)
    assert client.get(path).status_code == 200
    assert mine.post(f"/web-forms/{made['ref']}/rotate", {"version": 1}).status_code == 409
    turned = mine.post(f"/web-forms/{made['ref']}/rotate", {"version": 2}).json()
    assert turned["address"] != made["address"]
    assert client.get(path).status_code == 404
    assert [row["ref"] for row in mine.get("/web-forms").json()["items"]] == [made["ref"]]


def test_a_flood_from_many_addresses_is_stopped_for_the_form_alone(web_form, monkeypatch):
    monkeypatch.setitem(public_form.LIMITS, "web_form_whole", "3/h/key")
    other = make_web_form(make_pool())

    codes = [send(web_form, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(5)]

    assert codes == [200] * 3 + [429] * 2
    assert send(other).status_code == 200
