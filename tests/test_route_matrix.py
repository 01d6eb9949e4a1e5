"""Every address and every operation, asked by nobody and by a person of every kind of right.

Of the roles that have the same rights on a route one asks, another on each route; with DRILL=full all of them ask.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import crc32

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from conftest import MONDAY_10
from duobiao.identity import policy
from duobiao.identity.actions.create_token import create_token
from duobiao.identity.models import Role, User
from duobiao.identity.tests.factories import make_unit, make_user
from tests.support import routes
from tests.support.databases import for_module
from tests.support.routes import Route, Rule, World

MATRIX = routes.matrix()
PAGES = {route.name: route for route in routes.pages()}
OPERATIONS = {route.name: route for route in routes.operations()}
SAMPLES = routes.samples()
LOGIN = "/accounts/login/"
MINE = "mine"
HEADERS = {"get": {}, "post": {"HX-Request": "true"}}
"""Pages are opened whole; forms are sent the way their pages send them."""
OPEN, FORBIDDEN, HIDDEN, UNKNOWN = "open", "forbidden", "hidden", "asked to sign in"


def listed(part: str, found: dict[str, Route]) -> list[str]:
    """Return the routes that exist and are listed, for parametrisation."""
    return sorted(MATRIX[part].keys() & found.keys())


def test_every_page_is_listed_and_every_line_has_its_page():
    assert sorted(PAGES.keys() - MATRIX["pages"].keys()) == [], "list these in a route_matrix.yaml"
    assert sorted(MATRIX["pages"].keys() - PAGES.keys()) == [], "these lines name no page"


def test_every_operation_is_listed_and_every_line_has_its_operation():
    assert sorted(OPERATIONS.keys() - MATRIX["api"].keys()) == [], "list these in a route_matrix.yaml"
    assert sorted(MATRIX["api"].keys() - OPERATIONS.keys()) == [], "these lines name no operation"


def test_no_address_of_the_api_hides_from_its_schema():
    assert routes.api_addresses() == {route.path for route in OPERATIONS.values()}


def test_every_right_and_sample_in_the_matrix_exists():
    verbs = set(next(iter(policy.shipped_grants().values()))) | {"", MINE}
    for name, rule in (MATRIX["pages"] | MATRIX["api"]).items():
        assert rule.see in verbs, f"{name}: unknown right {rule.see}"
        assert rule.do in verbs - {MINE}, f"{name}: unknown right {rule.do}"
        assert rule.sample in {"", *SAMPLES}, f"{name}: unknown sample {rule.sample}"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_route_with_parameters_has_a_sample(name):
    rule = MATRIX["pages"].get(name)

    assert rule is None or rule.sample or not PAGES[name].parameters


@dataclass(frozen=True)
class Actors:
    """Who asks: people by name, with what lets each of them in."""

    people: dict[str, int]
    cookies: dict[str, str]
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def actors(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Actors]:
    """One person of each role in 华东, an owner in 一部 below it, a stranger in 华北; made once for all routes."""
    with for_module(django_db_blocker):
        company = make_unit("公司")
        east, north = make_unit("华东", company), make_unit("华北", company)
        people = {role: make_user(role, username=f"the-{role}", unit=east) for role in Role.values}
        coach = people[Role.COACH]
        people["owner"] = make_user(Role.SELLER, username="owner", unit=make_unit("一部", east), coach=coach)
        people["stranger"] = make_user(Role.SELLER, username="stranger", unit=north)
        yield Actors(
            {who: actor.pk for who, actor in people.items()},
            {who: _cookie(actor) for who, actor in people.items()},
            {who: create_token(name="matrix", actor=actor, now=MONDAY_10).text for who, actor in people.items()},
        )


def _cookie(actor: User) -> str:
    client = Client()
    client.force_login(actor)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def world(actors, db, now) -> World:
    """The people as they are now: what a test does to them is taken back."""
    rows = User.objects.select_related("unit").in_bulk(actors.people.values())
    people = {who: rows[pk] for who, pk in actors.people.items()}
    return World(owner=people["owner"], actors=people, now=now)


def asking(name: str, rule: Rule, world: World, *, everybody: bool) -> list[tuple[str, User | None]]:
    """Return who asks: of those who have the same rights here, one, another for each route; or everybody."""
    all_ = [("nobody", None), *world.actors.items()]
    if everybody:
        return all_
    alike: dict[object, list[tuple[str, User | None]]] = defaultdict(list)
    for who, actor in all_:
        scopes = (
            ()
            if actor is None
            else tuple(policy.scope_of(actor, verb) for verb in sorted({rule.see, rule.do} - {"", MINE}))
        )
        alike[frozenset(expected(rule, actor, world)), scopes].append((who, actor))
    return [group[crc32(name.encode()) % len(group)] for group in alike.values()]


def expected(rule: Rule, actor: User | None, world: World) -> set[str]:
    """Derive from ``roles.yaml`` what an actor must meet; None is nobody."""
    if rule.access == routes.PUBLIC:
        return {OPEN, HIDDEN}
    if actor is None:
        return {UNKNOWN}
    if rule.access == routes.SIGNED_IN:
        return {OPEN, HIDDEN} if rule.sample else {OPEN}
    may = not rule.do or reaches(rule.do, actor, world, on_record=bool(rule.see))
    if rule.see and not sees(rule.see, actor, world):
        return {HIDDEN} if may or policy.scope_of(actor, rule.do) else {HIDDEN, FORBIDDEN}
    return {OPEN} if may else {FORBIDDEN}


def sees(verb: str, actor: User, world: World) -> bool:
    """Say whether the owner's record is within an actor's sight."""
    if verb == MINE:
        return actor.pk == world.owner.pk
    return reaches(verb, actor, world, on_record=True)


def reaches(verb: str, actor: User, world: World, *, on_record: bool) -> bool:
    """Say whether an actor holds a right, on the owner's record or at all."""
    scope = policy.scope_of(actor, verb)
    if not on_record:
        return scope != policy.Scope.NONE
    return policy.owner_in_scope(world.owner, actor, scope)


