"""The API of search."""

import pytest

from duobiao.identity.commands import create_token
from duobiao.search.actions.index import index
from duobiao.search.tests.factories import NOW, findable, only_papers, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _papers():
    with only_papers():
        yield


def test_two_characters_find_what_the_person_may_see_and_nothing_else(api):
    seller, stranger = person(), person()
    index(findable("苏州恒睿精密", seller))
    index(findable("恒睿的对手", stranger))

    answer = api(create_token(username=seller.username, now=NOW)).get("/search", q="恒睿")

    assert [hit["title"] for hit in answer.json()] == ["苏州恒睿精密"]


def test_a_search_without_words_is_refused_by_name(api):
    answer = api(create_token(username=person().username, now=NOW)).get("/search")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["q"])
