"""Sites of a customer; parents of a group."""

import pytest
from django.urls import reverse

from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.actions.keep_sites import add_site, edit_site
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.models import Customer, Site
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


def site(of, **values):
    return add_site(customer=of, values={"name": "二期厂房", **values}, actor=of.owner, now=NOW)


def test_a_site_is_noted_changed_and_taken_out_on_the_page(client, hengli):
    address = reverse("customers:add_site", args=[hengli.ref])
    form = {**sent(client.get(address)), "name": "二期厂房", "purpose": "PLANT", "address": "澄湾路 88 号"}
    assert client.post(address, form).status_code == 303
    made = Site.objects.get()

    edit = reverse("customers:edit_site", args=[made.ref])
    client.post(edit, {**sent(client.get(edit)), "purpose": "PROJECT", "note": "东门登记"})
    page = text(client.get(reverse("customers:customer", args=[hengli.ref])))
    assert "澄湾路 88 号" in page
    assert "东门登记" in page

    client.post(reverse("customers:remove_site", args=[made.ref]))
    assert "东门登记" not in text(client.get(reverse("customers:customer", args=[hengli.ref])))
    assert client.get(edit).status_code == 404
    events = Entry.objects.filter(event__startswith="customers.site_").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["customers.site_added", "customers.site_changed", "customers.site_removed"]


@pytest.mark.parametrize("values", [{"name": " "}, {"name": "一期厂房"}, {"name": "x" * 121}, {"purpose": "MOON"}])
def test_a_wrong_site_is_refused_and_nothing_kept(hengli, values):
    site(hengli, name="一期厂房")
    before = (everything(), list(Site.objects.values_list()))

    with pytest.raises(Invalid):
        site(hengli, **values)

    assert (everything(), list(Site.objects.values_list())) == before


def test_who_may_not_edit_or_saw_an_old_version_changes_no_site(hengli):
    held = site(hengli)

    with pytest.raises(NotAllowed):
        edit_site(site=held, version=1, values={"name": "x"}, actor=person(Role.EXECUTIVE), now=NOW)
    edit_site(site=held, version=1, values={"note": "东门"}, actor=hengli.owner, now=NOW)
    with pytest.raises(StaleVersion):
        edit_site(site=held, version=1, values={"name": "x"}, actor=hengli.owner, now=NOW)

    assert Site.objects.get().name == "二期厂房"


def test_sites_by_api(api, seller, hengli):
    mine, stranger = api(token(seller)), api(token(person()))
    made = mine.post(f"/customers/{hengli.ref}/sites", {"name": "二期厂房", "purpose": "PLANT"})

    assert made.status_code == 201
    ref = made.json()["ref"]
    assert mine.patch(f"/sites/{ref}", {"version": 1, "address": "澄湾路 88 号"}).json()["version"] == 2
    assert stranger.patch(f"/sites/{ref}", {"version": 2, "address": "x"}).status_code == 404
    assert mine.post(f"/customers/{hengli.ref}/sites", {"name": "二期厂房"}).status_code == 422
    assert [row["address"] for row in mine.get(f"/customers/{hengli.ref}/sites").json()] == ["澄湾路 88 号"]
    assert mine.delete(f"/sites/{ref}").status_code == 204
    assert mine.delete(f"/sites/{ref}").status_code == 404


def test_merged_customers_keep_all_sites_once(seller, hengli):
    twin = customer(seller, "恒力精密")
    site(hengli)
    site(twin, address="另一处写法")
    site(twin, name="三期厂房")

    merge_customers(keeper=hengli, other=twin, actor=person(Role.ADMINISTRATOR), now=NOW)

    kept = hengli.sites.filter(removed_at__isnull=True).order_by("name")
    assert sorted(row.name for row in kept) == ["三期厂房", "二期厂房"]


def test_a_circle_of_any_length_and_a_group_too_deep_are_refused(seller):
    line = [customer(seller, "公司0")]
    for number in range(1, 20):
        line.append(customer(seller, f"公司{number}", parent=line[-1]))

    for values in ({"parent": line[-1]}, {"parent": line[0]}):
        with pytest.raises(Invalid) as refused:
            edit_customer(customer=line[0], version=1, values=values, actor=seller, now=NOW)
        assert list(refused.value.fields) == ["parent"]
    with pytest.raises(Invalid):
        customer(seller, "公司20", parent=line[-1])

    assert Customer.objects.get(pk=line[0].pk).parent is None


def test_a_top_company_merged_into_one_two_levels_below_leaves_no_circle(seller):
    top = customer(seller, "集团")
    middle = customer(seller, "华东公司", parent=top)
    low = customer(seller, "工厂", parent=middle)

    merge_customers(keeper=low, other=top, actor=person(Role.ADMINISTRATOR), now=NOW)

    assert Customer.objects.get(pk=low.pk).parent is None
    assert Customer.objects.get(pk=middle.pk).parent == low
