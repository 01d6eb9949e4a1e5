"""Who does not want to be called is neither planned for nor offered for dialling; who withdrew the consent is sent nothing."""

import pytest
from django.urls import reverse

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.note_objection import lift_objection, note_objection
from duobiao.customers.models import Objection
from duobiao.customers.tests.factories import token
from duobiao.customers.tests.test_pages import text
from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.engagement.actions.record_outcome import Said, record_outcome
from duobiao.engagement.actions.remind import remind_of_call_backs
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.models import Call, CallListEntry, ContactCycle
from duobiao.engagement.queries.call_lists import next_entry
from duobiao.engagement.tests.factories import (
    NOW,
    TODAY,
    log,
    make_contact,
    make_customer,
    make_deal,
    make_list,
    make_user,
)
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.open_confirmation import ConsentWithdrawn, Topic, open_confirmation
from duobiao.opportunities.models import Confirmation

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = make_user("linxiao")
    client.force_login(user)
    return user


@pytest.fixture
def wang(seller):
    return make_contact(make_customer(seller, "苏州恒睿精密"), mobile="138 1200 6601", is_handler=True)


def objects(contact, wish="CALLS"):
    seller = contact.customer.owner
    return note_objection(contact=contact, wish=wish, source="本人来电", said_on=TODAY, actor=seller, now=NOW)


def plan(contact):
    return plan_contact(contact=contact, every_days=30, actor=contact.customer.owner, now=NOW)


def test_an_objection_ends_the_contact_plan_and_refuses_a_new_one_until_it_is_lifted(seller, wang):
    plan(wang)

    objects(wang)

    assert not ContactCycle.objects.filter(ended_at=None).exists()
    with pytest.raises(Conflict):
        plan(wang)
    assert ContactCycle.objects.count() == 1
    lift_objection(contact=wang, source="邮件同意", actor=seller, now=NOW)
    assert plan(wang).ended_at is None


def test_the_call_page_offers_no_number_and_says_why_but_a_call_of_theirs_is_noted(client, seller, wang):
    make_deal(owner=seller, customer=wang.customer)
    address = f"{reverse('engagement:log_call')}?contact={wang.ref}"
    assert "tel:" in client.get(address).content.decode()

    objects(wang)

    page = client.get(address)
    assert "tel:" not in page.content.decode()
    assert "拒绝来电" in text(page)
    log(seller, wang)
    assert Call.objects.count() == 1


@pytest.fixture
def entry(seller, wang):
    return make_list(seller).entries.get()


def outcome(entry, key):
    said = Said(values={})
    return record_outcome(
        entry=entry, version=entry.version, outcome=key, said=said, actor=entry.list.owner, now=NOW
    ).logged


def erase(contact):
    boss = make_user(role=Role.ADMINISTRATOR)
    erase_contact(contact=contact, version=contact.version, ground="CONSENT", asked_on=TODAY, actor=boss, now=NOW)


@pytest.mark.parametrize("asks", [objects, erase])
def test_whose_call_was_withdrawn_leaves_the_list_all_the_same(seller, wang, entry, asks):
    call = outcome(entry, "REACHED").call
    withdraw_call(call=call, version=None, reason="按错了", actor=seller, now=NOW)

    asks(wang)

    entry.refresh_from_db()
    assert (entry.outcome, entry.settled_at) == ("SKIPPED", NOW)
    assert Call.objects.get().entry == entry


def test_withdrawing_the_call_of_who_objects_puts_nobody_back_on_the_list(seller, wang, entry):
    call = outcome(entry, "REACHED").call
    objects(wang)

    withdraw_call(call=call, version=None, reason="按错了", actor=seller, now=NOW)

    entry.refresh_from_db()
    assert (entry.outcome, entry.settled_at) == ("REACHED", NOW)


def test_who_takes_over_an_objection_by_a_merger_leaves_list_and_plan(wang, entry):
    twin = make_contact(wang.customer, "王工")
    plan(wang)
    objects(twin)

    merge_contacts(keeper=wang, other=twin, actor=make_user(role=Role.ADMINISTRATOR), now=NOW)

    assert Objection.objects.get().contact == wang
    assert not CallListEntry.objects.exists()
    assert not ContactCycle.objects.filter(ended_at=None).exists()


def test_an_entry_of_who_objects_is_offered_to_nobody_and_shows_no_number(client, api, seller, wang, entry):
    address = reverse("engagement:work_list", args=[entry.list.ref])
    assert "tel:" in client.get(address).content.decode()
    Objection.objects.create(
        contact=wang, wish="CALLS", source="本人来电", said_on=TODAY, noted_at=NOW, noted_by=seller
    )

    assert next_entry(entry.list, seller, now=NOW) is None
    assert "tel:" not in client.get(f"{address}?entry={entry.ref}").content.decode()
    assert "138 1200 6601" not in client.get(reverse("engagement:call_list", args=[entry.list.ref])).content.decode()
    assert api(token(seller)).get(f"/call-lists/{entry.list.ref}/entries").json()["items"][0]["phone"] == ""
    CallListEntry.objects.update(call_back_at=NOW)
    assert remind_of_call_backs(now=NOW) == 0


def test_who_withdrew_the_consent_is_sent_no_link(seller, wang):
    deal = make_deal(owner=seller, customer=wang.customer)
    logged = log(seller, wang, deal)
    objects(wang, "CONSENT")
    topic = Topic(source=Ref.of(logged.call), opportunity=deal, customer=wang.customer, contact=wang, snapshot={})

    with pytest.raises(ConsentWithdrawn):
        open_confirmation(topic=topic, days=7, actor=seller, now=NOW)
    assert not Confirmation.objects.exists()
