"""Row 25: filters, sorts and cursors take what they list and nothing else."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from duobiao.config.api import api
from duobiao.identity.actions.create_token import create_token
from tests.support.databases import for_module
from tests.support.everything import everything, people
from tests.support.halves import our_half
from tests.support.routes import matrix, operations

pytestmark = pytest.mark.django_db
HOSTILE = (
    "owner__password", "-owner__password__startswith", "customer__owner__password", "id__gt", "pk", "?", "-?", "--name",
    "name desc", "name; DROP TABLE x", "name)--", "1", "0 OR 1=1", "' OR ''='", "{'password__startswith': 'a'}", "__class__",
    "owner__in", "amount_minor__isnull", "\u0000", "\ud7ff", "999999999999999999999", "-1", "1e400", "NaN", "٣", "[]", "a" * 3000,
    "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "%", "_", "\\", "*", "\"", "AND", "NEAR(", "P-0\r\nSet-Cookie: x=1",
)  # fmt: skip
INJECTED = (
    "owner__password__startswith", "owner__is_staff", "customer__owner__password", "pk__in", "id__gt", "**", "_connector",
    "owner__unit__name__regex", "proofs__quote__contains", "_negated", "password", "team__user__password", "__dict__",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with for_module(django_db_blocker):
        yield everything(people(timezone.now()))


@pytest.fixture
def boss(made):
    client = Client(raise_request_exception=False)
    client.force_login(made.world.actors["administrator"])
    return client


@pytest.fixture
def program(made):
    token = create_token(name="x", actor=made.world.actors["administrator"], now=timezone.now()).text
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def ask(client: Client, path: str, **query: str) -> int:
    answer = client.get(f"{path}?{urlencode(query, errors='surrogatepass')}")
    answer.getvalue()
    return answer.status_code


@pytest.fixture
def read_names(monkeypatch):
    """Parameters of the address for which the code has looked."""
    names: set[str] = set()

    def watch(method: str) -> None:
        plain = getattr(QueryDict, method)

        def watched(self: QueryDict, name: str, *rest: object, **more: object) -> object:
            names.add(name)
            return plain(self, name, *rest, **more)

        monkeypatch.setattr(QueryDict, method, watched)

    for method in ("__getitem__", "__contains__", "get", "getlist"):
        watch(method)
    return names


def hostile(names: Iterable[str], *, number: int, full: bool) -> Iterator[dict[str, str]]:
    """Yield queries in which every name has another value; at full strength every name meets every value."""
    sorted_names = sorted(names)
    for turn in range(len(HOSTILE)) if full and sorted_names else [number]:
        yield {name: HOSTILE[(turn + place) % len(HOSTILE)] for place, name in enumerate(sorted_names)}
    yield dict.fromkeys(INJECTED, "a")


def test_pages_take_only_what_they_list(made, boss, read_names, figure, full_drill):
    """Row 25: relation traversal, dict expansion and bad orderings on every page, for every name it looks for."""
    asked, broken = 0, []
    pages = sorted(path for _name, path in made.pages())
    for number, path in enumerate(our_half(pages if full_drill else pages[::5])):
        read_names.clear()
        ask(boss, path)
        for query in hostile(set(read_names), number=number, full=full_drill):
            asked += 1
            if ask(boss, path, **query) >= 500:
                broken.append(f"{path}?{query}"[:300])

    assert asked > 100
    figure(25, f"{len(broken)} of {asked} requests with hostile filters, sorts and cursors on pages raised an error")
    assert broken == []


def test_lists_of_the_api_take_only_what_they_list(made, program, figure, full_drill):
    """Row 25: the same for every reading operation of the API: 200 or 422, never an error."""
    asked, broken = 0, []
    listed = {
        path: operations["get"] for path, operations in api.get_openapi_schema()["paths"].items() if "get" in operations
    }
    known = {
        found["operationId"]: [one["name"] for one in found.get("parameters", ()) if one["in"] == "query"]
        for found in listed.values()
    }
    for number, (name, path, parts) in enumerate(our_half(list(made.readings()))):
        for query in hostile(known[name], number=number, full=full_drill):
            asked += 1
            if ask(program, path, **{**parts, **query}) >= 500:
                broken.append(f"{path}?{query}"[:300])

    assert asked > 100
    figure(25, f"{len(broken)} of {asked} requests with hostile filters, sorts and cursors on the API raised an error")
    assert broken == []


def test_a_filter_on_a_hidden_column_finds_nothing_out(made, program):
    """Row 25: a lookup smuggled in as a parameter changes no answer."""
    plain = program.get("/api/v1/opportunities").json()["items"]

    for name in INJECTED:
        asked = program.get("/api/v1/opportunities", {name: "nobody-has-this"})
        assert asked.status_code in (200, 422)
        assert asked.status_code == 422 or asked.json()["items"] == plain


@pytest.mark.parametrize(
    "held",
    [["owner__password", "x"], ["-created_at", "not a day", 1], ["-created_at"], {"sort": 1}, None, "x", [1, 2, 3, 4]],
)
def test_a_cursor_of_our_own_with_strange_content_is_a_422(program, held):
    """Row 25: even a cursor that we signed is read with care."""
    cursor = signing.dumps(held, salt="duobiao.api.cursor")

    assert program.get("/api/v1/opportunities", {"cursor": cursor}).status_code == 422
    assert program.get("/api/v1/customers", {"cursor": cursor}).status_code == 422


def test_a_sort_the_schema_does_not_list_is_a_422(program):
    """Row 25: orderings of the API are an allow-list."""
    for sort in HOSTILE[:12]:
        assert program.get("/api/v1/opportunities", {"sort": sort}).status_code == 422
        assert program.get("/api/v1/customers", {"sort": sort}).status_code == 422


def test_every_list_of_the_api_is_in_the_matrix():
    """Row 25: nothing was left out above."""
    listed = matrix()["api"].keys()
    reading = {route.name for route in operations() if route.method == "get"}

    assert reading <= listed
    assert len(api.get_openapi_schema()["paths"]) > 50
