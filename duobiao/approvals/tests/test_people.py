"""Colleagues are found by typing in the forms of a request and of a substitute."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.approvals.models import Absence, ApprovalRequest
from duobiao.approvals.tests.factories import ask, asked_now
from duobiao.identity.models import User
from duobiao.identity.tests.factories import make_user
from duobiao.opportunities.tests.factories import make_deal

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def request_of_seller(seller, manager) -> ApprovalRequest:
    now = timezone.now()
    return ask(make_deal(seller, now=now - timedelta(days=1)), seller, now=now)


@pytest.fixture
def crowd(company) -> list[User]:
    """Thirty colleagues: too many for a list."""
    return [
        make_user(username=f"colleague{number:02d}", name=f"同事{number:02d}", unit=company) for number in range(30)
    ]


def offered(page: str, name: str) -> list[str]:
    return re.findall(rf'<input type="radio" name="{name}" value="([^"]+)"', page)


def marked(page: str, name: str) -> list[str]:
    return re.findall(rf'<input type="radio" name="{name}" value="([^"]+)" checked', page)


def test_many_colleagues_are_not_listed_but_found_by_typing(request_of_seller, manager, seller, crowd):
    page = f"/approvals/{request_of_seller.ref}/"
    client = signed_in(manager)

    assert offered(client.get(page).content.decode(), "hand-person") == []
    found = client.get(f"{page}people/", {"field": "hand-person", "hand-person_words": "同事 07"}).content.decode()
    several = client.get(f"{page}people/", {"field": "hand-person", "hand-person_words": "colleague"}).content.decode()

    assert offered(found, "hand-person") == marked(found, "hand-person") == [crowd[7].ref]
    assert offered(several, "hand-person") == [person.ref for person in crowd[:8]]
    assert "There are more." in several
    assert marked(several, "hand-person") == []


def test_who_may_not_take_the_task_is_not_found(request_of_seller, manager, seller, crowd):
    page = f"/approvals/{request_of_seller.ref}/people/"

    hand = signed_in(manager).get(page, {"field": "hand-person", "hand-person_words": seller.username}).content.decode()
    copy = signed_in(manager).get(page, {"field": "copy-person", "copy-person_words": seller.username}).content.decode()

    assert offered(hand, "hand-person") == []
    assert "Nobody of this name can be chosen here." in hand
    assert offered(copy, "copy-person") == [seller.ref]


def test_few_colleagues_are_listed_at_once(request_of_seller, manager, legal):
    page = signed_in(manager).get(f"/approvals/{request_of_seller.ref}/").content.decode()

    assert legal.ref in offered(page, "hand-person")


def test_without_a_script_the_words_lead_to_people_to_pick_from(request_of_seller, manager, crowd):
    client, page = signed_in(manager), f"/approvals/{request_of_seller.ref}/"

    several = client.post(f"{page}hand-on/", {"hand-person_words": "同事1"})
    nobody = client.post(f"{page}hand-on/", {"hand-person_words": "无此人"})

    assert (several.status_code, nobody.status_code) == (422, 422)
    text = several.content.decode()
    assert "Pick one of the people found." in text
    assert 'value="同事1"' in text
    assert crowd[10].ref in offered(text, "hand-person")
    assert "Nobody of this name can be chosen here." in nobody.content.decode()
    assert asked_now(request_of_seller) == [manager.username]

    assert client.post(f"{page}hand-on/", {"hand-person": crowd[10].ref}).status_code == 303
    assert asked_now(request_of_seller) == [crowd[10].username]


def test_a_whole_name_that_is_typed_is_enough(request_of_seller, manager, crowd):
    client, page = signed_in(manager), f"/approvals/{request_of_seller.ref}/"

    assert client.post(f"{page}hand-on/", {"hand-person_words": "同事05"}).status_code == 303

    assert asked_now(request_of_seller) == [crowd[5].username]


def test_of_two_with_one_name_one_must_be_picked(request_of_seller, manager, company):
    twins = [make_user(username=f"twin{number}", name="张伟", unit=company) for number in range(2)]

    answer = signed_in(manager).post(f"/approvals/{request_of_seller.ref}/hand-on/", {"hand-person_words": "张伟"})

    assert answer.status_code == 422
    assert offered(answer.content.decode(), "hand-person") == [twin.ref for twin in twins]
    assert asked_now(request_of_seller) == [manager.username]


def test_a_substitute_is_found_and_named(manager, crowd):
    client, today = signed_in(manager), timezone.localdate()
    found = client.get("/approvals/absences/people/", {"field": "substitute", "substitute_words": "colleague12"})
    assert offered(found.content.decode(), "substitute") == [crowd[12].ref]
    assert (
        manager.ref
        not in client.get("/approvals/absences/people/", {"substitute_words": manager.username}).content.decode()
    )

    sent = {"substitute_words": "同事12", "from_on": today.isoformat(), "to_on": today.isoformat()}
    assert client.post("/approvals/absences/", sent).status_code == 303

    assert Absence.objects.get().substitute == crowd[12]


@pytest.mark.parametrize("words", ["x" * 5000, "%_\\'\"<b>"])
def test_hostile_words_find_nobody(request_of_seller, manager, crowd, words):
    answer = signed_in(manager).get(
        f"/approvals/{request_of_seller.ref}/people/", {"field": "hand-person", "hand-person_words": words}
    )

    assert answer.status_code == 200
    assert offered(answer.content.decode(), "hand-person") == []


def test_who_is_not_asked_is_offered_nobody(request_of_seller, seller, finance):
    page = f"/approvals/{request_of_seller.ref}/people/"

    assert signed_in(seller).get(page, {"field": "hand-person"}).status_code == 403
    assert signed_in(finance).get(page).status_code == 404
    assert signed_in(seller).get(page, {"field": "copy-note"}).status_code == 404
