"""Pages and API about the data of a person: what is held, objections, erasure."""

import io
import json
import zipfile

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from duobiao.customers.actions.note_objection import NoObjection, ObjectedBefore, lift_objection, note_objection
from duobiao.customers.models import Contact, Erasure, Objection
from duobiao.customers.tests.factories import NOW, contact, customer, everything, person, token, unit
from duobiao.customers.tests.test_pages import sent, text
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def seller():
    return person(within=unit("华东一部"), name="林晓")


@pytest.fixture
def admin(client):
    user = person(Role.ADMINISTRATOR, name="管理员")
    client.force_login(user)
    return user


@pytest.fixture
def yuchi(seller):
    held = contact(customer(seller, "苏州恒力精密"), "尉迟建国", mobile="138 1234 5678", email="yuchi@hengli.example")
    add_comment(subject=Ref.of(held.customer), body="=尉迟建国说月底定", actor=seller, now=NOW)
    return held


def page(name, held):
    return reverse(f"customers:{name}", args=[held.ref])


def test_everything_held_stands_on_one_page_and_in_both_files(client, admin, yuchi):
    shown = text(client.get(page("personal_data", yuchi)))
    assert "138 1234 5678" in shown
    assert "=尉迟建国说月底定" in shown

    address = page("hand_out_personal_data", yuchi)
    answer = client.post(address, {"format": "xlsx"})
    content = b"".join(answer.streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert "=尉迟建国说月底定" in cells
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "sheet" in name and b"<f>" in parts.read(name)]
    told = json.loads(client.post(address, {"format": "json"}).content)
    assert {"field": "移动电话", "value": "138 1234 5678"} in told["facts"] or "138 1234 5678" in json.dumps(told)
    entries = Entry.objects.filter(event="customers.personal_data_handed_out")
    assert [row.detail.data["format"] for row in entries.order_by("pk")] == ["xlsx", "json"]
    assert "尉迟" not in str([row.detail.data for row in entries])


def test_erasing_asks_for_everything_says_what_stays_and_shows_up_in_the_list(client, admin, yuchi):
    address = page("erase_contact", yuchi)
    form = client.get(address)
    assert "第四十七条" in text(form)
    before = everything()
    refused = client.post(address, {**sent(form), "version": yuchi.version})
    assert refused.status_code == 422
    assert everything() == before

    given = {"version": yuchi.version, "ground": "CONSENT", "asked_on": DAY.isoformat(), "read": "on"}
    done = client.post(address, {**sent(client.get(address)), **given})

    assert done.status_code == 303
    listed = text(client.get(reverse("customers:erasures")))
    assert f"*** {yuchi.ref}" in listed
    assert "尉迟" not in listed.split("<main", 1)[-1]
    assert client.get(page("personal_data", yuchi)).status_code == 404


@pytest.mark.parametrize("name", ["personal_data", "erase_contact"])
def test_others_are_refused_and_strangers_find_nothing(client, seller, yuchi, name):
    client.force_login(seller)
    assert client.get(page(name, yuchi)).status_code == 403
    client.force_login(person())
    assert client.get(page(name, yuchi)).status_code == 404


def test_the_list_of_erasures_is_empty_at_first(client, admin):
    assert client.get(reverse("customers:erasures")).status_code == 200


def test_an_objection_takes_the_number_away_until_it_is_lifted(client, seller, yuchi):
    client.force_login(seller)
    address = page("note_objection", yuchi)
    form = {**sent(client.get(address)), "wish": "CALLS", "source": "本人来电", "said_on": DAY.isoformat()}
    assert client.post(address, form).status_code == 303

    for where in (page("contact", yuchi), reverse("customers:customer", args=[yuchi.customer.ref])):
        assert "tel:" not in client.get(where).content.decode()
    assert "本人来电" in text(client.get(page("contact", yuchi)))

    lift = page("lift_objection", yuchi)
    assert client.post(lift, {**sent(client.get(lift)), "source": ""}).status_code == 422
    client.post(lift, {**sent(client.get(lift)), "source": "邮件同意"})
    assert "tel:" in client.get(page("contact", yuchi)).content.decode()
    row = Objection.objects.get()
    assert (row.lift_source, row.lifted_by) == ("邮件同意", seller)


def test_wrong_objections_are_refused_and_nothing_kept(seller, yuchi):
    before = everything()
    good = {"contact": yuchi, "wish": "CALLS", "source": "来信", "said_on": DAY, "actor": seller, "now": NOW}

    with pytest.raises(Invalid) as refused:
        note_objection(**{**good, "wish": "X", "source": " ", "said_on": DAY.replace(year=2099)})
    assert sorted(refused.value.fields) == ["said_on", "source", "wish"]
    with pytest.raises(NotAllowed):
        note_objection(**{**good, "actor": person(Role.EXECUTIVE)})
    with pytest.raises(NoObjection):
        lift_objection(contact=yuchi, source="x", actor=seller, now=NOW)
    assert everything() == before

    note_objection(**good)
    with pytest.raises(ObjectedBefore):
        note_objection(**good)
    assert Objection.objects.count() == 1


def test_the_same_by_api(api, seller, admin, yuchi):
    mine, office, stranger = api(token(seller)), api(token(admin)), api(token(person()))
    told = {"source": "来信", "said_on": DAY.isoformat()}
    assert stranger.post(f"/contacts/{yuchi.ref}/objection", told).status_code == 404
    assert mine.post(f"/contacts/{yuchi.ref}/objection", told).status_code == 201
    assert [row["contact"] for row in mine.get("/objections").json()["items"]] == [yuchi.ref]
    assert stranger.get("/objections").json()["items"] == []
    assert mine.post(f"/contacts/{yuchi.ref}/objection/lift", {"source": "x"}).json()["lifted_at"]

    assert mine.get(f"/contacts/{yuchi.ref}/personal-data").status_code == 403
    assert office.get(f"/contacts/{yuchi.ref}/personal-data").json()["contact"] == yuchi.ref
    body = {"version": yuchi.version, "ground": "PURPOSE", "asked_on": DAY.isoformat()}
    assert mine.post(f"/contacts/{yuchi.ref}/erase", body).status_code == 403
    assert not Erasure.objects.exists()
    assert office.post(f"/contacts/{yuchi.ref}/erase", body).status_code == 201
    assert [row["contact"] for row in office.get("/erasures").json()["items"]] == [yuchi.ref]
    assert Contact.objects.get(pk=yuchi.pk).mobile == ""


def test_listing_erasures_costs_the_same_for_any_number(client, admin, seller, assert_flat_queries):
    of = customer(seller)

    def erased():
        row = contact(of)
        Erasure.objects.create(contact=row, ground="CONSENT", asked_on=DAY, erased_at=NOW, erased_by=admin)

    erased()
    assert_flat_queries(
        visit=lambda: client.get(reverse("customers:erasures")), grow=lambda: [erased() for _ in range(5)]
    )
