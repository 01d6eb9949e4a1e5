"""Row 22: what belongs to another team appears nowhere: no page, list, search, picker, export, count or error."""

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from duobiao.customers.models import Customer
from duobiao.identity.actions.create_token import create_token
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal
from duobiao.search.actions.rebuild_index import rebuild_index
from tests.support.databases import for_module
from tests.support.everything import everything, people, private_models, write_everywhere, write_into_details
from tests.support.halves import our_half

pytestmark = pytest.mark.django_db
CANARY = "kanari7f3"
QUESTIONS = ("机密", "苏州", "P-2", "C-", "a", "%", "_", "'")
"""What a stranger may type; no question holds the canary itself, since pages repeat the question."""
CHANGING = re.compile(
    r'name="(?:csrfmiddlewaretoken|form_token)" value="[^"]*"|hx-headers=\'[^\']*\'|nonce="[^"]*"|"X-CSRFToken": "[^"]*"'
)
LISTS = (
    "/today/", "/customers/", "/pipeline/board/", "/pipeline/list/", "/pipeline/funnel/", "/pipeline/filters/",
    "/pipeline/views/", "/calls/", "/visits/", "/trash/", "/notifications/", "/search/", "/calls/new/", "/visits/new/",
    "/visits/record/", "/opportunities/new/", "/opportunities/customers/", "/add/", "/more/", "/playbooks/",
    "/leads/", "/leads/?place=team&state=any", "/leads/?place=pools", "/pools/", "/campaigns/", "/campaigns/sources/",
    "/analyses/", "/account-plans/?year=all", "/referral-asks/", "/registrations/", "/pipeline/list/?outcome=ANY", "/pipeline/list/?sort=-amount", "/customers/?completeness=open",
)  # fmt: skip
COMPANY_WIDE = ("/campaigns/", "/campaigns/sources/", "/analyses/")
"""Campaigns are the company's: everybody sees how many leads each brought, but names and amounts only of what is theirs.
So are the analyses of industries."""
LIBRARY = ("/knowledge/", "/rivals/RV-")
"""Cases and overviews are the company's, with the files that hang on them; so are battle cards with their history."""
EXPORTS = ("/pipeline/export/?format=csv", "/pipeline/export/?format=xlsx", "/pipeline/export/?format=csv&outcome=ANY")
ASKING = (
    "/search/?q={}", "/customers/?q={}", "/leads/?place=team&state=any&text={}", "/registrations/?q={}", "/pipeline/list/?q={}", "/pipeline/board/?q={}", "/pipeline/funnel/?q={}",
    "/opportunities/customers/?customer_name={}", "/people/mentionable/?q={}&kind=opportunity&ref=P-2026-0001",
    "/pipeline/export/?format=csv&q={}",
)  # fmt: skip
API_LISTS = (
    "/account-plans", "/industries", "/calendar?team=true", "/me", "/customers", "/contacts", "/leads", "/pools", "/campaigns", "/lead-sources", "/referral-asks", "/registrations",
    "/leads?q={}", "/registrations?q={}", "/opportunities", "/calls", "/visits", "/notifications", "/tokens",
    "/customers?q={}", "/contacts?q={}", "/opportunities?name={}", "/opportunities?sort=name&outcome=OPEN",
)  # fmt: skip


def text_of(answer: HttpResponse) -> str:
    """Return everything an answer holds, also inside a workbook."""
    content = answer.getvalue()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", errors="replace")


def own_rows(world) -> Customer:
    """Give the stranger a customer, a contact and a deal."""
    stranger = world.actors["stranger"]
    customer = make_customer(stranger, "自己的客户")
    make_contact(customer, "自己的联系人")
    make_deal(stranger, customer, name="自己的项目", now=timezone.now())
    return customer


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Records of every kind of the owner, every text in them a canary; and some rows of the stranger."""
    with for_module(django_db_blocker):
        world = people(timezone.now())
        found = everything(world)
        write_everywhere(private_models(), lambda number: f"{CANARY}{number} 机密 苏州")
        write_into_details(lambda number: f"{CANARY}{number} 机密")
        rebuild_index()
        own_rows(world)
        yield found


def browser_of(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def program_of(user) -> Client:
    token = create_token(name="x", actor=user, now=timezone.now()).text
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def asked(paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        yield from [path.format(quote(question)) for question in QUESTIONS] if "{}" in path else [path]


def test_the_canary_is_where_it_should_be(made):
    """Row 22: the owner does see it, so the search below looks for something that is there."""
    client = browser_of(made.world.owner)

    for path in ("/customers/", "/pipeline/list/", "/search/?q=机密", "/calls/", "/visits/", EXPORTS[0]):
        assert CANARY in text_of(client.get(path)), path


@pytest.mark.parametrize("who", ["stranger", "presales"])
def test_an_outsider_meets_no_word_of_another_team_anywhere(made, figure, who):
    """Row 22: 0 canaries on every page (by address too), in every list, search, picker, export and error."""
    stranger = browser_of(made.world.actors[who])
    records = our_half([path for _name, path in made.pages() if not path.startswith(LIBRARY)])
    pages = [*LISTS, *EXPORTS, *asked(ASKING), *records]
    leaks, faults = [], []

    for path in pages:
        for headers in ({}, {"HX-Request": "true"}):
            answer = stranger.get(path, headers=headers)
            leaks += [path] if CANARY in text_of(answer) else []
            faults += [path] if answer.status_code >= 500 else []

    figure(22, f"{len(leaks)} of {2 * len(pages)} pages show a word of another team to a {who}")
    assert leaks == []
    assert faults == []


def test_a_stranger_meets_no_word_of_another_team_in_the_api(made, figure):
    """Row 22: 0 canaries in lists, by reference, in errors and in what a refused write answers."""
    program = program_of(made.world.actors["stranger"])
    answers = {f"/api/v1{path}": program.get(f"/api/v1{path}") for path in asked(API_LISTS)}
    answers |= {path: program.get(path, query) for _name, path, query in our_half(list(made.readings()))}
    hidden = Customer.objects.filter(owner=made.world.owner).first()
    answers["duplicate"] = program.post("/api/v1/customers", {"name": hidden.name}, content_type="application/json")

    leaks = [path for path, answer in answers.items() if CANARY in text_of(answer).replace(hidden.name, "")]

    figure(22, f"{len(leaks)} of {len(answers)} answers of the API hold a word of another team")
    assert leaks == []
    assert hidden.ref not in text_of(answers["duplicate"])
    assert [path for path, answer in answers.items() if answer.status_code >= 500] == []


def test_every_hidden_record_answers_as_one_that_never_was(made):
    """Row 22: by its address a hidden record cannot be told from an absent one."""
    stranger, deal = browser_of(made.world.actors["stranger"]), made.parts["deal"]["ref"]
    for path in ("/opportunities/{}/", "/customers/{}/", "/contacts/{}/", "/calls/{}/", "/visits/{}/", "/proofs/{}/"):
        ref = {"/opportunities/{}/": deal}.get(path, made.parts["customer"]["ref"])
        hidden, absent = stranger.get(path.format(ref)), stranger.get(path.format("X-0000000000"))

        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert plain(text_of(hidden)).replace(ref, "X-0000000000") == plain(text_of(absent))


def plain(text: str) -> str:
    return CHANGING.sub("", text)
