"""Care plans are checked: who was not spoken to for longer than their class says is a next action of the deal."""

from datetime import timedelta

import pytest
from django.utils import translation

from duobiao.opportunities.models import Conversation, Opportunity
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_deal
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.queries.care import overdue_care
from duobiao.stakeholders.tests.factories import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def user_rep(handler):
    DealPerson.objects.filter(pk=handler.pk).update(relation_class="USER_REP")
    return handler


def spoke(person, on):
    Conversation.objects.create(
        opportunity=person.opportunity, contact=person.contact, on=on, source_kind="call", source_ref=str(on)
    )


def told(deals, days) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(row.what, row.why) for row in overdue_care(deals, on=TODAY + timedelta(days=days))]


def test_silence_beyond_the_plan_says_how_long_and_what_the_plan_says(deal, user_rep):
    assert told([deal], 14) == []

    assert told([deal], 15) == [
        ("Get in touch with 王海涛", "no contact for 15 days, the care plan says every 14")
    ]  # fmt: skip


def test_a_conversation_keeps_the_plan(deal, user_rep):
    spoke(user_rep, TODAY + timedelta(days=10))

    assert told([deal], 24) == []
    assert told([deal], 25)[0][1] == "no contact for 15 days, the care plan says every 14"


def test_the_most_overdue_stands_first_and_who_left_or_has_no_class_is_left_alone(deal, user_rep, decider, gatekeeper):
    DealPerson.objects.filter(pk=decider.pk).update(relation_class="DECIDER")
    DealPerson.objects.filter(pk=gatekeeper.pk).update(relation_class="")
    assert [what for what, _why in told([deal], 120)] == ["Get in touch with 王海涛"]

    DealPerson.objects.filter(pk=user_rep.pk).update(left_on=TODAY)
    assert [what for what, _why in told([deal], 120)] == ["Get in touch with 陈立群"]
    DealPerson.objects.filter(pk=decider.pk).update(relation_class="")
    assert told([deal], 400) == []


def test_it_is_one_of_the_next_actions(deal, user_rep):
    DealPerson.objects.filter(pk=user_rep.pk).update(joined_on=TODAY - timedelta(days=400))

    assert "stakeholders.CARE_OVERDUE" in [row.key for row in around(deal).advice]


def test_it_costs_the_same_for_any_number_of_deals(deal, user_rep, seller, django_assert_num_queries):
    for number in range(5):
        other = make_deal(seller, deal.customer, name=f"项目 {number}")
        person = put(other, make_contact(deal.customer, f"人 {number}"), seller, NOW, role="USER")
        DealPerson.objects.filter(pk=person.pk).update(relation_class="BRIDGE")
    deals = list(Opportunity.objects.all())

    with django_assert_num_queries(3):
        assert len(overdue_care(deals, on=TODAY + timedelta(days=200))) == 6
