"""The API of calls and visits does what the pages do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.engagement.models import Call, Visit
from duobiao.engagement.tests.factories import log, make_user
from duobiao.identity.actions.create_token import create_token
from duobiao.opportunities.models import Proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def program(api, seller, now):
    return api(token_of(seller, now))


def token_of(user, now):
    return create_token(name="test", actor=user, now=now).text


def body(handler, deal, now, **more):
    return {
        "contact": handler.ref,
        "opportunity": deal.ref,
        "interest": 4,
        "attitude": "positive",
        "problem": "人工排峰谷",
        "meeting_at": (now + timedelta(days=3)).isoformat(),
        "meeting_place": "集控室",
        **more,
    }


def test_a_logged_call_answers_what_it_proved_and_what_not(program, handler, deal, now):
    answer = program.post("/calls", body(handler, deal, now))

    assert answer.status_code == 201
    told = answer.json()
    assert {(row["evidence"], row["item"], row["grade"]) for row in told["proved"]} == {
        ("engagement.interest_shown", "1.M1", "DOCUMENTED"),
        ("engagement.interest_shown", "1.P3", "DOCUMENTED"),
        ("engagement.handler_reached", "1.P2", "DOCUMENTED"),
        ("engagement.interaction_positive", "1.P4", "DOCUMENTED"),
        ("engagement.next_meeting_granted", "1.S1", "DOCUMENTED"),
        ("engagement.visit_time_agreed", "1.S2", "DOCUMENTED"),
        ("engagement.visit_time_agreed", "1.P5", "DOCUMENTED"),
        ("engagement.visit_place_agreed", "1.S3", "DOCUMENTED"),
        ("engagement.visit_place_agreed", "1.P5", "DOCUMENTED"),
    }
    assert {row["created"] for row in told["proved"]} == {True}
    assert [(row["evidence"], row["code"]) for row in told["not_proved"]] == [
        ("engagement.visit_topic_agreed", "NO_TOPIC")
    ]
    assert program.get(f"/visits/{told['visit']}").json()["status"] == "PLANNED"


def test_a_contact_below_the_handler_is_recorded_and_told_why(program, bystander, deal, now):
    told = program.post("/calls", body(bystander, deal, now)).json()

    codes = {row["evidence"]: row["code"] for row in told["not_proved"]}
    assert codes["engagement.visit_time_agreed"] == "BELOW_HANDLER"
    assert Call.objects.get().ref == told["ref"]
    assert not Proof.objects.filter(key__startswith="engagement.visit_").exists()


def test_the_same_key_logs_one_call(program, handler, deal, now):
    sent = body(handler, deal, now)
    first = program.post("/calls", sent, idempotency_key="abc")
    again = program.post("/calls", sent, idempotency_key="abc")

    assert (first.status_code, again.json()["ref"], Call.objects.count()) == (201, first.json()["ref"], 1)


def test_the_first_call_opens_deal_and_contact(program, customer, deal):
    told = program.post(
        "/calls",
        {
            "customer": customer.ref,
            "new_contact": {"name": "周建明", "position": "工程部经理"},
            "was_handler": True,
            "deal": {"name": "二期", "amount": {"amount_minor": 100, "currency": "CNY"}},
            "interest": 5,
            "problem": "人工排",
        },
    ).json()

    assert told["opportunity"] not in (None, deal.ref)
    assert told["contact_name"] == "周建明"
    assert {row["item"] for row in told["proved"]} == {"1.M1", "1.P3", "1.P2"}


def test_a_correction_follows_and_a_stale_one_is_refused(program, handler, deal, now):
    ref = program.post("/calls", body(handler, deal, now)).json()["ref"]

    told = program.patch(f"/calls/{ref}", {"version": 1, "interest": 2, "meeting_at": None}).json()
    assert (told["version"], {row["evidence"] for row in told["proved"]}) == (
        2,
        {"engagement.handler_reached", "engagement.interaction_positive"},
    )
    stale = program.patch(f"/calls/{ref}", {"version": 1, "interest": 5})
    assert (stale.status_code, stale.json()["code"], stale.json()["details"]["version"]) == (409, "stale_version", 2)


def test_a_call_is_withdrawn(program, handler, deal, now):
    ref = program.post("/calls", body(handler, deal, now)).json()["ref"]

    assert program.delete(f"/calls/{ref}", {}).status_code == 422
    assert program.delete(f"/calls/{ref}", {"reason": "记错"}).status_code == 204
    assert program.get(f"/calls/{ref}").status_code == 404
    assert not Proof.objects.filter(retracted_on=None).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"interest": 6}, "interest"),
        ({"attitude": "ANGRY"}, "attitude"),
        ({"contact": "K-NOBODY"}, "contact"),
        ({"opportunity": "P-1"}, "opportunity"),
        ({"stage_number": 8}, "stage_number"),
        ({"started_at": "2099-01-01T00:00:00Z"}, "started_at"),
        ({"meeting_at": "2001-01-01T00:00:00"}, "meeting_at"),
        ({"problem": "x" * 2001}, "problem"),
        ({"notes": "a\u0000b"}, ""),
    ],
)
def test_bad_bodies_are_refused_by_field(program, handler, deal, now, change, field):
    answer = program.post("/calls", body(handler, deal, now, **change))

    assert answer.status_code == 422
    assert not field or field in answer.json()["fields"]
    assert not Call.objects.exists()


def test_visits_are_planned_moved_recorded_and_cancelled(program, handler, deal, now):
    at = (now + timedelta(days=2)).isoformat()
    agreed = {"contact": handler.ref, "channel": "WECHAT"}
    made = program.post(
        "/visits", {"opportunity": deal.ref, "planned_at": at, "place": "集控室", "topic": "现状", "agreed": agreed}
    )
    assert made.status_code == 201
    assert {row["item"] for row in made.json()["proved"]} == {"1.S1", "1.S2", "1.S3", "1.S4", "1.P5"}

    ref = made.json()["ref"]
    later = (now + timedelta(days=3)).isoformat()
    refused = program.patch(f"/visits/{ref}", {"version": 1, "planned_at": later})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
    moved = program.patch(
        f"/visits/{ref}", {"version": 1, "planned_at": later, "reason": "检修", "agreed": agreed, "topic": "新主题"}
    ).json()
    assert (moved["topic"], moved["version"], len(moved["proved"])) == ("新主题", 3, 6)

    record = {"version": 3, "held_on": timezone.localdate(now).isoformat(), "met": [handler.ref], "rivals": "甲公司"}
    told = program.post(f"/visits/{ref}/record", record).json()
    assert {"2.M1", "2.I4"} <= {row["item"] for row in told["proved"]}
    assert (told["status"], told["handler_met"]) == ("HELD", handler.ref)

    ended = program.post(f"/visits/{ref}/cancel", {"version": told["version"], "reason": "没去"}).json()
    assert (ended["status"], ended["proved"]) == ("CANCELLED", [])


def test_a_move_and_a_bad_correction_change_nothing_together(program, handler, deal, now):
    at = (now + timedelta(days=2)).isoformat()
    ref = program.post("/visits", {"opportunity": deal.ref, "planned_at": at}).json()["ref"]
    later = (now + timedelta(days=3)).isoformat()

    answer = program.patch(
        f"/visits/{ref}", {"version": 1, "planned_at": later, "reason": "检修", "purposes": ["LUNCH"]}
    )

    assert (answer.status_code, Visit.objects.get().version) == (422, 1)


def test_a_visit_in_the_past_has_its_own_code(program, deal, now):
    answer = program.post("/visits", {"opportunity": deal.ref, "planned_at": (now - timedelta(hours=1)).isoformat()})

    assert (answer.status_code, answer.json()["code"]) == (422, "visit_in_the_past")


def test_rows_of_others_are_hidden(api, stranger, seller, handler, deal, now):
    made = log(seller, handler, deal, now=now, meeting_at=now + timedelta(days=1))
    other = api(token_of(stranger, now))

    assert other.get("/calls").json()["items"] == []
    assert other.get("/visits").json()["items"] == []
    assert other.get(f"/calls/{made.call.ref}").status_code == 404
    assert other.patch(f"/visits/{made.visit.ref}", {"version": 1, "topic": "x"}).status_code == 404
    assert other.post("/calls", {"contact": handler.ref, "interest": 4}).status_code == 422
    assert Call.objects.count() == 1


def test_a_reader_may_not_write(api, seller, handler, deal, now):
    made = log(seller, handler, deal, now=now)
    reader = api(token_of(make_user("高管", role="executive"), now))

    assert reader.get(f"/calls/{made.call.ref}").status_code == 200
    assert reader.patch(f"/calls/{made.call.ref}", {"version": 1, "interest": 1}).status_code == 403
    assert reader.post("/calls", {"contact": handler.ref, "interest": 4}).status_code == 403
    assert (Call.objects.count(), Call.objects.get().interest) == (1, 4)


def test_lists_are_filtered_and_paged(program, seller, handler, deal, now):
    for minute in range(3):
        log(seller, handler, deal, now=now - timedelta(minutes=minute))

    page = program.get("/calls", opportunity=deal.ref, limit=2).json()
    rest = program.get("/calls", opportunity=deal.ref, limit=2, cursor=page["next"]).json()

    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert program.get("/calls", contact="K-OTHER").json()["items"] == []
