"""A form that does not say which version it was made from changes nothing: somebody else's change would be lost."""

import pytest
from django.urls import reverse

from duobiao.customers.actions.keep_admissions import add_admission
from duobiao.customers.actions.keep_network import add_outsider
from duobiao.customers.actions.keep_resources import add_resource
from duobiao.customers.actions.keep_sites import add_site
from duobiao.customers.actions.solve_issues import raise_issue
from duobiao.customers.tests.factories import NOW, customer, person, unit
from duobiao.customers.tests.test_pages import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(client):
    seller = person(within=unit("华东一部"), name="林晓")
    client.force_login(seller)
    by = {"actor": seller, "now": NOW}
    of = customer(seller, "苏州恒力精密")
    admission = add_admission(customer=of, values={"name": "合格供方名录"}, state="SUBMITTED", **by)
    return {
        "edit_admission": admission,
        "move_admission": admission,
        "edit_outsider": add_outsider(values={"name": "张院士"}, **by),
        "edit_resource": add_resource(customer=of, values={"name": "交付一组"}, **by),
        "edit_site": add_site(customer=of, values={"name": "一期厂房"}, **by),
        "edit_issue": raise_issue(customer=of, values={"title": "停机"}, **by),
    }


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("edit_admission", {"number": "HG-1"}),
        ("move_admission", {"state": "ADMITTED"}),
        ("edit_outsider", {"organisation": "设计院"}),
        ("edit_resource", {"role": "驻场"}),
        ("edit_site", {"name": "三期厂房"}),
        ("edit_issue", {"severity": "HIGH"}),
    ],
)
def test_a_form_without_a_version_changes_nothing(client, rows, name, changes):
    address = reverse(f"customers:{name}", args=[rows[name].ref])
    form = sent(client.get(address), **changes)
    assert client.post(address, {**form, "version": ""}).status_code == 409
    rows[name].refresh_from_db()
    assert rows[name].version == 1
    assert client.post(address, form).status_code == 303
