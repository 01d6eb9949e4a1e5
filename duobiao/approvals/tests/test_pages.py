"""Approvals through their pages: list, request, chains, substitutes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.approvals.models import Absence, ApprovalRequest, ChainVersion
from duobiao.approvals.tests.factories import ask, people, set_chain, step
from duobiao.opportunities.tests.factories import make_deal

pytestmark = pytest.mark.django_db
TOKEN = "a-form-token-of-tests"


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


def signed_in(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def asked(seller) -> ApprovalRequest:
    now = timezone.now()
    return ask(make_deal(seller, name="二期 MES", now=now - timedelta(days=1)), seller, now=now)


def text_of(user, path: str) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_each_list_shows_what_belongs_there(seller, manager, finance):
    request = asked(seller)

    assert "Give up: " in text_of(manager, "/approvals/")
    assert request.ref in text_of(seller, "/approvals/?mine=asked")
    assert "Nothing waits for your decision." in text_of(seller, "/approvals/")
    assert "You have decided on nothing yet." in text_of(manager, "/approvals/?mine=decided")
    assert request.ref in text_of(manager, "/approvals/?mine=all")
    assert request.ref not in text_of(finance, "/approvals/?mine=all")
    assert signed_in(finance).get(f"/approvals/{request.ref}/").status_code == 404


def test_the_list_and_a_request_cost_the_same_for_any_number(seller, manager, assert_flat_queries):
    asked(seller)
    client = signed_in(manager)

    assert_flat_queries(visit=lambda: client.get("/approvals/"), grow=lambda: [asked(seller) for _number in range(5)])


def test_a_request_is_decided_on_its_page_and_a_double_click_acts_once(seller, manager):
    request = asked(seller)
    page = f"/approvals/{request.ref}/"
    text = text_of(manager, page)
    assert "Step" in text
    assert 'name="step" value="1"' in text
    client = signed_in(manager)
    sent = {"decision": "approve", "step": "1", "note": "fine", "form_token": TOKEN}

    answers = [client.post(f"{page}decide/", sent).status_code for _click in range(2)]

    assert answers == [303, 303]
    assert request.acts.filter(verb="APPROVED").count() == 1
    late = client.post(f"{page}decide/", {"decision": "refuse", "step": "1"})
    assert late.status_code == 409
    assert "has been approved already" in late.content.decode()


def test_a_decision_without_a_button_is_no_decision(seller, manager):
    request = asked(seller)

    answer = signed_in(manager).post(f"/approvals/{request.ref}/decide/", {"step": "1"})

    assert answer.status_code == 422
    assert ApprovalRequest.objects.get().is_open


def test_every_act_has_its_form(seller, manager, legal):
    request = asked(seller)
    page, client = f"/approvals/{request.ref}/", signed_in(manager)

    assert client.post(f"{page}copy/", {"copy-person": legal.ref}).status_code == 303
    assert client.post(f"{page}send-back/", {"back-to": "-", "back-note": ""}).status_code == 422
    assert client.post(f"{page}send-back/", {"back-to": "-", "back-note": "why now"}).status_code == 303
    assert "This came back to you" in text_of(seller, page)
    assert signed_in(seller).post(f"{page}resubmit/", {"note": "added"}).status_code == 303
    added = client.post(f"{page}add/", {"add-person": legal.ref, "add-place": "PARALLEL"})
    assert added.status_code == 303
    assert client.post(f"{page}hand-on/", {"hand-person": legal.ref}).status_code == 422
    assert signed_in(seller).post(f"{page}withdraw/").status_code == 303
    verbs = list(request.acts.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["ASKED", "COPIED", "RETURNED", "RESUBMITTED", "ADDED", "WITHDRAWN"]


def test_a_refusal_without_a_note_is_asked_for_one_beside_the_field(seller, manager):
    request = asked(seller)
    client, page = signed_in(manager), f"/approvals/{request.ref}/"

    answer = client.post(f"{page}decide/", {"decision": "refuse", "step": "1", "note": " "})

    assert answer.status_code == 422
    assert 'id="id_note_error"' in answer.content.decode()
    request.refresh_from_db()
    assert request.state == "OPEN"
    assert client.post(f"{page}decide/", {"decision": "refuse", "step": "1", "note": "too early"}).status_code == 303


def test_a_chain_says_its_conditions_in_words(admin):
    page = signed_in(admin).get("/admin/approvals/").content.decode()

    assert "only if Who at least agrees at the control point is an executive" in page
    assert "EXECUTIVE" not in page


def test_an_administrator_edits_a_chain_step_by_step(admin, finance):
    client = signed_in(admin)
    assert "Line manager" in client.get("/admin/approvals/").content.decode()
    first = {"s0-position": "2", "s0-key": "manager", "s0-name_zh": "经理", "s0-name_en": "Manager", "s0-by": "MANAGER"}
    second = {"s1-position": "1", "s1-name_zh": "财务", "s1-name_en": "Finance", "s1-by": "PEOPLE"}
    sent = {
        "version": "1", "steps": "2", **first, "s0-mode": "ANY", "s0-days": "3", "s0-unit": "CALENDAR", **second,
        "s1-people": [finance.ref], "s1-mode": "ALL", "s1-when": "AMOUNT", "s1-amount": "5000000",
    }  # fmt: skip

    assert client.post("/admin/approvals/give_up/", sent).status_code == 303

    held = ChainVersion.objects.get(version=2)
    assert [row["key"] for row in held.steps] == ["step1", "manager"]
    assert held.steps[0]["when"] == {"amount_at_least": 5_000_000}
    assert held.steps[1]["deadline"] == {"days": 3, "unit": "CALENDAR"}
    assert client.post("/admin/approvals/give_up/", sent).status_code == 409
    nothing = client.post("/admin/approvals/give_up/", {"version": "2", "steps": "0"})
    assert nothing.status_code == 422
    assert "at least one step" in nothing.content.decode()
    assert client.get("/admin/approvals/nosuch/").status_code == 404


def test_a_step_that_names_a_condition_only_partly_is_refused(admin, finance):
    client = signed_in(admin)
    sent = {
        "version": "1", "steps": "1", "s0-name_zh": "财务", "s0-name_en": "Finance", "s0-by": "ROLE",
        "s0-role": "finance", "s0-mode": "ANY", "s0-when": "AMOUNT",
    }  # fmt: skip

    assert client.post("/admin/approvals/give_up/", sent).status_code == 422
    assert not ChainVersion.objects.filter(published_by=admin).exists()


def test_a_substitute_is_named_on_the_profile_page_and_ended_there(manager, legal):
    client = signed_in(manager)
    assert "While I am away" in client.get("/profile/").content.decode()
    today = timezone.localdate()
    sent = {"substitute": legal.ref, "from_on": today.isoformat(), "to_on": (today + timedelta(days=3)).isoformat()}

    assert client.post("/approvals/absences/", {**sent, "to_on": "2000-01-01"}).status_code == 422
    assert client.post("/approvals/absences/", sent).status_code == 303
    absence = Absence.objects.get()
    assert "stands in now" in client.get("/profile/").content.decode()
    assert signed_in(legal).post(f"/approvals/absences/{absence.ref}/end/").status_code == 404
    assert client.post(f"/approvals/absences/{absence.ref}/end/").status_code == 303


def test_a_request_shows_who_is_still_to_come(seller, manager, finance):
    set_chain(step("a"), step("b", people(finance), "ALL"), by=manager)
    request = asked(seller)

    text = text_of(manager, f"/approvals/{request.ref}/")

    assert "Step b" in text
    assert "still to come" in text
    assert "everybody" in text


def test_those_who_see_a_request_comment_on_it(seller, manager, finance):
    request = asked(seller)
    path = f"/comments/approval/{request.ref}/"

    assert signed_in(manager).post(path, {"body": "what does the buyer say"}).status_code == 303
    assert signed_in(finance).post(path, {"body": "hello"}).status_code == 404

    assert "what does the buyer say" in text_of(seller, f"/approvals/{request.ref}/")
