"""Approvals through the API: the same acts, the same refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.approvals.models import ApprovalRequest
from duobiao.approvals.tests.factories import MANAGER, ask, step
from duobiao.identity.commands import create_token
from duobiao.opportunities.tests.factories import make_deal
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db


def client_of(user) -> ApiClient:
    return ApiClient(create_token(username=user.username, now=timezone.now()))


@pytest.fixture
def deal(seller):
    return make_deal(seller, now=timezone.now() - timedelta(days=1))


def test_a_give_up_is_asked_for_and_decided(deal, seller, manager):
    program, boss = client_of(seller), client_of(manager)
    body = {"reason": "LATE", "alternatives": "tried two partners"}
    asked = program.post(f"/opportunities/{deal.ref}/give-up", body)
    assert (asked.status_code, asked.json()["opportunity"]["outcome"]) == (202, "OPEN")
    ref = asked.json()["approval"]
    assert program.post(f"/opportunities/{deal.ref}/give-up", body).json()["code"] == "request_exists"

    waiting = boss.get("/approvals?mine=waiting").json()["items"]
    assert [(row["id"], row["kind"], row["state"]) for row in waiting] == [(ref, "give_up", "OPEN")]
    held = boss.get(f"/approvals/{ref}").json()
    assert (held["step"], held["may_decide"], held["facts"]["alternatives"]) == (1, True, "tried two partners")
    own = program.post(f"/approvals/{ref}/decide", {"approved": True})
    assert (own.status_code, own.json()["code"]) == (403, "own_request")
    stale = boss.post(f"/approvals/{ref}/decide", {"approved": True, "step": 7})
    assert (stale.status_code, stale.json()["code"]) == (409, "step_moved")

    decided = boss.post(f"/approvals/{ref}/decide", {"approved": True, "step": 1, "note": "agreed"})

    assert (decided.status_code, decided.json()["state"]) == (200, "APPROVED")
    again = boss.post(f"/approvals/{ref}/decide", {"approved": False})
    assert (again.status_code, again.json()["code"]) == (409, "already_settled")
    assert program.get(f"/opportunities/{deal.ref}").json()["outcome"] == "GIVEN_UP"
    assert boss.get("/approvals?mine=waiting").json()["items"] == []
    assert [row["id"] for row in boss.get("/approvals?mine=decided").json()["items"]] == [ref]


def test_refusing_needs_a_note_approving_does_not(deal, seller, manager):
    ref = ask(deal, seller, now=timezone.now()).ref
    boss = client_of(manager)

    for note in ({}, {"note": "  "}):
        refused = boss.post(f"/approvals/{ref}/decide", {"approved": False, **note})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, ["note"])
    back = boss.post(f"/approvals/{ref}/send-back", {"note": "  "})
    assert (back.status_code, list(back.json()["fields"])) == (422, ["note"])
    assert [boss.get(f"/approvals/{ref}").json()[key] for key in ("state", "step")] == ["OPEN", 1]

    assert boss.post(f"/approvals/{ref}/decide", {"approved": True}).json()["state"] == "APPROVED"


def test_a_manager_gives_up_at_once(deal, manager):
    answer = client_of(manager).post(f"/opportunities/{deal.ref}/give-up", {"reason": "LATE", "alternatives": "x"})

    assert (answer.status_code, answer.json()["opportunity"]["outcome"]) == (200, "GIVEN_UP")


def test_a_give_up_without_approver_is_refused(deal, seller):
    body = {"outcome": "GIVEN_UP", "reason": "LATE", "on": timezone.localdate().isoformat()}

    answer = client_of(seller).post(f"/opportunities/{deal.ref}/close", body)

    assert answer.status_code == 403
    deal.refresh_from_db()
    assert deal.outcome == "OPEN"


def test_sending_back_adding_handing_on_copying_withdrawing(deal, seller, manager, legal, finance):
    ref = ask(deal, seller, now=timezone.now()).ref
    boss, program = client_of(manager), client_of(seller)

    assert boss.post(f"/approvals/{ref}/send-back", {"note": ""}).status_code == 422
    assert boss.post(f"/approvals/{ref}/send-back", {"note": "why"}).json()["steps"][1]["state"] == "present"
    assert program.post(f"/approvals/{ref}/resubmit", {"note": "so"}).status_code == 200
    assert boss.post(f"/approvals/{ref}/add", {"person": legal.ref, "place": "BEFORE"}).status_code == 200
    assert client_of(legal).post(f"/approvals/{ref}/decide", {"approved": True}).status_code == 200
    assert boss.post(f"/approvals/{ref}/delegate", {"to": seller.ref}).json()["code"] == "wrong_person"
    assert boss.post(f"/approvals/{ref}/delegate", {"to": finance.ref}).status_code == 200
    assert boss.post(f"/approvals/{ref}/copy", {"person": finance.ref}).json()["copies"] == ["finance"]
    assert program.post(f"/approvals/{ref}/withdraw", {}).json()["state"] == "WITHDRAWN"
    after = client_of(finance).post(f"/approvals/{ref}/decide", {"approved": True})
    assert (after.status_code, after.json()["code"]) == (409, "already_settled")


def test_chains_are_read_and_published_with_the_version_seen(admin, seller):
    program = client_of(admin)
    held = {row["kind"]: row for row in program.get("/approval-chains").json()}
    assert (held["waiver"]["version"], held["waiver"]["shipped"]) == (1, True)

    wrong = program.post("/approval-chains/waiver", {"version": 1, "steps": [{"key": "a"}]})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["steps[0].name"])
    unknown = step("a", {"by": "ROLE", "role": "king", "reach": "COMPANY"})
    assert program.post("/approval-chains/waiver", {"version": 1, "steps": [unknown]}).status_code == 422
    right = {"version": 1, "steps": [step("a", MANAGER)]}
    assert program.post("/approval-chains/waiver", right).json()["version"] == 2
    assert program.post("/approval-chains/waiver", right).json()["code"] == "stale_version"
    assert program.post("/approval-chains/nosuch", right).status_code == 404
    assert client_of(seller).post("/approval-chains/waiver", right).status_code == 403


def test_substitutes(manager, legal, seller, deal):
    program = client_of(manager)
    today = timezone.localdate().isoformat()
    body = {"substitute": legal.ref, "from_on": today, "to_on": today}
    made = program.post("/absences", body)
    assert made.status_code == 201
    ref = ask(deal, seller, now=timezone.now()).ref
    row = client_of(legal).get("/approvals?mine=true").json()["items"][0]
    assert (row["id"], row["for_whom"]) == (ref, "zhoujianguo")

    assert program.delete(f"/absences/{made.json()['id']}").status_code == 200

    late = client_of(legal).post(f"/approvals/{ref}/decide", {"approved": True})
    assert (late.status_code, late.json()["code"]) == (403, "delegation_ended")
    assert ApprovalRequest.objects.get().is_open


def test_unknown_lists_are_refused(seller):
    assert client_of(seller).get("/approvals?mine=everything").status_code == 422
