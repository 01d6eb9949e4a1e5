"""The appraisal counts records, each customer once, and leads to them; reminders come once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from duobiao.customers.tests.factories import token
from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.move_visit import move_visit
from duobiao.engagement.actions.process_values import Process
from duobiao.engagement.actions.record_outcome import Said, record_outcome
from duobiao.engagement.actions.record_process import record_process
from duobiao.engagement.actions.remind import remind_of_call_backs, remind_of_visits
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.queries.appraisal import appraisal, records_behind
from duobiao.engagement.tests.factories import (
    MEETING_AT,
    NOW,
    TODAY,
    hold,
    log,
    make_contact,
    make_customer,
    make_list,
    plan,
    submit,
)
from duobiao.timeline.models import Notification

pytestmark = pytest.mark.django_db

PERIOD = {"first": TODAY.replace(day=1), "last": TODAY}


def counts(user, person=None, **period):
    lines = appraisal(user, **{**PERIOD, **period})
    return next((line.counts for line in lines if line.person == (person or user)), None)


def test_each_customer_counts_once_and_only_where_it_is_new(seller, handler, deal):
    old = make_contact(make_customer(seller, "老客户"), is_handler=True)
    log(seller, old, is_a_class=True, started_at=NOW - timedelta(days=60))
    log(seller, old, is_a_class=True)
    log(seller, handler, deal, is_a_class=True)
    twice = log(seller, handler, deal, is_a_class=True).call

    assert (counts(seller)["latent"], counts(seller)["handlers"]) == (1, 1)
    withdraw_call(call=twice, version=None, reason="重复", actor=seller, now=NOW)
    assert counts(seller)["latent"] == 1


def test_a_visit_counts_as_agreed_while_the_handler_agreed_to_time_and_place(
    seller, customer, handler, bystander, deal
):
    plan(seller, customer, deal, with_=bystander)
    plan(seller, customer, deal, with_=handler, place="")
    assert counts(seller)["agreed"] == 0
    visit = plan(seller, customer, deal, with_=handler).visit
    assert counts(seller)["agreed"] == 1
    cancel_visit(visit=visit, version=1, reason="不去了", actor=seller, now=NOW)
    assert counts(seller)["agreed"] == 0


def test_stage_two_is_counted_from_visits_drafts_and_processes(seller, handler, deal):
    hold(seller, handler, deal, requested_by=handler, request_quote="先出一版方案", request_channel="MEETING")
    submit(seller, handler, deal)
    record_process(opportunity=deal, number=0, process=Process(decider=handler), actor=seller, now=NOW)

    found = counts(seller)
    assert [found[key] for key in ("visited", "drafts", "processes", "requested")] == [1, 1, 1, 1]
    drafts = records_behind(seller, person=seller, key="drafts", **PERIOD)
    assert [(row.kind, row.ref) for row in drafts] == [("draft_version", deal.ref)]


def test_who_sees_whose_figures(seller, manager, stranger, handler):
    log(seller, handler, is_a_class=True)

    assert counts(manager, seller)["latent"] == 1
    assert counts(stranger, seller) is None
    assert counts(stranger)["latent"] == 0


def test_the_page_leads_to_the_records_and_the_api_says_the_same(client, api, seller, handler):
    log(seller, handler, is_a_class=True)
    client.force_login(seller)
    address = reverse("engagement:appraisal")
    query = {"from": "2026-09-01", "to": "2026-09-30", "person": seller.ref, "figure": "latent"}

    page = client.get(address, query).content.decode()
    assert handler.customer.label in page
    for odd in ({"from": "nonsense"}, {"from": "2026-02-31"}, {"figure": "x", "person": "y"}):
        assert client.get(address, odd).status_code == 200
    told = api(token(seller)).get("/appraisal?first=2026-09-01&last=2026-09-30").json()
    assert told[0]["latent"] == 1


def test_the_page_costs_the_same_for_any_number(client, seller, handler, assert_flat_queries):
    client.force_login(seller)
    log(seller, handler, is_a_class=True)
    address = f"{reverse('engagement:appraisal')}?from=2026-09-01&to=2026-09-30&person={seller.ref}&figure=latent"
    assert_flat_queries(
        visit=lambda: client.get(address),
        grow=lambda: [log(seller, make_contact(make_customer(seller, f"公司{n}")), is_a_class=True) for n in range(4)],
    )


def test_a_visit_is_called_to_mind_once_and_again_when_it_was_moved(seller, customer, deal):
    visit = plan(seller, customer, deal, planned_at=NOW + timedelta(hours=20)).visit
    assert remind_of_visits(now=NOW - timedelta(hours=5)) == 0
    assert remind_of_visits(now=NOW) == 1
    assert remind_of_visits(now=NOW) == 0
    assert Notification.objects.get(event="engagement.visit_due").user == seller
    later = {"at": MEETING_AT, "reason": "对方改期"}
    move_visit(visit=visit, version=1, **later, actor=seller, now=NOW)
    assert remind_of_visits(now=MEETING_AT - timedelta(hours=2)) == 1


def test_a_call_back_is_called_to_mind_once(seller, handler):
    entry = make_list(seller).entries.get()
    at = NOW + timedelta(hours=2)
    said = Said(values={})
    record_outcome(entry=entry, version=1, outcome="CALL_BACK", call_back_at=at, said=said, actor=seller, now=NOW)

    assert remind_of_call_backs(now=NOW) == 0
    assert remind_of_call_backs(now=at) == 1
    assert remind_of_call_backs(now=at) == 0
    assert Notification.objects.get(event="engagement.call_back_due").data["name"] == handler.name
