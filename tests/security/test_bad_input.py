"""Bad input that people really send: a clear refusal, nothing half-written, never a fault of ours.

What the capabilities try themselves stands beside them and is not repeated here:

* a proof in the future, an unknown key, retracting twice, a stale version: ``opportunities/tests/test_api.py``
* today is the day where the person sits: ``opportunities/tests/test_ledger.py``, ``tests/reliability/test_clock.py``
* the same proof twenty times at once: ``tests/reliability/test_concurrency.py``
* a contact below 经手人 agreeing a visit: ``engagement/tests/test_call_actions.py``, ``test_proving.py``
* an import with wrong encoding, missing column, duplicate ids, half a row: ``integrations/tests/test_import.py``
* script in every text field: ``test_stored_script.py``; another team's deal: ``test_leaks.py``
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.config.api import api
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.decide_waiver import decide_waiver, end_waiver
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.actions.settle_waiver import WaiverLapsed
from duobiao.opportunities.models import Opportunity, StageChange, WaiverDecision
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    make_contact,
    make_customer,
    make_deal,
    make_unit,
    make_user,
    prove_stages,
)
from duobiao.timeline.models import Entry
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db
LONG = "长" * 10_000


@pytest.fixture
def unit():
    return make_unit("华东")


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit)


@pytest.fixture
def deal(seller):
    return make_deal(seller, make_customer(seller, "苏州恒睿精密"))


@pytest.fixture
def web(seller):
    client = Client()
    client.force_login(seller)
    return client


def test_an_expired_waiver_holds_nothing_up_any_more(deal, seller, manager):
    """The stage that stood on a waiver falls back on the day after its last, with the cause in the history."""
    ask_waiver(
        opportunity=deal, item="1.M1", reason="在途", expires_on=TODAY + timedelta(days=5), actor=manager, now=NOW
    )
    deal.refresh_from_db()
    assert deal.stage_number == 1

    reassess_due(now=NOW + timedelta(days=5))
    deal.refresh_from_db()
    assert deal.stage_number == 1
    reassess_due(now=NOW + timedelta(days=6))

    deal.refresh_from_db()
    assert deal.stage_number == 0
    assert StageChange.objects.filter(opportunity=deal).order_by("-sequence").first().cause == "day_passed"
    assert recompute(today=TODAY + timedelta(days=6)).differences == []


def test_a_waiver_is_not_approved_after_its_last_day(deal, seller, manager):
    """A request that nobody decided in time changes nothing when somebody does at last."""
    waiver = ask_waiver(
        opportunity=deal, item="1.S1", reason="在途", expires_on=TODAY + timedelta(days=2), actor=seller, now=NOW
    )
    before = Entry.objects.count()

    with pytest.raises(WaiverLapsed):
        decide_waiver(waiver=waiver, approved=True, actor=manager, now=NOW + timedelta(days=3))

    assert not WaiverDecision.objects.exists()
    assert Entry.objects.count() == before
    end_waiver(waiver=waiver, actor=seller, now=NOW + timedelta(days=3))
    again = ask_waiver(
        opportunity=deal, item="1.S1", reason="再来", expires_on=TODAY + timedelta(days=9), actor=seller, now=NOW
    )
    assert again.is_pending


@pytest.mark.parametrize("back", [-1, 0, 91])
def test_a_waiver_asked_for_with_an_impossible_day_changes_nothing(deal, seller, back):
    """The last day lies between today and 90 days ahead; through the API the field is named."""
    client = ApiClient(create_token(username=seller.username, now=timezone.now()))
    today = local_day(timezone.now())
    body = {"item": "1.S1", "reason": "x", "expires_on": (today + timedelta(days=back)).isoformat()}

    answer = client.post(f"/opportunities/{deal.ref}/waivers", body)

    assert (answer.status_code == 202) is (back == 0)
    assert back == 0 or "expires_on" in answer.json()["fields"]


def test_a_purchase_method_changed_late_judges_every_stage_anew(deal, seller):
    """Known to be direct up to stage 4, the purchase turns out to be an open tender: history says what moved."""
    prove_stages(deal, 1, 2, 3, 4, actor=seller)
    deal.refresh_from_db()
    reached = deal.stage_number
    client = ApiClient(create_token(username=seller.username, now=timezone.now()))
    on = local_day(timezone.now()).isoformat()

    answer = client.post(
        f"/opportunities/{deal.ref}/purchase-method", {"method": "OPEN_TENDER", "happened_on": on, "quote": "招标公告"}
    )

    deal.refresh_from_db()
    assert answer.status_code == 201
    assert deal.purchase_method == "OPEN_TENDER"
    assert reached >= 4
    assert recompute(today=local_day(timezone.now())).differences == []
    changes = list(StageChange.objects.filter(opportunity=deal).order_by("sequence"))
    assert [change.sequence for change in changes] == list(range(1, len(changes) + 1))


def text_fields() -> list[tuple[str, str, str]]:
    """List every text of every body of the API: method, path, name."""
    schema = api.get_openapi_schema()
    shapes, found = schema["components"]["schemas"], []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            shape = shapes.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
            found += [(method, path, name) for name, rule in shape.get("properties", {}).items() if _is_text(rule)]
    return found


def _is_text(rule: dict[str, Any]) -> bool:
    kinds = [rule, *rule.get("anyOf", [])]
    return any(kind.get("type") == "string" and "format" not in kind for kind in kinds)


def test_ten_thousand_characters_are_refused_in_every_text_of_the_api():
    """No text of the API takes 10,000 characters: 422 that names the field, before anything is looked up."""
    boss = make_user("boss", role=Role.ADMINISTRATOR)
    client = Client(headers={"Authorization": f"Bearer {create_token(username='boss', now=timezone.now())}"})
    taken = []
    for method, path, name in text_fields():
        address = path.replace("{", "").replace("}", "")
        answer = getattr(client, method)(address, {name: LONG}, content_type="application/json")
        if answer.status_code != 422 or not any(field.startswith(name) for field in answer.json()["fields"]):
            taken.append(f"{method} {path}: {name} -> {answer.status_code}")

    assert boss.pk
    assert len(text_fields()) > 60
    assert taken == []


def test_ten_thousand_characters_are_refused_by_every_form(web, seller, deal):
    """A name of 10,000 characters in a form comes back with its reason; nothing is written."""
    contact = make_contact(deal.customer)
    forms = {
        "/customers/new/": {"name": LONG},
        f"/customers/{deal.customer.ref}/edit/": {"name": LONG, "version": "1"},
        f"/customers/{deal.customer.ref}/contacts/new/": {"name": LONG},
        f"/contacts/{contact.ref}/edit/": {"name": LONG, "version": "1"},
        "/opportunities/new/": {"name": LONG, "customer": deal.customer.ref},
        f"/opportunities/{deal.ref}/edit/": {"name": LONG, "version": "1"},
        f"/opportunities/{deal.ref}/waivers/new/": {"item": "1.S1", "reason": LONG, "expires_on": TODAY.isoformat()},
        f"/comments/opportunity/{deal.ref}/": {"body": LONG},
        "/profile/": {"name": LONG, "version": "1"},
        "/pipeline/views/save/": {"name": LONG},
        "/accounts/login/": {"login": LONG, "password": LONG},
    }
    before = Entry.objects.count(), Opportunity.objects.count()

    statuses = {path: web.post(path, form).status_code for path, form in forms.items()}

    assert {path: status for path, status in statuses.items() if status not in (200, 302, 422)} == {}
    assert (Entry.objects.count(), Opportunity.objects.count()) == before
    assert web.get(f"/search/?q={LONG[:2000]}").status_code == 200
