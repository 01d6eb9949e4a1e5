"""The pages of assessments: score, history, ranking, filters, schemes."""

import pytest
from django.urls import reverse

from duobiao.customers.domain.schemes import write_scheme
from duobiao.customers.models import Assessment, SchemeVersion
from duobiao.customers.queries.schemes import shipped_schemes
from duobiao.customers.tests.factories import customer, person, unit
from duobiao.customers.tests.test_assessments import EVALUATION, SELECTION, TODAY, assess
from duobiao.customers.tests.test_pages import HTMX, sent, text
from duobiao.identity.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = person(within=unit("华东一部"), name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密")


def test_a_customer_is_scored_and_its_page_shows_class_and_trend(client, hengli):
    assess(hengli, dict.fromkeys(EVALUATION, 3), on=TODAY.replace(month=3), note="首次")
    address = reverse("customers:assess", args=[hengli.ref])
    form = client.get(address)
    assert "首次" not in text(form)

    answer = client.post(address, {**sent(form), **dict.fromkeys(EVALUATION, "4"), "note_scale": "2025 年报"})

    assert answer.status_code == 303
    page = text(client.get(answer.url))
    assert 'data-chart="assessment-trend"' in page
    assert 'data-value="80"' in page
    assert "A 类" in page
    history = text(client.get(reverse("customers:assessments", args=[hengli.ref])))
    assert "2025 年报" in history
    assert "+20" in history
    assert 'hx-select-oob="#assessed"' in history
    assert 'hx-target="body"' not in history


def test_a_form_sent_twice_assesses_once_and_wrong_scores_come_back(client, hengli):
    address = reverse("customers:assess", args=[hengli.ref]) + "?scheme=selection"
    form = sent(client.get(address))

    refused = client.post(address, {**form, **SELECTION, "growth_potential": "101"}, headers=HTMX)
    assert refused.status_code == 422
    assert not Assessment.objects.exists()
    for _ in range(2):
        client.post(address, {**form, **SELECTION})

    assert Assessment.objects.get().score == 77.5


def test_customers_rank_and_are_filtered_by_class(client, seller, hengli):
    other = customer(seller, "无锡远景")
    hidden = customer(person(within=unit("华西二部")), "机密客户")
    for held, score in ((hengli, 70), (other, 90), (hidden, 100)):
        assess(held, dict.fromkeys(SELECTION, score), scheme="selection")
    assess(other)

    ranked = text(client.get(reverse("customers:ranking")))
    assert ranked.index("无锡远景") < ranked.index("苏州恒力精密")
    assert "机密客户" not in ranked
    listed = text(client.get(reverse("customers:list"), {"class": "A"}))
    assert "无锡远景" in listed
    assert "苏州恒力精密" not in listed


def test_lists_and_pages_cost_the_same_for_any_number_of_assessments(client, seller, hengli, assert_flat_queries):
    assess(hengli)
    for address in (
        reverse("customers:list"),
        reverse("customers:ranking") + "?scheme=evaluation",
        reverse("customers:customer", args=[hengli.ref]),
        reverse("customers:assessments", args=[hengli.ref]),
    ):
        assert_flat_queries(
            visit=lambda address=address: client.get(address),
            grow=lambda: [assess(of) for of in (hengli, customer(seller), customer(seller))],
        )


def test_an_administrator_changes_weights_as_a_new_version(client):
    client.force_login(person(Role.ADMINISTRATOR))
    address = reverse("customers:publish_scheme", args=["selection"])
    form = sent(client.get(address))

    refused = client.post(address, {**form, "c0-weight": "40"})
    assert refused.status_code == 422
    assert not SchemeVersion.objects.exists()
    assert client.post(address, {**form, "c0-weight": "40", "c1-weight": "15"}).status_code == 303

    held = SchemeVersion.objects.get(version=2)
    shipped = write_scheme(shipped_schemes()["selection"])
    assert [row["weight"] for row in held.document["criteria"]] == [40, 15, 25, 20]
    assert held.document["classes"] == shipped["classes"]
    late = {**form, "c0-weight": "45", "c1-weight": "10", "form_token": "t" * 24}
    assert client.post(address, late).status_code == 409
