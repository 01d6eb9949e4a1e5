"""Logging, correcting and withdrawing calls: what each does to the deal and what each refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from duobiao.customers.models import Contact
from duobiao.engagement.actions.correct_call import AlreadyWithdrawn, correct_call
from duobiao.engagement.actions.log_call import NewDeal, log_call
from duobiao.engagement.actions.people import NewContact
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.models import Call, Visit, VisitStatus
from duobiao.engagement.tests.factories import (
    GOOD_CALL,
    MEETING_AT,
    NOW,
    TODAY,
    log,
    make_contact,
    make_customer,
    make_deal,
    make_user,
)
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.models import Grade, Opportunity, Outcome, Proof, Retraction
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db

MEETING_KEYS = {
    "engagement.next_meeting_granted",
    "engagement.visit_time_agreed",
    "engagement.visit_place_agreed",
    "engagement.visit_topic_agreed",
}
OWN_KEYS = {"engagement.interest_shown", "engagement.handler_reached", "engagement.interaction_positive"}


def live(deal=None):
    rows = Proof.objects.filter(retracted_on=None, **({"opportunity": deal} if deal else {}))
    return set(rows.values_list("key", flat=True))


def counts():
    return Call.objects.count(), Visit.objects.count(), Proof.objects.count(), Entry.objects.count()


def test_a_good_call_moves_the_deal_and_plans_the_visit(seller, handler, deal):
    logged = log(seller, handler, deal, meeting=True)

    assert live(deal) == OWN_KEYS | MEETING_KEYS
    assert (deal.stage_number, deal.state, deal.gate_met, deal.gate_required) == (1, "IN_STAGE", 8, 9)
    visit = Visit.objects.get()
    assert (visit.call, visit.planned_at, visit.place, visit.status) == (
        logged.call,
        MEETING_AT,
        "1 号站集控室",
        VisitStatus.PLANNED,
    )
    assert (visit.agreed_with, visit.agreed_with_handler, visit.agreed_on) == (handler, True, TODAY)
    assert list(visit.contacts.all()) == [handler]
    assert list(
        Entry.objects.filter(chain=deal.ref, event__startswith="engagement").values_list("event", flat=True)
    ) == [
        "engagement.call_logged",
        "engagement.visit_planned",
    ]


def test_the_proofs_name_source_contact_and_last_day(seller, handler, deal):
    logged = log(seller, handler, deal, meeting=True)

    interest = Proof.objects.get(key="engagement.interest_shown")
    time = Proof.objects.get(key="engagement.visit_time_agreed")
    assert (interest.source_kind, interest.source_ref) == ("call", logged.call.ref)
    assert (interest.contact, interest.channel, interest.grade) == (handler, "PHONE", Grade.DOCUMENTED)
    assert interest.quote == "峰谷策略靠人工排，上个月少赚 11 万 / 半年"
    assert (time.source_kind, time.source_ref, time.valid_until) == ("visit", logged.visit.ref, date(2026, 9, 29))


def test_a_call_keeps_who_was_handler_at_that_time(seller, handler, deal):
    logged = log(seller, handler, deal)
    Contact.objects.filter(pk=handler.pk).update(is_handler=False)

    assert Call.objects.get(pk=logged.call.pk).was_handler is True


@pytest.mark.parametrize("is_handler", [False, None])
def test_a_visit_agreed_below_the_handler_is_kept_but_proves_nothing(seller, customer, deal, is_handler):
    person = make_contact(customer, "小李", is_handler=is_handler)

    logged = log(seller, person, deal, meeting=True)

    assert logged.visit == Visit.objects.get()
    assert live(deal) == {"engagement.interest_shown", "engagement.interaction_positive"}


def test_saying_that_the_contact_is_the_handler_lets_the_contact_follow(seller, customer, deal):
    person = make_contact(customer, "周建明")

    log(seller, person, deal, was_handler=True)

    person.refresh_from_db()
    assert (person.is_handler, person.version) == (True, 2)
    assert "engagement.handler_reached" in live(deal)


def test_the_first_call_opens_the_deal_and_enters_the_person(seller, customer):
    ship_playbooks(now=NOW)

    logged = log_call(
        customer=customer,
        contact=NewContact("周建明", "工程部经理", "13805126627"),
        values={**GOOD_CALL, "was_handler": True},
        deal=NewDeal("200MWh 储能电站能量管理", Money.of(12_800_000)),
        actor=seller,
        now=NOW,
    )

    opened = Opportunity.objects.get()
    assert (opened.name, opened.amount, opened.owner) == ("200MWh 储能电站能量管理", Money.of(12_800_000), seller)
    assert logged.call.opportunity == opened
    assert live(opened) == OWN_KEYS
    assert (opened.stage_number, opened.state) == (1, "IN_STAGE")
    assert Contact.objects.get().position == "工程部经理"


def test_a_call_without_a_deal_is_kept_and_counts_once_the_deal_is_there(seller, handler):
    call = log(seller, handler, meeting=True).call
    assert not Proof.objects.exists()
    deal = make_deal(seller, handler.customer)

    correct_call(call=call, version=1, values={"opportunity": deal}, actor=seller, now=NOW)

    assert live(deal) == OWN_KEYS | MEETING_KEYS
    assert Visit.objects.get().opportunity == deal


def test_a_lost_deal_keeps_the_call_but_takes_no_evidence(seller, handler, deal):
    close_opportunity(opportunity=deal, outcome=Outcome.LOST, reason="PRICE", on=TODAY, actor=seller, now=NOW)

    logged = log(seller, handler, deal, meeting=True)

    assert (logged.confirmed, Call.objects.count(), Proof.objects.count()) == ([], 1, 0)


def test_correcting_a_call_after_the_deal_was_lost_changes_nothing(seller, handler, deal):
    call = log(seller, handler, deal).call
    close_opportunity(opportunity=deal, outcome=Outcome.LOST, reason="PRICE", on=TODAY, actor=seller, now=NOW)
    before = counts()

    with pytest.raises(DealClosed):
        correct_call(call=call, version=1, values={"interest": 1}, actor=seller, now=NOW)

    assert counts() == before
    assert Call.objects.get().interest == 4


def test_a_correction_retracts_what_the_call_no_longer_shows(seller, handler, deal):
    call = log(seller, handler, deal).call

    correct_call(call=call, version=1, values={"interest": 2, "attitude": "PASSIVE"}, actor=seller, now=NOW)

    assert live(deal) == {"engagement.handler_reached"}
    deal.refresh_from_db()
    assert (deal.stage_number, deal.state) == (0, "NOT_ENTERED")
    assert {row.reason for row in Retraction.objects.all()} == {gettext("the call was corrected")}
    entry = Entry.objects.get(event="engagement.call_corrected")
    assert entry.detail.data["changes"]["interest"] == [4, 2]


def test_a_correction_that_shows_more_proves_more_and_keeps_the_rest(seller, handler, deal):
    call = log(seller, handler, deal, interest=None).call
    kept = set(Proof.objects.values_list("ref", flat=True))

    correct_call(call=call, version=1, values={"interest": 5}, actor=seller, now=NOW)

    assert live(deal) == OWN_KEYS
    assert kept < set(Proof.objects.filter(retracted_on=None).values_list("ref", flat=True))


def test_a_correction_by_somebody_in_another_zone_keeps_the_appointment(seller, manager, handler, deal):
    log(seller, handler, deal, meeting=True)
    manager.time_zone = "Europe/Berlin"
    manager.save()
    agreed = Proof.objects.filter(source_kind="visit")
    kept = set(agreed.values_list("ref", "quote"))

    correct_call(call=Call.objects.get(), version=1, values={"notes": "补一句"}, actor=manager, now=NOW)

    assert set(agreed.filter(retracted_on=None).values_list("ref", "quote")) == kept
    assert Proof.objects.get(key="engagement.visit_time_agreed").quote == "2026-09-22 14:00"
    assert Proof.objects.count() == 7


def test_correcting_the_meeting_moves_the_planned_visit(seller, handler, deal):
    call = log(seller, handler, deal, meeting=True).call
    later = MEETING_AT + timedelta(days=1)

    correct_call(call=call, version=1, values={"meeting_at": later, "meeting_place": ""}, actor=seller, now=NOW)

    visit = Visit.objects.get()
    assert (visit.planned_at, visit.place) == (later, "")
    assert live(deal) == OWN_KEYS | MEETING_KEYS - {"engagement.visit_place_agreed"}
    time = Proof.objects.get(key="engagement.visit_time_agreed", retracted_on=None)
    assert time.valid_until == date(2026, 9, 30)


def test_taking_the_meeting_out_of_a_call_cancels_its_visit(seller, handler, deal):
    call = log(seller, handler, deal, meeting=True).call

    correct_call(call=call, version=1, values={"meeting_at": None}, actor=seller, now=NOW)

    assert Visit.objects.get().status is VisitStatus.CANCELLED
    assert live(deal) == OWN_KEYS


def test_correcting_whom_we_called_follows_their_standing(seller, handler, bystander, deal):
    call = log(seller, handler, deal, meeting=True).call

    correct_call(call=call, version=1, values={"contact": bystander, "was_handler": False}, actor=seller, now=NOW)

    assert live(deal) == {"engagement.interest_shown", "engagement.interaction_positive"}
    handler.refresh_from_db()
    assert handler.is_handler is True


def test_a_correction_without_a_difference_leaves_no_trace(seller, handler, deal):
    call = log(seller, handler, deal).call
    before = counts()

    correct_call(call=call, version=1, values={"interest": 4}, actor=seller, now=NOW)

    assert counts() == before
    assert Call.objects.get().version == 1


def test_a_call_of_another_deal_takes_its_evidence_along(seller, handler, deal):
    call = log(seller, handler, deal, meeting=True).call
    other = make_deal(seller, handler.customer)

    correct_call(call=call, version=1, values={"opportunity": other}, actor=seller, now=NOW)

    assert (live(deal), live(other)) == (set(), OWN_KEYS | MEETING_KEYS)


def test_withdrawing_a_call_takes_everything_back(seller, handler, deal):
    call = log(seller, handler, deal, meeting=True).call

    withdraw_call(call=call, version=1, reason="记错项目", actor=seller, now=NOW)

    deal.refresh_from_db()
    assert (live(deal), deal.stage_number) == (set(), 0)
    assert Visit.objects.get().status is VisitStatus.CANCELLED
    assert not Call.objects.visible_to(seller).exists()
    with pytest.raises(AlreadyWithdrawn):
        withdraw_call(call=call, version=2, reason="again", actor=seller, now=NOW)


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "x" * 300])
def test_withdrawing_asks_for_a_reason(seller, handler, deal, reason):
    call = log(seller, handler, deal).call
    before = counts()

    with pytest.raises(Invalid):
        withdraw_call(call=call, version=1, reason=reason, actor=seller, now=NOW)

    assert counts() == before
    assert live(deal) == OWN_KEYS


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"started_at": NOW + timedelta(minutes=1)}, "started_at"),
        ({"ended_at": NOW - timedelta(minutes=1)}, "ended_at"),
        ({"ended_at": NOW + timedelta(hours=13)}, "ended_at"),
        ({"interest": 6}, "interest"),
        ({"interest": "high"}, "interest"),
        ({"attitude": "ANGRY"}, "attitude"),
        ({"purposes": ["SELL"]}, "purposes"),
        ({"problem": "x" * 2001}, "problem"),
        ({"problem": "a\x00b"}, "problem"),
        ({"meeting_at": NOW}, "meeting_at"),
        ({"meeting_at": NOW + timedelta(days=4000)}, "meeting_at"),
        ({"stage_number": 8}, "stage_number"),
    ],
)
def test_bad_values_change_nothing(seller, handler, deal, values, field):
    before = counts()

    with pytest.raises(Invalid) as caught:
        log(seller, handler, deal, **values)

    assert field in caught.value.fields
    assert counts() == before


def test_a_person_of_another_company_is_refused(seller, deal):
    outsider = make_contact(make_customer(seller, "别家公司"))
    before = counts()

    with pytest.raises(Invalid) as caught:
        log(seller, outsider, deal)

    assert (list(caught.value.fields), counts()) == (["contact"], before)


def test_a_failing_deal_leaves_neither_call_nor_person(seller, customer):
    before = (Contact.objects.count(), *counts())

    with pytest.raises(Invalid) as caught:
        log_call(
            customer=customer,
            contact=NewContact("周建明"),
            values=GOOD_CALL,
            deal=NewDeal("  "),
            actor=seller,
            now=NOW,
        )

    assert list(caught.value.fields) == ["deal_name"]
    assert (Contact.objects.count(), *counts()) == before


def test_a_stale_version_is_refused_with_the_present_values(seller, handler, deal):
    call = log(seller, handler, deal).call
    correct_call(call=call, version=1, values={"interest": 5}, actor=seller, now=NOW)
    before = counts()

    with pytest.raises(StaleVersion) as caught:
        correct_call(call=call, version=1, values={"interest": 1}, actor=seller, now=NOW)

    assert caught.value.details == {"current": {"interest": 5}, "version": 2}
    assert counts() == before


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.SELLER, False),
        (Role.MANAGER, True),
        (Role.EXECUTIVE, False),
        (Role.LEGAL, False),
        (Role.ADMINISTRATOR, True),
    ],
)
def test_who_may_log_a_call_on_a_colleagues_deal(seller, handler, deal, unit, role, may):
    actor = make_user(role=role, unit=unit)
    before = counts()

    if may:
        assert log(actor, handler, deal).call.caller == actor
        return
    with pytest.raises(NotAllowed):
        log(actor, handler, deal)
    assert counts() == before


def test_a_stranger_neither_sees_nor_changes_a_call(seller, stranger, handler, deal):
    call = log(seller, handler, deal).call
    before = counts()

    assert not Call.objects.visible_to(stranger).exists()
    with pytest.raises(NotAllowed):
        correct_call(call=call, version=1, values={"interest": 1}, actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_call(call=call, version=1, reason="x", actor=stranger, now=NOW)
    assert counts() == before


def test_the_database_refuses_what_code_forgot(seller, handler):
    call = log(seller, handler).call

    for wrong in ({"interest": 9}, {"ended_at": NOW - timedelta(hours=1)}, {"withdrawn_reason": "no day"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**wrong)
