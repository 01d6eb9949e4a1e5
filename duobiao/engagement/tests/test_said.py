"""From calls, visits and their minutes to the decision chain: words on people, people on the chain, nothing typed twice."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from duobiao.customers.models import Contact
from duobiao.engagement.queries.said import words_said
from duobiao.engagement.tests.factories import NOW, hold, log, make_contact, make_deal, make_user
from duobiao.stakeholders.models import DealPerson, Observation
from duobiao.stakeholders.tests.factories import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(unit):
    return make_user("林晓", unit=unit, language="en")


@pytest.fixture
def deal(seller, customer):
    return make_deal(seller, customer)


@pytest.fixture
def li(customer):
    return make_contact(customer, "李伟")


def test_chosen_words_of_a_visit_become_an_observation_in_one_step(client, seller, deal, li):
    other = put(deal, make_contact(deal.customer, "阿强"), seller, role="USER")
    person = put(deal, li, seller, role="USER")
    visit = hold(seller, li, deal, reaction="换型这块就要你们这样的", now=NOW)
    client.force_login(seller)
    with translation.override("en"):
        words = next(row for row in words_said(visit, seller) if row.text == "换型这块就要你们这样的")
    assert [(one.name, one.took_part) for one in words.people] == [("李伟", True), ("阿强", False)]
    page = unescape(client.get(reverse("engagement:visit", args=[visit.ref])).content.decode())
    assert words.people[0].url in page

    form = client.get(words.people[0].url).content.decode()
    assert "换型这块就要你们这样的" in form
    assert f'value="{NOW.date().isoformat()}"' in form
    assert visit.ref in form
    given = {
        "value": "2", "confidence": "90", "quote": words.text, "source": f"Visit {visit.ref}",
        "observed_on": visit.held_on.isoformat(),
    }  # fmt: skip
    assert client.post(reverse("stakeholders:observe", args=[person.ref]), given).status_code == 303

    seen = Observation.objects.get()
    assert (seen.person, seen.value, seen.quote, seen.observed_on) == (person, 2, words.text, visit.held_on)
    assert not Observation.objects.filter(person=other).exists()


def test_words_of_a_call_are_offered_and_only_to_who_may_write_the_chain(client, seller, stranger, deal, li):
    put(deal, li, seller, role="USER")
    call = log(seller, li, deal, notes="他说换型停线最头痛").call

    assert "他说换型停线最头痛" in [row.text for row in words_said(call, seller)]
    assert words_said(call, stranger) == []
    client.force_login(seller)
    assert "What it says of people" in client.get(reverse("engagement:call", args=[call.ref])).content.decode()


def test_a_crooked_address_begins_with_nothing(client, seller, deal, li):
    person = put(deal, li, seller, role="USER")
    client.force_login(seller)
    at = reverse("stakeholders:observe", args=[person.ref])

    for query in ("?on=yesterday", "?on=9999-12-31", "?quote=" + "长" * 3000, "?source=<script>"):
        answer = client.get(at + query)
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_the_rebuild_offers_the_people_of_the_minutes_and_leads_back(client, seller, deal, li):
    hold(seller, li, deal, met_others="老周、李伟，新来的王工")
    client.force_login(seller)
    at = reverse("stakeholders:rebuild", args=[deal.ref])
    page = unescape(client.get(at).content.decode())
    assert f"contact={li.ref}" in page
    assert page.count("new_name=") == 2

    add = reverse("stakeholders:add_person", args=[deal.ref])
    assert "新来的王工" in client.get(f"{add}?from=rebuild&new_name=新来的王工").content.decode()
    given = {"new_name": "新来的王工", "new_department": "设备部", "new_position": "主管", "role": "USER"}
    answer = client.post(f"{add}?from=rebuild", given)

    assert (answer.status_code, answer.url) == (303, at)
    made = Contact.objects.get(name="新来的王工")
    assert (made.department, made.position, made.customer) == ("设备部", "主管", deal.customer)
    assert DealPerson.objects.get().contact == made
    assert client.get(at).content.decode().count("new_name=") == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [({"new_name": "李伟"}, 409), ({}, 422), ({"new_name": "长" * 61}, 422), ({"new_name": "甲", "role": "KING"}, 422)],
)
def test_a_name_that_is_known_or_missing_enters_nobody(client, seller, deal, li, given, status):
    client.force_login(seller)

    answer = client.post(reverse("stakeholders:add_person", args=[deal.ref]), given)

    assert answer.status_code == status
    assert list(Contact.objects.all()) == [li]
    assert not DealPerson.objects.exists()


def test_one_is_chosen_or_entered_not_both(client, seller, deal, li):
    client.force_login(seller)

    answer = client.post(reverse("stakeholders:add_person", args=[deal.ref]), {"new_name": "甲", "contact": li.ref})

    assert answer.status_code == 422
    assert not DealPerson.objects.exists()
