"""Resources that work for a customer: our own people and partners."""

import pytest
from django.urls import reverse

from duobiao.customers.actions.keep_resources import add_resource, edit_resource
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.models import AccountResource
from duobiao.customers.tests.factories import NOW, customer, everything, person, token, unit
from duobiao.customers.tests.test_pages import sent, text
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = person(within=unit("华东一部"), name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密")


def resource(of, by=None, **values):
    return add_resource(customer=of, values={"name": "交付一组", **values}, actor=by or of.owner, now=NOW)


def test_a_partner_is_put_to_work_changed_and_taken_out_on_the_page(client, hengli):
    address = reverse("customers:add_resource", args=[hengli.ref])
    form = {**sent(client.get(address)), "side": "PARTNER", "name": "西川数科", "role": "接口开发"}
    assert client.post(address, form).status_code == 303
    made = AccountResource.objects.get()

    edit = reverse("customers:edit_resource", args=[made.ref])
    client.post(edit, {**sent(client.get(edit)), "side": "PARTNER", "allocation": "两人，三个月"})
    assert "两人，三个月" in text(client.get(reverse("customers:customer", args=[hengli.ref])))
    client.post(reverse("customers:remove_resource", args=[made.ref]))

    assert "西川数科" not in text(client.get(reverse("customers:customer", args=[hengli.ref]))).split('id="history"')[0]
    events = Entry.objects.filter(event__startswith="customers.resource_").order_by("pk")
    assert [row.event.rpartition("_")[2] for row in events] == ["added", "changed", "removed"]


@pytest.mark.parametrize("values", [{"name": " "}, {"side": "RIVAL"}, {"allocation": "x" * 121}])
def test_a_wrong_resource_is_refused_and_nothing_kept(hengli, values):
    before = everything()

    with pytest.raises(Invalid) as refused:
        resource(hengli, **values)

    assert list(refused.value.fields) == list(values)
    assert everything() == before
    assert not AccountResource.objects.exists()


def test_rights_and_versions_are_kept_and_a_merge_brings_resources(seller, hengli):
    twin = customer(seller, "恒力精密")
    held = resource(twin)
    with pytest.raises(NotAllowed):
        resource(hengli, by=person(Role.EXECUTIVE))
    edit_resource(resource=held, version=1, values={"role": "驻场"}, actor=seller, now=NOW)
    with pytest.raises(StaleVersion):
        edit_resource(resource=held, version=1, values={"role": "x"}, actor=seller, now=NOW)

    merge_customers(keeper=hengli, other=twin, actor=person(Role.ADMINISTRATOR), now=NOW)

    assert [row.role for row in hengli.resources.all()] == ["驻场"]


def test_resources_by_api(api, seller, hengli):
    mine, stranger = api(token(seller)), api(token(person()))
    made = mine.post(f"/customers/{hengli.ref}/resources", {"name": "西川数科", "side": "PARTNER"})

    assert made.status_code == 201
    ref = made.json()["ref"]
    assert mine.patch(f"/resources/{ref}", {"version": 1, "allocation": "两人"}).json()["version"] == 2
    assert stranger.patch(f"/resources/{ref}", {"version": 2, "role": "x"}).status_code == 404
    assert [row["allocation"] for row in mine.get(f"/customers/{hengli.ref}/resources").json()] == ["两人"]
    assert mine.delete(f"/resources/{ref}").status_code == 204
