"""Who does not want to be called is neither planned for nor offered for dialling; who withdrew the consent is sent nothing."""

import pytest
from django.urls import reverse

from duobiao.customers.actions.note_objection import lift_objection, note_objection
from duobiao.customers.tests.test_pages import text
from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.engagement.models import Call, ContactCycle
from duobiao.engagement.tests.factories import NOW, TODAY, log, make_contact, make_customer, make_deal, make_user
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


def test_who_withdrew_the_consent_is_sent_no_link(seller, wang):
    deal = make_deal(owner=seller, customer=wang.customer)
    logged = log(seller, wang, deal)
    objects(wang, "CONSENT")
    topic = Topic(source=Ref.of(logged.call), opportunity=deal, customer=wang.customer, contact=wang, snapshot={})

    with pytest.raises(ConsentWithdrawn):
        open_confirmation(topic=topic, days=7, actor=seller, now=NOW)
    assert not Confirmation.objects.exists()
