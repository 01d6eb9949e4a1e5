"""The search page and the palette's fragment."""

import pytest
from django.urls import reverse

from duobiao.identity.models import Role, RoleGrant
from duobiao.search.actions.index import index, index_many
from duobiao.search.tests.factories import findable, only_papers, person

pytestmark = pytest.mark.django_db
FIND = "/search/"
PALETTE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _papers():
    with only_papers():
        yield


@pytest.fixture
def seller(client):
    user = person()
    client.force_login(user)
    return user


def test_the_palette_gets_links_grouped_by_kind(client, seller):
    index(findable("苏州恒力", seller, subtitle="机械", url="/papers/1"))

    page = client.get(FIND, {"q": "恒力"}, headers=PALETTE).content.decode()

    assert '<a href="/papers/1">' in page
    assert "苏州恒力" in page
    assert "<html" not in page


def test_the_page_is_a_whole_page_and_the_two_are_cached_apart(client, seller):
    index(findable("苏州恒力", seller))

    response = client.get(FIND, {"q": "恒力"})

    assert response.content.decode().count("<h1") + response.content.decode().count("<html") >= 1
    assert "HX-Request" in response["Vary"]


def test_hidden_rows_and_their_number_appear_nowhere(client, seller):
    index_many([findable(f"恒力机密{number}", person()) for number in range(30)])

    for headers in ({}, PALETTE):
        for query in ({"q": "恒力"}, {"q": ""}, {"q": "恒力", "kind": "paper"}, {"q": "恒力", "kind": "nothing"}):
            page = client.get(FIND, query, headers=headers).content.decode()
            assert "机密" not in page
            assert "30" not in page.split("<main")[-1]


@pytest.mark.parametrize("question", ["<script>alert(1)</script>", '"><img src=x>', "\u202e", "长" * 10_000, "{{7*7}}"])
def test_a_hostile_question_is_only_text(client, seller, question):
    for headers in ({}, PALETTE):
        response = client.get(FIND, {"q": question}, headers=headers)
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
        assert "<img src=x" not in response.content.decode()


def test_nobody_and_a_role_without_the_right_find_nothing(client, seller):
    RoleGrant.objects.create(role=Role.LEGAL, verb="search.find", scope="none")
    client.force_login(person(Role.LEGAL))
    assert client.get(FIND, {"q": "恒力"}).status_code == 403

    client.logout()
    assert client.get(FIND, {"q": "恒力"}).status_code in (302, 303)


def test_the_palette_costs_the_same_for_any_number_of_rows(client, seller, assert_flat_queries):
    index(findable("恒力", seller))

    assert_flat_queries(
        visit=lambda: client.get(FIND, {"q": "恒力"}, headers=PALETTE),
        grow=lambda: index_many([findable(f"恒力{number}", seller) for number in range(20)]),
    )


def test_the_name_of_the_address_is_kept():
    assert reverse("search:find") == FIND
