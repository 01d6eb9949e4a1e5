"""What each outcome of a call from a list leads to: the call, the latent customer, whether the entry is done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from duobiao.customers.actions.check_duplicates import DuplicateCustomer
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Customer
from duobiao.engagement.actions.make_call_list import close_call_list
from duobiao.engagement.actions.record_outcome import EntrySettled, ListClosed, Said, record_outcome
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.domain.call_lists import Outcome, Progress, effect_of
from duobiao.engagement.models import Call, CallListEntry, Visit
from duobiao.engagement.queries.call_lists import next_entry, progress_of
from duobiao.engagement.queries.latent import latent_customers
from duobiao.engagement.tests.factories import (
    MEETING_AT,
    NOW,
    log,
    make_contact,
    make_customer,
    make_list,
    make_user,
)
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.prospecting.models import LeadState
from duobiao.prospecting.tests.factories import make_lead
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


def record(entry, outcome, actor, *, version=None, call_back_at=None, contact=None, now=NOW, **values):
    return record_outcome(
        entry=entry,
        version=version or entry.version,
        outcome=outcome,
        call_back_at=call_back_at,
        said=Said(values=values, contact=contact),
        actor=actor,
        now=now,
    )


def fresh(entry):
    return CallListEntry.objects.get(pk=entry.pk)


@pytest.mark.parametrize(
    ("outcome", "tries", "result", "a_class", "settles"),
    [
        ("MEETING", 1, "SPOKE", True, True),
        ("INTERESTED", 1, "SPOKE", True, True),
        ("REACHED", 1, "SPOKE", None, True),
        ("NOT_INTERESTED", 1, "SPOKE", False, True),
        ("CALL_BACK", 1, "CALL_BACK", None, False),
        ("NO_ANSWER", 2, "NO_ANSWER", None, False),
        ("NO_ANSWER", 3, "NO_ANSWER", None, True),
        ("WRONG_NUMBER", 1, "WRONG", None, True),
        ("SKIPPED", 1, "", None, True),
    ],
)
def test_what_one_key_means(outcome, tries, result, a_class, settles):
    effect = effect_of(Outcome(outcome), tries=tries)

    assert (effect.result, effect.a_class, effect.settles) == (result, a_class, settles)


def test_interest_logs_the_call_and_makes_a_latent_customer(seller, handler, customer):
    entry = make_list(seller).entries.get()

    recorded = record(entry, "INTERESTED", seller, problem="峰谷靠人工排")

    call = Call.objects.get()
    assert recorded.logged.call == call
    assert (call.result, call.interest, call.is_a_class, call.entry) == ("SPOKE", 3, True, entry)
    assert fresh(entry).settled_at == NOW
    assert list(latent_customers(seller)) == [customer]
    assert progress_of([entry.list])[entry.list_id] == Progress(1, 1, 1, 1, 0)


def test_what_was_typed_goes_before_what_the_key_says(seller, handler):
    entry = make_list(seller).entries.get()

    record(entry, "INTERESTED", seller, interest=5, is_a_class=False)

    call = Call.objects.get()
    assert (call.interest, call.is_a_class) == (5, False)


def test_the_latest_decided_call_decides_about_a_latent_customer(seller, handler, customer):
    log(seller, handler, is_a_class=True, started_at=NOW - timedelta(days=3))
    assert list(latent_customers(seller)) == [customer]
    later = log(seller, handler, is_a_class=False, started_at=NOW - timedelta(days=1)).call
    assert not latent_customers(seller).exists()
    withdraw_call(call=later, version=None, reason="记错了", actor=seller, now=NOW)
    assert list(latent_customers(seller)) == [customer]
    assert not latent_customers(make_user()).exists()


def test_a_meeting_agreed_on_the_list_is_planned(seller, handler):
    entry = make_list(seller).entries.get()

    recorded = record(entry, "MEETING", seller, meeting_at=MEETING_AT, meeting_place="集控室", meeting_topic="现状")

    assert recorded.logged.visit == Visit.objects.get()
    assert Visit.objects.get().planned_at == MEETING_AT


@pytest.mark.parametrize(
    ("outcome", "at", "field"),
    [
        ("MEETING", None, "meeting_at"),
        ("CALL_BACK", None, "call_back_at"),
        ("CALL_BACK", NOW, "call_back_at"),
        ("CALL_BACK", NOW + timedelta(days=4000), "call_back_at"),
        ("NONSENSE", None, "outcome"),
    ],
)
def test_an_outcome_without_its_day_changes_nothing(seller, handler, outcome, at, field):
    entry = make_list(seller).entries.get()

    with pytest.raises(Invalid) as refusal:
        record(entry, outcome, seller, call_back_at=at)

    assert field in refusal.value.fields
    assert fresh(entry).version == 1
    assert not Call.objects.exists()
    assert not Entry.objects.filter(event="engagement.call_logged").exists()


def test_no_answer_goes_to_the_end_and_the_third_one_ends_it(seller, handler):
    make_contact(make_customer(seller, "第二家"))
    calls = make_list(seller)
    first, second = calls.entries.order_by("number")

    record(first, "NO_ANSWER", seller)
    assert next_entry(calls, seller, now=NOW) == second
    for _attempt in range(2):
        record(fresh(first), "NO_ANSWER", seller)

    assert fresh(first).settled_at == NOW
    assert Call.objects.filter(result="NO_ANSWER").count() == 3


def test_who_asked_to_be_called_back_comes_first_once_it_is_time(seller, handler):
    make_contact(make_customer(seller, "第二家"))
    calls = make_list(seller)
    first, second = calls.entries.order_by("number")
    later = NOW + timedelta(hours=3)
    record(second, "CALL_BACK", seller, call_back_at=later)

    assert next_entry(calls, seller, now=NOW) == first
    assert next_entry(calls, seller, now=later) == second
    record(first, "WRONG_NUMBER", seller)
    assert next_entry(calls, seller, now=NOW) is None
    assert Call.objects.get(contact=first.contact).result == "WRONG"


def test_a_lead_stays_a_lead_until_it_shows_itself_a_latent_customer(seller):
    lead = make_lead(seller, company="如东海韵储能", contact_name="施磊", mobile="138 1200 7703")
    entry = make_list(seller, source="LEADS").entries.get()

    record(entry, "NO_ANSWER", seller)
    assert not Call.objects.exists()
    assert Entry.objects.filter(event="engagement.lead_called", subject_ref=lead.ref).count() == 1

    recorded = record(fresh(entry), "INTERESTED", seller, problem="辅助服务收益只拿到六成")
    lead.refresh_from_db()
    assert lead.state == LeadState.CONVERTED
    assert lead.opportunity is None
    assert (recorded.logged.call.contact.name, recorded.logged.call.is_a_class) == ("施磊", True)
    assert fresh(entry).customer == lead.customer


def test_a_lead_of_a_known_company_joins_it(seller, handler, customer):
    Customer.objects.update(normal_name=normal_name(customer.name))
    make_lead(seller, company=customer.name, contact_name="沈波")
    entry = make_list(seller, source="LEADS").entries.get()

    record(entry, "INTERESTED", seller)

    assert Customer.objects.count() == 1
    assert fresh(entry).customer == customer


@pytest.fixture
def namesake(seller):
    """A customer whose name is merely alike that of the lead, and the lead's entry."""
    other = make_customer(seller, "上海宏源机械有限公司")
    index_customers([other.pk])
    make_lead(seller, company="上海宏远机械有限公司", contact_name="施磊")
    return make_list(seller, source="LEADS").entries.get()


