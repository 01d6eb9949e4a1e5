"""Planning, moving, cancelling, recording and correcting visits."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.correct_visit import correct_visit
from duobiao.engagement.actions.lock_visit import VisitCancelledBefore, VisitRecordedBefore
from duobiao.engagement.actions.move_visit import move_visit
from duobiao.engagement.actions.plan_visit import Agreement, VisitInThePast, plan_visit
from duobiao.engagement.actions.record_visit import log_visit, record_visit
from duobiao.engagement.models import Call, Visit, VisitMove, VisitStatus
from duobiao.engagement.tests.factories import (
    MEETING_AT,
    NOW,
    TODAY,
    log,
    make_contact,
    make_customer,
    make_user,
    plan,
)
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.models import Grade, Proof
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import next_actions
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.tests.factories import prove_stages
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db

APPOINTMENT = {
    "engagement.next_meeting_granted",
    "engagement.visit_time_agreed",
    "engagement.visit_place_agreed",
    "engagement.visit_topic_agreed",
}
LATER = MEETING_AT + timedelta(hours=3)
"""An hour after the visit was held, on the 22nd of September."""
HELD = {"held_on": date(2026, 9, 22)}
SURVEY = {
    "problem": "人工排峰谷策略",
    "impact": "每月损失 11 万",
    "wanted_by": "春节前",
    "confirmed_channel": "MEETING",
    "confirmed_quote": "对，就是这几个问题",
}


def live(deal):
    return set(Proof.objects.filter(opportunity=deal, retracted_on=None).values_list("key", flat=True))


def counts():
    return Visit.objects.count(), Proof.objects.count(), Entry.objects.count(), VisitMove.objects.count()


def test_an_agreed_visit_proves_its_appointment(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit

    assert live(deal) == APPOINTMENT
    assert (visit.agreed_with_handler, visit.agreed_on, visit.agreed_channel) == (True, TODAY, "PHONE")


def test_a_plan_that_nobody_agreed_to_proves_nothing(seller, customer, deal):
    plan(seller, customer, deal)

    assert (live(deal), Visit.objects.count()) == (set(), 1)


def test_a_colleague_who_comes_along_is_told(seller, customer, deal):
    colleague = make_user("售前小吴", role=Role.PRESALES)
    plan_visit(
        customer=customer,
        opportunity=deal,
        values={"planned_at": MEETING_AT},
        our_people=[colleague],
        actor=seller,
        now=NOW,
    )

    note = Notification.objects.get()
    assert (note.user, note.event) == (colleague, "engagement.visit_invited")


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=4000), None])
def test_a_visit_is_planned_ahead_only(seller, customer, handler, deal, at):
    before = counts()

    with pytest.raises(Invalid) as caught:
        plan(seller, customer, deal, with_=handler, planned_at=at)

    assert "planned_at" in caught.value.fields
    assert counts() == before


def test_the_appointment_lapses_a_week_after_a_visit_that_was_not_held(seller, customer, handler, deal):
    log(seller, handler, deal, meeting=True)
    reassess_due(now=MEETING_AT + timedelta(days=8))

    deal.refresh_from_db()
    assert deal.gate_met == 5  # of 8 before: time, place and topic are gone


def test_moving_a_visit_renews_the_appointment_by_who_agreed(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit
    at = MEETING_AT + timedelta(days=2)

    move_visit(
        visit=visit, version=1, at=at, reason="客户检修", agreed=Agreement(handler, "WECHAT"), actor=seller, now=NOW
    )

    assert live(deal) == APPOINTMENT
    time = Proof.objects.get(key="engagement.visit_time_agreed", retracted_on=None)
    assert (time.valid_until, time.channel) == (date(2026, 10, 1), "WECHAT")
    assert VisitMove.objects.get().reason == "客户检修"


def test_a_visit_moved_by_us_alone_proves_nothing_any_more(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit

    move_visit(visit=visit, version=1, at=MEETING_AT + timedelta(days=2), reason="撞期", actor=seller, now=NOW)

    assert live(deal) == set()


def test_cancelling_takes_the_appointment_back(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit

    cancelled = cancel_visit(visit=visit, version=1, reason="客户临时出差", actor=seller, now=NOW)

    assert (live(deal), cancelled.status) == (set(), VisitStatus.CANCELLED)
    with pytest.raises(VisitCancelledBefore):
        cancel_visit(visit=visit, version=2, reason="again", actor=seller, now=NOW)


def test_a_visit_held_with_the_handler_proves_what_its_record_shows(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit

    record_visit(
        visit=visit,
        version=1,
        values={**HELD, **SURVEY, "confirmed_by": handler},
        met=[handler],
        actor=seller,
        now=LATER,
    )

    assert live(deal) == APPOINTMENT | {
        "engagement.visit_held",
        "needs.survey_confirmed",
        "needs.problem_recorded",
    }
    assert Proof.objects.get(key="needs.survey_confirmed").grade == Grade.BUYER_CONFIRMED
    assert Proof.objects.get(key="engagement.visit_held").grade == Grade.DOCUMENTED
    assert Proof.objects.filter(retracted_on__isnull=False).count() == 0
    until = Proof.objects.filter(key="engagement.visit_time_agreed").values_list("valid_until", flat=True)
    assert set(until) == {None, date(2026, 9, 29)}


def test_the_appointment_of_a_held_visit_never_lapses(seller, customer, handler, deal):
    log(seller, handler, deal, meeting=True)
    record_visit(visit=Visit.objects.get(), version=1, values=HELD, met=[handler], actor=seller, now=LATER)
    reassess_due(now=MEETING_AT + timedelta(days=30))

    deal.refresh_from_db()
    assert deal.gate_met == 8


@pytest.mark.parametrize("values", [{"face_to_face": False}, {}])
def test_without_a_handler_in_the_room_no_visit_counts_as_held(seller, customer, handler, bystander, deal, values):
    visit = plan(seller, customer, deal, with_=handler).visit
    met = [handler] if values else [bystander]

    record_visit(visit=visit, version=1, values={**HELD, **values}, met=met, actor=seller, now=LATER)

    assert "engagement.visit_held" not in live(deal)


def test_finding_the_handler_lets_the_contact_follow(seller, customer, deal):
    person = make_contact(customer, "周建明")
    visit = plan(seller, customer, deal).visit

    record_visit(
        visit=visit,
        version=1,
        values={**HELD, "found_handler": person, "handler_facts": "起草立项报告；召集会议"},
        met=[person],
        actor=seller,
        now=LATER,
    )

    person.refresh_from_db()
    assert person.is_handler is True
    assert live(deal) == APPOINTMENT | {"engagement.visit_held", "stakeholders.handler_found"}


def test_a_visit_that_nobody_planned_is_recorded_at_once(seller, customer, handler, deal):
    recorded = log_visit(
        customer=customer,
        opportunity=deal,
        values={"held_on": TODAY, "place": "苏北储能办公室"},
        met=[handler],
        actor=seller,
        now=NOW,
    )

    assert recorded.visit.status is VisitStatus.HELD
    assert live(deal) == APPOINTMENT - {"engagement.visit_topic_agreed"} | {"engagement.visit_held"}


def test_a_correction_of_a_visit_follows_through(seller, customer, handler, bystander, deal):
    visit = plan(seller, customer, deal, with_=handler).visit
    values = {**HELD, **SURVEY, "confirmed_by": handler}
    record_visit(visit=visit, version=1, values=values, met=[handler], actor=seller, now=LATER)

    correct_visit(visit=visit, version=2, values={"impact": ""}, met=[bystander], actor=seller, now=LATER)

    assert live(deal) == APPOINTMENT
    assert Visit.objects.get().handler_met is None


def test_a_visit_recorded_by_mistake_is_cancelled_with_all_it_proved(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit
    record_visit(visit=visit, version=1, values=HELD, met=[handler], actor=seller, now=LATER)

    cancel_visit(visit=visit, version=2, reason="没有去成", actor=seller, now=LATER)

    assert live(deal) == set()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "held_on"),
        ({"held_on": date(2026, 9, 23)}, "held_on"),
        ({"held_on": date(1900, 1, 1)}, "held_on"),
        ({**HELD, "requested_on": date(2027, 1, 1)}, "requested_on"),
        ({**HELD, "purposes_met": ["LUNCH"]}, "purposes_met"),
        ({**HELD, "strengths": ["PRICE"]}, "strengths"),
        ({**HELD, "confirmed_channel": "PIGEON"}, "confirmed_channel"),
        ({**HELD, "summary": "x" * 4001}, "summary"),
        ({**HELD, "cancelled_at": NOW}, "cancelled_at"),
    ],
)
def test_bad_records_change_nothing(seller, customer, handler, deal, values, field):
    visit = plan(seller, customer, deal, with_=handler).visit
    before = counts()

    with pytest.raises(Invalid) as caught:
        record_visit(visit=visit, version=1, values=values, met=[handler], actor=seller, now=LATER)

    assert field in caught.value.fields
    assert (counts(), Visit.objects.get().held_on) == (before, None)


def test_people_of_other_companies_cannot_have_been_met(seller, customer, deal):
    visit = plan(seller, customer, deal).visit
    outsider = make_contact(make_customer(seller, "别家"))
    before = counts()

    with pytest.raises(Invalid):
        record_visit(visit=visit, version=1, values=HELD, met=[outsider], actor=seller, now=LATER)

    assert counts() == before


def test_the_state_of_a_visit_decides_what_may_be_done(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit
    with pytest.raises(VisitRecordedBefore):
        correct_visit(visit=visit, version=1, values={"summary": "x"}, actor=seller, now=NOW)
    with pytest.raises(Invalid):
        correct_visit(visit=visit, version=1, values={"planned_at": LATER}, actor=seller, now=NOW)
    record_visit(visit=visit, version=1, values=HELD, met=[handler], actor=seller, now=LATER)
    before = counts()

    with pytest.raises(VisitRecordedBefore):
        record_visit(visit=visit, version=2, values=HELD, met=[handler], actor=seller, now=LATER)
    with pytest.raises(VisitRecordedBefore):
        move_visit(visit=visit, version=2, at=LATER + timedelta(days=1), reason="x", actor=seller, now=LATER)
    with pytest.raises(StaleVersion):
        correct_visit(visit=visit, version=1, values={"summary": "x"}, actor=seller, now=LATER)

    assert counts() == before


def test_a_stranger_changes_nothing(seller, stranger, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit
    before = counts()

    with pytest.raises(NotAllowed):
        plan(stranger, customer, deal, with_=handler)
    with pytest.raises(NotAllowed):
        cancel_visit(visit=visit, version=1, reason="x", actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        record_visit(visit=visit, version=1, values=HELD, met=[], actor=stranger, now=LATER)

    assert counts() == before
    assert not Visit.objects.visible_to(stranger).exists()


def test_a_past_time_is_refused_by_its_own_code(seller, customer):
    with pytest.raises(VisitInThePast) as caught:
        plan(seller, customer, planned_at=NOW - timedelta(hours=1))

    assert caught.value.code == "visit_in_the_past"


def test_calls_and_visits_follow_merged_contacts_and_customers(seller, manager, customer, handler, deal):
    call = log(seller, handler, deal, meeting=True).call
    keeper = make_contact(customer, "周建明 (工程部)", is_handler=True)
    merge_contacts(keeper=keeper, other=handler, actor=manager, now=NOW)
    other = make_customer(seller, "苏北储能")
    merge_customers(keeper=other, other=customer, actor=manager, now=NOW)

    call.refresh_from_db()
    visit = Visit.objects.get()
    assert (call.contact, call.customer) == (keeper, other)
    assert (visit.agreed_with, visit.customer, list(visit.contacts.all())) == (keeper, other, [keeper])


def test_planned_visits_go_to_the_successor_of_who_leaves(seller, manager, customer, deal):
    planned = plan(seller, customer, deal).visit
    held = log_visit(customer=customer, opportunity=deal, values={"held_on": TODAY}, met=[], actor=seller, now=NOW)

    record(UserDeactivated(subject=Ref.of(seller), successor=Ref.of(manager)), actor=manager, at=NOW)

    planned.refresh_from_db()
    held.visit.refresh_from_db()
    assert (planned.host, held.visit.host) == (manager, seller)
    assert not Call.objects.exists()


def test_a_visit_that_is_agreed_is_named_by_its_day_in_what_to_do_next(deal, seller, handler):
    prove_stages(deal, 1, actor=seller)

    def visit_action(on):
        found = next_actions(explain(deal, on), around(deal), limit=20)
        return next((action for action in found if action.kind == "VISIT"), None)

    with translation.override("en"):
        assert visit_action(TODAY).what == "Visit the customer and log it"
        planned = plan(seller, deal.customer, deal, with_=handler)

        assert visit_action(TODAY).what == "Hold the visit agreed for Sep 22 and log it"
        assert visit_action(TODAY).url == f"/visits/{planned.visit.ref}/record/"
        assert visit_action(TODAY + timedelta(days=8)).what == "Log the visit of Sep 22"