def met(response: HttpResponse) -> str:
    """Put an answer into words."""
    assert response.status_code < 500, response.content[:500]
    if response.status_code == 401 or response.headers.get("Location", "").startswith(f"{LOGIN}?next="):
        return UNKNOWN
    return {403: FORBIDDEN, 404: HIDDEN}.get(response.status_code, OPEN)


def undone(act: Callable[[], HttpResponse]) -> HttpResponse:
    """Ask, and take back whatever it did."""
    with transaction.atomic():
        response = act()
        if response.streaming:
            b"".join(response)  # reads a download to its end, so that its file is closed
        transaction.set_rollback(True)
    return response


@pytest.mark.halved
@pytest.mark.parametrize("name", listed("pages", PAGES))
def test_pages_open_to_whom_they_should(actors, world, name, settings, full_drill):
    settings.ACCOUNT_RATE_LIMITS = False
    rule, route = MATRIX["pages"][name], PAGES[name]
    parts = SAMPLES[rule.sample](world) if rule.sample else {}
    path = filled(route.path, parts)
    asks = ["get", "post"]

    for who, actor in asking(name, rule, world, everybody=full_drill):
        client = Client()
        if actor is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = actors.cookies[who]
        for ask in tuple(asks):
            response = undone(lambda client=client, ask=ask: getattr(client, ask)(path, headers=HEADERS[ask]))
            if response.status_code == 405:
                asks.remove(ask)  # refused before anybody's rights are looked at
            else:
                assert met(response) in expected(rule, actor, world), f"{who} {ask} {path}"
    assert asks, f"{path} answers neither get nor post"


@pytest.mark.halved
@pytest.mark.parametrize("name", listed("api", OPERATIONS))
def test_operations_open_to_whom_they_should(actors, world, name, full_drill):
    rule, route = MATRIX["api"][name], OPERATIONS[name]
    parts = SAMPLES[rule.sample](world) if rule.sample else {}
    path, body = filled(route.path, parts), filled_body(rule.body, parts)
    query = {key: value for key, value in parts.items() if key not in route.parameters}

    for who, actor in asking(name, rule, world, everybody=full_drill):
        headers = {"Authorization": f"Bearer {actors.tokens[who]}"} if actor is not None else {}
        response = undone(lambda headers=headers: send(route.method, path, body, query, headers))
        assert met(response) in expected(rule, actor, world), f"{who} {route.method} {path}: {response.content[:300]!r}"


def send(method: str, path: str, body: object, query: dict[str, str], headers: dict[str, str]) -> HttpResponse:
    """Call the API; a validation error of a body proves nothing about rights, so the matrix gives one that passes."""
    client = Client()
    if method == "get":
        return client.get(path, query, headers=headers)
    ask = getattr(client, method)
    return ask(path, body, content_type="application/json", headers=headers)


def filled(path: str, parts: dict[str, str]) -> str:
    """Put the parts of the address where they belong, also in ``re_path`` groups."""
    if "(?P<" in path:
        return path.replace("(?P<uidb36>[0-9A-Za-z]+)", parts["uidb36"]).replace("(?P<key>.+)", parts["key"])
    return routes.PARAMETER.sub(lambda match: parts[next(filter(None, match.groups()))], path)


def filled_body(body: object, parts: dict[str, str]) -> object:
    """Put the parts of the address into a body, wherever it says ``{ref}``."""
    if isinstance(body, dict):
        return {name: filled_body(value, parts) for name, value in body.items()}
    if isinstance(body, list):
        return [filled_body(value, parts) for value in body]
    return body.format(**parts) if isinstance(body, str) else body
