"""The pages of gate reviews, without JavaScript, and the API beside them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.tests.factories import make_deal, make_unit, make_user
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.gates import form_of
from duobiao.reviews.tests.factories import condition, plan, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", language="en", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, language="en", unit=unit)


@pytest.fixture
def today():
    return company_day(timezone.now())


@pytest.fixture
def deal(seller, manager):
    return make_deal(seller, now=timezone.now() - timedelta(days=1), playbook="key-account-6")


@pytest.fixture
def page(client, seller, deal):
    client.force_login(seller)
    return f"/opportunities/{deal.ref}/gate-reviews/"


def recorded(seller, today, gate="ATI", **changes):
    answers = {f"reply_{q.key}": "YES" for q in form_of(gate).questions}
    held = {"held_on": today.isoformat(), "people": [seller.ref], "decision": "GO", "reason": "Worth it", "version": 1}
    return {**answers, **held, "minutes": "Said this", **changes}


def test_an_empty_page_says_what_belongs_here(client, page):
    text = client.get(page).content.decode()

    assert "Control points of this playbook" in text
    assert "before each, colleagues look at the evidence" in text


def test_the_item_that_a_review_proves_leads_to_it(client, page, deal):
    stage = client.get(f"/opportunities/{deal.ref}/stages/2/").content.decode()

    assert f"/opportunities/{deal.ref}/gate-reviews/new/?gate=ATI" in stage


def test_a_review_is_planned_recorded_approved_and_its_condition_kept(client, page, deal, seller, manager, today):
    form = client.get(f"{page}new/?gate=ATI").content.decode()
    assert "Whether the project is worth people and money" in form
    wanted = {"gate": "ATI", "planned_on": today.isoformat(), "people": [seller.ref], "other_1": manager.ref}
    assert client.post(f"{page}new/", {**wanted, "planned_on": ""}).status_code == 422
    answer = client.post(f"{page}new/", wanted)
    review = GateReview.objects.get()
    assert (answer.status_code, answer.url) == (303, f"/gate-reviews/{review.ref}/")
    assert "Conditions are set when the review is recorded" in client.get(answer.url).content.decode()
    assert "See the checklist" in client.get("/today/").content.decode()

    record = f"/gate-reviews/{review.ref}/record/"
    assert f"Goes to {manager.name} for approval" in client.get(record).content.decode()
    no = recorded(seller, today, reply_budget="NO")
    refused = client.post(record, no)
    assert (refused.status_code, "Say in a remark what is lacking" in refused.content.decode()) == (422, True)
    half = client.post(record, recorded(seller, today, condition_2="Nobody does it")).content.decode()
    assert ('id="id_condition_2_error"' in half, 'id="id_condition_1_error"' in half) == (True, False)
    kept = {"condition_1": "Get the budget", "owner_1": seller.ref, "due_on_1": today.isoformat()}
    assert client.post(record, {**no, "note_budget": "Not yet", **kept}).status_code == 303
    assert "The decision waits for approval" in client.get(f"/gate-reviews/{review.ref}/").content.decode()

    request = ApprovalRequest.objects.get()
    client.force_login(manager)
    shown = client.get(f"/approvals/{request.ref}/").content.decode()
    assert "What the participants had before them" in shown
    assert "Get the budget" in shown
    assert "Not yet" in shown
    assert client.post(f"/approvals/{request.ref}/decide/", {"decision": "approve", "step": 1}).status_code == 303

    client.force_login(seller)
    done = f"/tasks/{DealTask.objects.get().ref}/finish/"
    places = ("/today/", f"/opportunities/{deal.ref}/", page, f"/gate-reviews/{review.ref}/")
    for text in (client.get(place).content.decode() for place in places):
        assert ("Get the budget</b>" in text, text.count(f'href="{done}"')) == (True, 1)
    assert f'href="/gate-reviews/{review.ref}/">where it was decided' in client.get("/today/").content.decode()
    assert client.post(done, {"result": "Paper is here"}).status_code == 303
    assert "Get the budget" not in client.get("/today/").content.decode()
    assert "Paper is here" in client.get(f"/gate-reviews/{review.ref}/").content.decode()
    minutes = client.get(f"/gate-reviews/{review.ref}/minutes/").content.decode()
    for words in ("Minutes: Review: invest in the project", "Get the budget", "Said this", "Paper is here", "kept on"):
        assert words in minutes


def test_hold_and_stop_show_on_deal_board_and_list(client, page, deal, seller, manager, today):
    for gate, decision, words in (("ATI", "HOLD", "On hold by"), ("ATB", "STOP", "Stopped by")):
        now = timezone.now()
        review = plan(deal, seller, gate, planned_on=today, now=now)
        submit(review, seller, decision, on=today, now=now)
        decide(request=ApprovalRequest.objects.get(state="OPEN"), approved=True, actor=manager, now=now)
        assert words in client.get(f"/opportunities/{deal.ref}/").content.decode()

    assert f"/opportunities/{deal.ref}/give-up/" in client.get(f"/opportunities/{deal.ref}/").content.decode()
    assert "stopped" in client.get("/pipeline/list/").content.decode()
    assert "stopped" in client.get("/pipeline/board/?playbook=key-account-6").content.decode()


def test_the_lists_show_what_is_mine(client, page, deal, seller, manager, today):
    plan(deal, seller, planned_on=today, now=timezone.now())
    submit(plan(deal, seller, "ATB", planned_on=today, now=timezone.now()), seller, on=today, now=timezone.now())

    def shown(mine):
        return client.get(f"/gate-reviews/?mine={mine}").content.decode()

    assert "ATI" in shown("upcoming")
    assert "waits for approval" in shown("waiting")
    assert shown("all").count(deal.name) == 2
    assert "ATI" in shown("nonsense")


def test_pages_cost_the_same_for_any_number_of_rows(client, page, deal, seller, manager, today, assert_flat_queries):
    def grow() -> None:
        now = timezone.now()
        review = plan(deal, seller, planned_on=today, now=now)
        conditions = [condition(seller, due_on=today) for _ in range(2)]
        submit(review, seller, on=today, now=now, conditions=conditions)
        decide(request=ApprovalRequest.objects.get(state="OPEN"), approved=True, actor=manager, now=now)

    grow()
    for path in (page, "/gate-reviews/?mine=all"):
        assert_flat_queries(visit=lambda path=path: client.get(path), grow=grow)


def test_somebody_who_takes_part_sees_the_review_without_the_deal(client, deal, seller, today):
    guest = make_user("guest", role=Role.FINANCE, language="en")
    review = plan(deal, seller, planned_on=today, people=[guest], now=timezone.now())
    client.force_login(guest)

    assert client.get(f"/gate-reviews/{review.ref}/").status_code == 200
    assert client.get(f"/opportunities/{deal.ref}/").status_code == 404
    assert client.post(f"/gate-reviews/{review.ref}/record/", recorded(guest, today)).status_code == 403


def test_the_api_does_what_the_pages_do(api, deal, seller, manager, today):
    client, boss = (api(create_token(username=user.username, now=timezone.now())) for user in (seller, manager))
    path, day = f"/opportunities/{deal.ref}/gate-reviews", today.isoformat()

    wrong = client.post(path, {"gate": "ATI", "planned_on": day, "people": ["E-NOBODY"]})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"people"})
    made = client.post(path, {"gate": "ati", "planned_on": day, "people": [seller.ref]})
    assert (made.status_code, made.json()["state"], made.json()["item"]) == (201, "PLANNED", "2.S1")
    assert (
        client.post(path, {"gate": "ATI", "planned_on": day, "people": [seller.ref]}).json()["code"] == "review_exists"
    )
    ref = made.json()["ref"]
    moved = client.put(f"/gate-reviews/{ref}", {"version": 1, "planned_on": day, "people": [seller.ref, manager.ref]})
    assert (moved.json()["version"], moved.json()["people"]) == (2, [seller.ref, manager.ref])

    replies = [{"question": q.key, "reply": "YES"} for q in form_of("ATI").questions]
    record = {"version": 2, "held_on": day, "decision": "GO", "reason": "Worth it", "replies": replies}
    record["conditions"] = [{"text": "Get the budget", "owner": seller.ref, "due_on": day}]
    sent = client.post(f"/gate-reviews/{ref}/record", record)
    assert (sent.status_code, sent.json()["state"]) == (202, "SUBMITTED")
    assert client.post(f"/gate-reviews/{ref}/record", record).json()["code"] == "review_held"
    assert boss.get("/gate-reviews?mine=waiting").json()[0]["ref"] == ref
    assert client.post(f"/approvals/{sent.json()['approval']}/decide", {"approved": True}).status_code == 403
    assert boss.post(f"/approvals/{sent.json()['approval']}/decide", {"approved": True}).status_code == 200

    full = client.get(f"/gate-reviews/{ref}").json()
    assert (full["state"], full["decision"], full["settled_by"]) == ("DECIDED", "GO", manager.ref)
    (owed,), (task,) = full["conditions"], client.get("/tasks").json()
    assert (owed["state"], owed["task"], task["source_ref"]) == ("open", task["ref"], ref)
    assert client.post(f"/opportunities/{deal.ref}/tasks/{owed['task']}/finish", {"result": "Here"}).status_code == 200
    assert client.get(f"/gate-reviews/{ref}").json()["conditions"][0]["state"] == "done"
    assert client.get("/gate-reviews?mine=mine").status_code == 422
    assert [row["state"] for row in client.get(path).json()] == ["DECIDED"]
    other = client.post(path, {"gate": "ATB", "planned_on": day, "people": [seller.ref]}).json()["ref"]
    assert client.post(f"/gate-reviews/{other}/cancel", {"reason": "Later"}).json()["state"] == "CANCELLED"
