"""Row 24: a key nobody asked for changes nothing."""

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.config.api import api
from duobiao.customers.models import Customer
from duobiao.identity.actions.create_token import create_token
from duobiao.identity.models import Role, User
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user
from tests.support.halves import our_half

pytestmark = pytest.mark.django_db
EXTRA = ("zz_unknown", "id", "pk", "is_superuser", "stage_number", "rate_percent", "created_at", "word_0", "__class__")
SMUGGLED = {
    "id": "999", "pk": "999", "ref": "P-0000-0000", "stage_number": "8", "state": "COMPLETED", "rate_percent": "100",
    "completed_stage": "8", "outcome": "WON", "closed_on": "2026-01-01", "claimed_stage": "8", "buyer_stage": "8",
    "version_": "1", "created_at": "2000-01-01", "created_by": "1", "word_0": "7", "lag": "0", "touched_at": "2000-01-01",
    "external_id": "x", "is_superuser": "1", "is_staff": "1", "is_active": "0", "role": "administrator", "unit": "1",
    "password": "x", "coach": "1", "profile_items": "8", "handler_items": "4", "merged_into": "1", "trashed_at": "2000-01-01",
}  # fmt: skip


def bodies() -> list[tuple[str, str, str]]:
    """List method, path and operation of everything that takes a JSON body."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                found.append((method, path, operation["operationId"]))
    return found


@pytest.fixture
def seller(db):
    return make_user("linxiao", unit=make_unit("华东"))


@pytest.fixture
def web(seller):
    client = Client()
    client.force_login(seller)
    return client


def test_every_body_of_the_api_refuses_keys_it_does_not_know(figure):
    """Row 24: an extra key on each write is a 422 that names it, whatever else the body holds."""
    boss = make_user("boss", role=Role.ADMINISTRATOR)
    token = create_token(name="x", actor=boss, now=timezone.now()).text
    client = Client(headers={"Authorization": f"Bearer {token}"})
    taken, operations, schema = [], our_half(list(bodies())), api.get_openapi_schema()["paths"]
    for method, path, operation in operations:
        address = path.replace("{", "").replace("}", "")
        for key in EXTRA:
            answer = getattr(client, method)(address, {key: "x"}, content_type="application/json")
            schema_has_it = key in str(schema[path][method]["requestBody"])
            named = answer.status_code == 422 and key in answer.json()["fields"]
            if not named and not schema_has_it:
                taken.append(f"{method} {path} ({operation}): {key} -> {answer.status_code}")

    figure(
        24,
        f"{len(operations) * len(EXTRA) - len(taken)} of {len(operations) * len(EXTRA)} extra keys refused by the API",
    )
    assert taken == []
    assert len(operations) > 30


def columns_of(row, *asked: str) -> dict[str, object]:
    """Read the columns of a row anew, those left out that the form itself asks for."""
    fresh = type(row)._base_manager.filter(pk=row.pk).values().get()
    return {name: value for name, value in fresh.items() if name not in asked and name.removesuffix("_id") not in asked}


def test_the_form_of_a_new_deal_takes_its_own_fields_only(web, seller):
    """Row 24: stage, outcome and author of a new deal follow from the ledger and the sender, not from the form."""
    customer = make_customer(seller, "苏州恒睿精密")
    make_deal(seller, customer)

    answer = web.post("/opportunities/new/", {**SMUGGLED, "name": "二期", "customer": customer.ref})

    deal = Opportunity.objects.get(name="二期")
    assert answer.status_code == 303
    assert (deal.stage_number, deal.state, deal.rate_percent, deal.outcome) == (0, "NOT_ENTERED", 0, "OPEN")
    assert (deal.owner, deal.claimed_stage, deal.word_0, deal.closed_on) == (seller, None, 0, None)
    assert deal.ref != SMUGGLED["ref"]


def test_a_deal_is_not_opened_for_somebody_out_of_reach(web, seller):
    """Row 24: a known field with a foreign value is refused like any other bad value."""
    stranger = make_user("stranger", unit=make_unit("华南"))
    customer = make_customer(seller, "苏州恒睿精密")
    make_deal(seller, customer)

    answer = web.post("/opportunities/new/", {"name": "二期", "customer": customer.ref, "owner": stranger.ref})

    assert answer.status_code == 422
    assert Opportunity.objects.count() == 1


def test_edit_forms_take_their_own_fields_only(web, seller):
    """Row 24: extra keys on the edit forms of customer, contact and deal change no other column."""
    customer = make_customer(seller, "苏州恒睿精密")
    contact = make_contact(customer)
    deal = make_deal(seller, customer)
    forms = {
        f"/customers/{customer.ref}/edit/": (customer, {"name": "恒睿", "industry": "机械"}),
        f"/contacts/{contact.ref}/edit/": (contact, {"name": "王海"}),
        f"/opportunities/{deal.ref}/edit/": (deal, {"name": "三期", "amount": "128", "unit": "10000"}),
    }
    for path, (row, wanted) in forms.items():
        asked = {*wanted, "version", "normal_name", "touched_at", "search_text", "short_name", "amount_minor", "risk"}
        before = columns_of(row, *asked)

        answer = web.post(path, {**SMUGGLED, **wanted, "version": str(row.version)})

        assert answer.status_code in (303, 422), path
        assert columns_of(row, *asked) == before, path


def test_the_own_profile_gives_no_rights(web, seller):
    """Row 24: nobody makes themselves an administrator."""
    before = columns_of(seller, "name", "email", "phone", "version", "language", "time_zone", "title")

    answer = web.post("/profile/", {**SMUGGLED, "name": "林晓", "email": "", "language": "en", "version": "1"})

    assert answer.status_code in (303, 422)
    assert columns_of(seller, "name", "email", "phone", "version", "language", "time_zone", "title") == before
    assert User.objects.get(pk=seller.pk).role == Role.SELLER


def test_a_customer_from_the_form_belongs_to_its_sender(web, seller):
    """Row 24: owner, author and counters of a new customer are not taken from the form."""
    answer = web.post("/customers/new/", {**SMUGGLED, "name": "上海远景", "owner": "1"})

    customer = Customer.objects.filter(name="上海远景").first()
    assert answer.status_code in (303, 422)
    assert customer is None or (customer.owner, customer.created_by, customer.profile_items) == (seller, seller, 0)
