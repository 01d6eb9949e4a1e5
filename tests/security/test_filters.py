"""Row 25: filters, sorts and cursors take what they list and nothing else."""

from urllib.parse import urlencode

import pytest
from django.core import signing
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
NAMES = (
    "sort", "cursor", "before", "after", "limit", "page", "q", "owner", "unit", "industry", "method", "outcome", "stage", "lag",
    "close_from", "close_to", "amount_min", "amount_min_wan", "amount_max", "happened", "since", "until", "columns", "view",
    "completeness", "customer", "kind", "ref", "actor", "event", "subject", "day", "format", "month", "week", "on", "tab", "stage_number",
)  # fmt: skip
INJECTED = (
    "owner__password__startswith", "owner__is_staff", "customer__owner__password", "pk__in", "id__gt", "**", "_connector",
    "owner__unit__name__regex", "proofs__quote__contains", "_negated", "password", "team__user__password", "__dict__",
)  # fmt: skip
LISTS = (
    "/customers/", "/pipeline/board/", "/pipeline/list/", "/pipeline/funnel/", "/pipeline/filters/", "/pipeline/export/",
    "/calls/", "/visits/", "/search/", "/trash/", "/notifications/", "/admin/users/", "/admin/audit/", "/today/",
    "/opportunities/customers/", "/opportunities/new/", "/calls/new/", "/visits/new/", "/admin/products/", "/playbooks/",
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


def together(number: int) -> dict[str, str]:
    """Give every name a hostile value, another one in each round."""
    return {name: HOSTILE[(number * 7 + place) % len(HOSTILE)] for place, name in enumerate(NAMES)}


def one_by_one() -> list[dict[str, str]]:
    return [{name: value} for name in NAMES for value in HOSTILE]


def test_lists_of_pages_take_only_what_they_list(made, boss, figure, full_drill):
    """Row 25: relation traversal, dict expansion and bad orderings on every list: no error of the database."""
    asked, broken = 0, []
    deal = made.parts["deal"]["ref"]
    injected = [dict.fromkeys(INJECTED, "a"), *([{name: "a"} for name in INJECTED] if full_drill else [])]
    queries = injected + (one_by_one() if full_drill else [together(number) for number in range(6)])
    for path in our_half((*LISTS, f"/opportunities/{deal}/", f"/opportunities/{deal}/timeline/")):
        for query in queries:
            asked += 1
            if ask(boss, path, **query) >= 500:
                broken.append(f"{path}?{query}"[:300])

    figure(25, f"{len(broken)} of {asked} requests with hostile filters, sorts and cursors on pages raised an error")
    assert broken == []


def test_lists_of_the_api_take_only_what_they_list(made, program, figure, full_drill):
    """Row 25: the same for every reading operation of the API: 200 or 422, never an error."""
    asked, broken = 0, []
    for place, (_name, path, query) in our_half(list(enumerate(made.readings()))):
        for number, name in enumerate(NAMES if full_drill else NAMES[place % 4 :: 4]):
            for value in HOSTILE if full_drill else [HOSTILE[(place * 3 + number) % len(HOSTILE)]]:
                asked += 1
                if ask(program, path, **{**query, name: value}) >= 500:
                    broken.append(f"{path}?{name}={value[:60]!r}")

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