def test_a_lead_of_a_company_merely_alike_is_filed_under_nobody_else(seller, namesake):
    with pytest.raises(DuplicateCustomer):
        record(namesake, "INTERESTED", seller)

    assert not Call.objects.exists()
    assert (fresh(namesake).customer, fresh(namesake).lead.state, Customer.objects.count()) == (None, LeadState.NEW, 1)


def test_the_page_asks_which_company_it_is_and_keeps_what_was_typed(client, seller, namesake):
    client.force_login(seller)
    sent = {"entry": namesake.ref, "version": 1, "contact": "new", "new_name": "施磊", "outcome": "INTERESTED",
            "no_pitch": "on", "problem": "换型要停两天"}  # fmt: skip

    answer = client.post(reverse("engagement:work_list", args=[namesake.list.ref]), sent)

    page = answer.content.decode()
    assert (answer.status_code, "换型要停两天" in page, "上海宏源机械" in page) == (409, True, True)
    assert "请打开线索" in page


def test_a_lead_without_a_person_asks_for_the_name(seller):
    make_lead(seller, company="扬州水务", contact_name="")
    entry = make_list(seller, source="LEADS").entries.get()

    with pytest.raises(Invalid) as refusal:
        record(entry, "INTERESTED", seller)

    assert "new_name" in refusal.value.fields
    assert fresh(entry).version == 1


def test_what_is_done_closed_or_seen_in_an_older_state_is_refused(seller, handler, stranger):
    make_contact(make_customer(seller, "第二家"))
    calls = make_list(seller)
    first, second = calls.entries.order_by("number")
    record(first, "REACHED", seller)
    with pytest.raises(EntrySettled):
        record(fresh(first), "REACHED", seller)
    record(second, "NO_ANSWER", seller)
    with pytest.raises(StaleVersion):
        record(second, "REACHED", seller, version=1)
    with pytest.raises(NotAllowed):
        record(fresh(second), "REACHED", stranger)
    close_call_list(calls=calls, version=1, actor=seller, now=NOW)
    with pytest.raises(ListClosed):
        record(fresh(second), "REACHED", seller)
    with pytest.raises(ListClosed):
        close_call_list(calls=calls, version=2, actor=seller, now=NOW)

    assert Call.objects.count() == 2
    assert fresh(second).settled_at is None


def test_withdrawing_the_call_puts_the_entry_back(seller, handler):
    entry = make_list(seller).entries.get()
    call = record(entry, "REACHED", seller).logged.call

    withdraw_call(call=call, version=None, reason="按错了", actor=seller, now=NOW)

    assert (fresh(entry).settled_at, fresh(entry).outcome) == (None, "")
