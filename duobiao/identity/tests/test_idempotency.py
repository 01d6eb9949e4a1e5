"""A create that is sent again acts once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from duobiao.identity.actions.forget_keys import forget_old_keys
from duobiao.identity.models import IdempotencyKey, Unit
from duobiao.identity.tests.factories import make_administrator, make_token
from duobiao.timeline.models import Entry
from tests.support.api import ApiClient


@pytest.fixture
def admin_api(db, now) -> ApiClient:
    """The API as an administrator uses it."""
    return ApiClient(make_token(make_administrator(), now))


def unit_entries() -> int:
    """Count what creating units left in the audit."""
    return Entry.objects.filter(event="identity.unit_created").count()


def test_the_same_request_answers_the_same_and_acts_once(admin_api):
    first = admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")
    again = admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotent-Replay"] == "true"
    assert Unit.objects.count() == unit_entries() == 1


def test_another_body_under_the_same_key_is_refused(admin_api):
    admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")

    answer = admin_api.post("/units", {"name": "别的"}, idempotency_key="k1")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert list(Unit.objects.values_list("name", flat=True)) == ["公司"]


def test_a_refused_create_may_be_corrected_under_the_same_key(admin_api):
    Unit.objects.create(name="公司")
    refused = admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")
    invalid = admin_api.post("/units", {"name": ""}, idempotency_key="k1")

    made = admin_api.post("/units", {"name": "分公司"}, idempotency_key="k1")

    assert (refused.status_code, invalid.status_code, made.status_code) == (422, 422, 201)
    assert Unit.objects.count() == 2


def test_keys_of_two_people_do_not_meet(admin_api, now):
    other = ApiClient(make_token(make_administrator(), now))

    admin_api.post("/units", {"name": "甲"}, idempotency_key="k1")
    other.post("/units", {"name": "乙"}, idempotency_key="k1")

    assert Unit.objects.count() == 2


def test_a_request_that_is_being_worked_on_is_a_conflict(admin_api):
    admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")
    IdempotencyKey.objects.update(status=0, claimed_at=timezone.now())

    answer = admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")


def test_a_claim_left_behind_by_a_crash_is_taken_over(admin_api):
    Unit.objects.all().delete()
    admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")
    Unit.objects.all().delete()
    IdempotencyKey.objects.update(status=0, claimed_at=timezone.now() - timedelta(seconds=121))

    answer = admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")

    assert answer.status_code == 201
    assert Unit.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 201])
def test_a_bad_key_is_refused(admin_api, key):
    assert admin_api.post("/units", {"name": "公司"}, idempotency_key=key).status_code == 422
    assert not Unit.objects.exists()


def test_the_anonymous_get_no_key(db):
    assert ApiClient().post("/units", {"name": "公司"}, idempotency_key="k1").status_code == 401
    assert not IdempotencyKey.objects.exists()


def test_old_keys_are_forgotten(admin_api):
    admin_api.post("/units", {"name": "公司"}, idempotency_key="k1")
    now = timezone.now()

    assert forget_old_keys(now + timedelta(days=1)) == 0
    assert forget_old_keys(now + timedelta(days=3)) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_sendings_make_one_record(now):
    client = ApiClient(make_token(make_administrator(), now))
    client.get("/me")
    barrier, answers = threading.Barrier(20), []

    def send() -> None:
        barrier.wait()
        answers.append(client_of(client.token).post("/units", {"name": "公司"}, idempotency_key="k1"))
        connections.close_all()

    threads = [threading.Thread(target=send) for _index in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    statuses = sorted(answer.status_code for answer in answers)
    assert Unit.objects.count() == unit_entries() == 1
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert connection.vendor in ("sqlite", "postgresql")


def client_of(token: str) -> ApiClient:
    """Make a client of its own for a thread."""
    return ApiClient(token)
