"""Pools: who may take how many, when leads come back, and that of two people one gets a lead."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from duobiao.customers.models import Hold
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid, NotAllowed, Refusal
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_unit, make_user
from duobiao.prospecting.actions.claim_lead import (
    AlreadyClaimed,
    ClaimLimit,
    NoPool,
    NotAMember,
    assign_lead,
    claim_lead,
    return_lead,
)
from duobiao.prospecting.actions.recycle_leads import recycle_leads
from duobiao.prospecting.actions.save_pool import create_pool, edit_pool
from duobiao.prospecting.domain.recycling import Due, Recycling
from duobiao.prospecting.models import Claim, Lead, Pool
from duobiao.prospecting.tests.factories import make_lead, make_pool
from duobiao.timeline.models import Notification


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def unit(db):
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=unit, language="en")


def after(days: int) -> dict[str, object]:
    return {"on": TODAY + timedelta(days=days), "now": NOW + timedelta(days=days)}


def test_members_by_unit_and_role_may_take_and_others_may_not(seller, unit):
    lead = make_lead(pool=make_pool(unit=unit, role="seller"))
    presales = make_user("xu", role="presales", unit=unit)
    below = make_user("below", unit=make_unit(parent=unit))

    with pytest.raises(NotAMember):
        claim_lead(lead=lead, actor=presales, now=NOW)
    with pytest.raises(NotAllowed):
        claim_lead(lead=lead, actor=make_user("tang", role="legal", unit=unit), now=NOW)
    assert claim_lead(lead=lead, actor=below, now=NOW).owner == below
    with pytest.raises(AlreadyClaimed):
        claim_lead(lead=lead, actor=seller, now=NOW)
    assert Claim.objects.get().user == below


def test_a_person_holds_and_takes_no_more_than_the_pool_allows(seller, unit):
    pool = make_pool(unit=unit, most_open=2, most_per_day=3)
    leads = [make_lead(pool=pool) for _ in range(6)]
    claim_lead(lead=leads[0], actor=seller, now=NOW)
    claim_lead(lead=leads[1], actor=seller, now=NOW)

    with pytest.raises(ClaimLimit) as held:
        claim_lead(lead=leads[2], actor=seller, now=NOW)
    return_lead(lead=leads[0], note="", actor=seller, now=NOW)
    claim_lead(lead=leads[2], actor=seller, now=NOW)
    return_lead(lead=leads[1], note="", actor=seller, now=NOW)
    with pytest.raises(ClaimLimit) as taken:
        claim_lead(lead=leads[3], actor=seller, now=NOW)

    assert (held.value.details["limit"], taken.value.details["limit"]) == ("most_open", "most_per_day")
    assert claim_lead(lead=leads[3], actor=seller, now=NOW + timedelta(days=1)).owner == seller


def test_a_lead_from_no_pool_is_assigned_to_one_before_it_lies_free(seller, manager, unit):
    lead, pool = make_lead(seller), make_pool(unit=unit)
    with pytest.raises(NoPool):
        return_lead(lead=lead, note="", actor=seller, now=NOW)
    with pytest.raises(NotAllowed):
        assign_lead(lead=lead, version=1, pool=pool, actor=seller, now=NOW)
    with pytest.raises(Invalid):
        assign_lead(lead=lead, version=1, actor=manager, now=NOW)

    free = assign_lead(lead=lead, version=1, pool=pool, actor=manager, now=NOW)
    assert free.is_free
    given = assign_lead(lead=free, version=free.version, owner=seller, actor=manager, now=NOW)

    assert (given.owner, given.pool) == (seller, pool)
    assert Notification.objects.filter(user_id=seller.pk, event="prospecting.lead_assigned").count() == 1


def test_a_lead_nobody_works_on_goes_back_after_a_warning(seller, unit):
    lead = make_lead(seller, pool=make_pool(unit=unit, recycle_days=10, warn_days=3))

    assert recycle_leads(**after(6)) == (0, 0)
    assert recycle_leads(**after(7)) == (1, 0)
    assert recycle_leads(**after(8)) == (0, 0)
    assert recycle_leads(**after(10)) == (0, 1)

    lead.refresh_from_db()
    assert lead.is_free
    assert Claim.objects.get().ended_as == "RECYCLED"
    told = Notification.objects.filter(user_id=seller.pk).values_list("event", flat=True)
    assert list(told) == ["prospecting.lead_recycling_near", "prospecting.lead_recycled"]


def test_a_lead_stays_while_its_customer_is_held_or_it_is_done(seller, unit):
    pool = make_pool(unit=unit, recycle_days=10, warn_days=0)
    lead = make_lead(seller, pool=pool, company="恒力")
    customer = make_customer(seller, "恒力")
    Hold.objects.create(customer=customer, source_kind="bid", source_ref="B", reason="在投标", created_at=NOW)
    Lead.objects.filter(pk=make_lead(seller, pool=pool).pk).update(state="DISCARDED", discard_reason="SPAM")

    assert recycle_leads(**after(30)) == (0, 0)
    Hold.objects.all().delete()
    assert recycle_leads(**after(30)) == (0, 1)
    lead.refresh_from_db()
    assert lead.is_free


def test_what_a_person_who_left_held_goes_back_to_its_pool_or_to_the_successor(seller, manager, unit):
    administrator = make_user("admin", role="administrator", unit=unit)
    pooled = make_lead(seller, pool=make_pool(unit=unit))
    own = make_lead(seller)

    with pytest.raises(Refusal) as refusal:
        deactivate_user(user=seller, version=1, actor=administrator, now=NOW)
    assert "leads" in str(refusal.value.message)
    deactivate_user(
        user=User.objects.get_queryset().get(pk=seller.pk), version=1, successor=manager, actor=administrator, now=NOW
    )

    for lead in (pooled, own):
        lead.refresh_from_db()
        assert lead.owner == manager


def test_pools_are_maintained_by_administrators_and_warn_before_they_take_back(seller):
    administrator = make_user("admin", role="administrator")
    values = {"name": "公海", "recycle_days": 5, "warn_days": 5}

    with pytest.raises(NotAllowed):
        create_pool(values=values, members=[], actor=seller, now=NOW)
    with pytest.raises(Invalid) as refusal:
        create_pool(values=values, members=[], actor=administrator, now=NOW)
    assert set(refusal.value.fields) == {"warn_days"}
    pool = create_pool(values={**values, "warn_days": 2}, members=[(None, "")], actor=administrator, now=NOW)
    with pytest.raises(Invalid, match="marked"):
        create_pool(values={"name": "公海"}, members=[], actor=administrator, now=NOW)
    held = edit_pool(
        pool=pool, version=1, values={"most_open": 20}, members=[(None, "seller")], actor=administrator, now=NOW
    )

    assert (held.most_open, held.version) == (20, 2)
    assert Pool.objects.of_member(seller).get() == pool


@given(
    days=st.integers(1, 60),
    warn=st.integers(0, 59),
    seen=st.sets(st.integers(0, 150), max_size=40),
)
def test_no_lead_is_taken_back_early_or_without_the_promised_days_after_a_warning(days, warn, seen):
    rule, begun, warned = Recycling(days, min(warn, days - 1)), date(2026, 1, 1), None
    for offset in sorted(seen):
        on = begun + timedelta(days=offset)
        due = rule.due(begun, warned, on=on)
        if due is Due.WARN:
            assert warned is None
            assert offset >= days - rule.warn_days
            warned = on
        elif due is Due.RECYCLE:
            assert offset >= days
            assert not rule.warn_days or (on - warned).days >= rule.warn_days
            break
        else:
            assert offset < days or (warned is not None and (on - warned).days < rule.warn_days)


@pytest.mark.django_db(transaction=True)
def test_of_many_people_at_once_one_gets_the_lead():
    unit = make_unit()
    lead = make_lead(pool=make_pool(unit=unit))
    people = [make_user(f"seller{n}", unit=unit) for n in range(4)]

    def take(person):
        try:
            return claim_lead(lead=lead, actor=person, now=NOW).owner_id
        except AlreadyClaimed:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as executor:
        winners = [winner for winner in executor.map(take, people) if winner is not None]

    lead.refresh_from_db()
    assert winners == [lead.owner_id]
    assert Claim.objects.count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}
