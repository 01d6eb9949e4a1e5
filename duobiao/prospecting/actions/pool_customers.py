"""Customers in pools: put in, taken, given back, kept for a while, taken out; the customer itself changes owner only."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.handover_customer import give_customer
from duobiao.customers.actions.hold_customer import hold_customer, lift_holds
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound
from duobiao.opportunities.actions.reassess import company_day
from duobiao.prospecting.actions.claim_lead import AlreadyClaimed, NotAMember, check_limits, is_open_to
from duobiao.prospecting.models import ClaimEnd, Content, CustomerClaim, Pool, PooledCustomer
from duobiao.prospecting.queries.pooled import busy_customers
from duobiao.prospecting.work_events import (
    CustomerClaimed,
    CustomerKept,
    CustomerPooled,
    CustomerReleased,
    CustomerUnpooled,
)
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

TWO_DAYS: Final = timedelta(days=2)
LONGEST_KEEP: Final = timedelta(days=730)
LONGEST_NOTE: Final = 200


class CustomerBusy(Conflict):
    """A tender, a deal that runs, a contract or a hold keeps the customer where it is."""

    code = "customer_busy"


class PooledTwice(Conflict):
    """The customer belongs to a pool already."""

    code = "pooled_twice"


@transaction.atomic
def put_customer(*, customer: Customer, pool: Pool, free: bool, actor: User, now: datetime) -> PooledCustomer:
    """Let a customer belong to a pool.

    Args:
        free: It lies free at once, for members to take; else its owner holds it, and it comes back without work.

    Raises:
        NotAllowed: the actor may not assign this customer.
        PooledTwice: it belongs to a pool.
        CustomerBusy: it should lie free, but a tender, a deal or a contract lives.
        Invalid: the pool is not one of customers, or not open to the actor.
    """
    held = lock_customer(customer)
    require(actor, "prospecting.assign", held)
    found = Pool.objects.active().visible_to(actor).filter(pk=pool.pk, content=Content.CUSTOMERS)
    kept_by = found.select_related("keeper").first()
    if kept_by is None:
        message = _("This pool is not open to you.")
        raise Invalid(message, fields={"pool": message})
    known = PooledCustomer.objects.select_related("pool").filter(customer=held).first()
    if known is not None:
        raise PooledTwice(_("This customer belongs to the pool “%(name)s” already.") % {"name": known.pool.name})
    entry = PooledCustomer(customer=held, pool=kept_by, since_at=now, holder=None if free else held.owner)
    if free:
        _require_idle(entry, actor, now=now)
    entry.save(force_insert=True)
    if free:
        _to_keeper(entry, actor=actor, now=now)
    else:
        _begin(entry, held.owner, taken=False, now=now)
    _record(CustomerPooled, entry, actor=actor, now=now)
    return entry


@transaction.atomic
def claim_customer(*, entry: PooledCustomer, actor: User, now: datetime) -> PooledCustomer:
    """Take a free customer; of two people at once one gets it. The actor owns it from then on.

    Raises:
        NotAllowed: the actor may not take from pools.
        NotAMember: the pool is not open to them, or is out of use.
        AlreadyClaimed: somebody has it.
        ClaimLimit: the actor has as many of this pool as one person may.
    """
    require(actor, "prospecting.claim")
    pool = Pool.objects.select_for_update().get(pk=entry.pool_id)
    held = lock_entry(entry)
    if held.holder_id is not None:
        raise AlreadyClaimed(_("Somebody has this customer already."))
    if held.pool_id != pool.pk or not is_open_to(pool, actor):
        raise NotAMember(_("This pool is not open to you. Ask an administrator to make you a member."))
    mine = CustomerClaim.objects.filter(pool=pool, user=actor)
    recent = mine.filter(taken=True, began_at__gt=now - TWO_DAYS).values_list("began_at", flat=True)
    check_limits(pool, holds=mine.filter(ended_at=None).count(), began=recent, now=now)
    _begin(held, actor, taken=True, now=now)
    _give(held.customer, actor, actor=actor, now=now)
    _record(CustomerClaimed, held, actor=actor, now=now)
    return held


@transaction.atomic
def return_customer(*, entry: PooledCustomer, note: str, actor: User, now: datetime) -> PooledCustomer:
    """Let a held customer lie free again.

    Raises:
        NotAllowed: the actor may not change this customer.
        CustomerBusy: a tender, a deal or a contract lives.
    """
    held = lock_entry(entry)
    require(actor, "customers.edit", held.customer)
    if held.holder_id is None:
        return held
    _require_idle(held, actor, now=now)
    release(held, ClaimEnd.RETURNED, actor=actor, now=now, note=note.replace("\x00", "").strip()[:LONGEST_NOTE])
    return held


@transaction.atomic
def keep_customer(
    *, entry: PooledCustomer, until: date | None, reason: str, actor: User, now: datetime
) -> PooledCustomer:
    """Keep a customer with its holder until a day, whatever the rule says; None takes that back.

    For a tender or a contract that is not in here: a framework agreement, a project of another company of the group.

    Raises:
        NotAllowed: the actor may not assign this customer.
        Invalid: the day has passed or lies more than two years ahead, or the reason is missing.
    """
    held = lock_entry(entry)
    require(actor, "prospecting.assign", held.customer)
    source = Ref(PooledCustomer.kind, held.ref)
    if until is None:
        lift_holds(source=source)
        _record(CustomerKept, held, actor=actor, now=now)
        return held
    today, said = company_day(now), reason.replace("\x00", "").strip()
    faults: dict[str, object] = {}
    if not today <= until <= today + LONGEST_KEEP:
        faults["until"] = _("Give a day from today on, at most two years ahead.")
    if not 1 <= len(said) <= LONGEST_NOTE:
        faults["reason"] = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_NOTE}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    hold_customer(customer=held.customer, source=source, reason=said, now=now, until=until)
    _record(CustomerKept, held, actor=actor, now=now, until=until.isoformat(), note=said)
    return held


@transaction.atomic
def take_customer_out(*, entry: PooledCustomer, actor: User, now: datetime) -> None:
    """Let a customer belong to no pool any more; who owns it keeps it.

    Raises:
        NotAllowed: the actor may not assign this customer.
    """
    held = lock_entry(entry)
    require(actor, "prospecting.assign", held.customer)
    _end(held, ClaimEnd.ASSIGNED, now=now)
    lift_holds(source=Ref(PooledCustomer.kind, held.ref))
    _record(CustomerUnpooled, held, actor=actor, now=now)
    held.delete()


def release(entry: PooledCustomer, how: ClaimEnd, *, actor: User | None, now: datetime, note: str = "") -> None:
    """Let a locked customer lie free: its holder is told, the keeper owns it, everything about it stays."""
    before = entry.holder
    _end(entry, how, now=now)
    entry.holder, entry.since_at, entry.warned_on = None, now, None
    entry.save(update_fields=["holder", "since_at", "warned_on"])
    _to_keeper(entry, actor=actor, now=now)
    _record(CustomerReleased, entry, actor=actor, now=now, note=note)
    if before is not None and before != actor and before.is_active:
        data = words_of_entry(entry) | {"note": note}
        notify([before], event=CustomerReleased.name, url=pool_page(entry.pool), at=now, data=data)


def lock_entry(entry: PooledCustomer) -> PooledCustomer:
    """Return a customer of a pool as it is stored now; the customer is locked first.

    Raises:
        NotFound: it was taken out of its pool.
    """
    customer = lock_customer(entry.customer)
    rows = PooledCustomer.objects.select_for_update(of=("self",)).select_related("pool__keeper", "holder")
    held = rows.filter(pk=entry.pk).first()
    if held is None:
        raise NotFound(_("This customer belongs to no pool any more."))
    held.customer = customer
    return held


def hold_anew(entry: PooledCustomer, user: User | None, *, now: datetime) -> None:
    """Note that a locked customer came to another person by a hand-over; None: to the keeper, so that it lies free."""
    _end(entry, ClaimEnd.ASSIGNED, now=now)
    if user is not None:
        _begin(entry, user, taken=False, now=now)
    else:
        entry.holder, entry.since_at, entry.warned_on = None, now, None
        entry.save(update_fields=["holder", "since_at", "warned_on"])


def pool_page(pool: Pool) -> str:
    """Return the page of a pool of customers."""
    return f"/pools/{pool.ref}/customers/"


def words_of_entry(entry: PooledCustomer) -> dict[str, Any]:
    """Return what events about a customer in a pool keep."""
    return {"customer": entry.customer.label, "pool": entry.pool.name}


def _require_idle(entry: PooledCustomer, actor: User, *, now: datetime) -> None:
    busy = busy_customers(entry.pool, [entry.customer_id], on=company_day(now), reader=actor)
    why = busy.get(entry.customer_id)
    if why:
        message = _("This customer stays with its owner: %(why)s.") % {"why": why}
        raise CustomerBusy(message, details={"why": why})


def _begin(entry: PooledCustomer, user: User, *, taken: bool, now: datetime) -> None:
    CustomerClaim.objects.create(customer=entry.customer, pool=entry.pool, user=user, began_at=now, taken=taken)
    entry.holder, entry.since_at, entry.warned_on = user, now, None
    entry.save(update_fields=["holder", "since_at", "warned_on"])


def _end(entry: PooledCustomer, how: ClaimEnd, *, now: datetime) -> None:
    CustomerClaim.objects.filter(customer=entry.customer, ended_at=None).update(ended_at=now, ended_as=how)


def _to_keeper(entry: PooledCustomer, *, actor: User | None, now: datetime) -> None:
    if entry.pool.keeper is not None and entry.customer.owner_id != entry.pool.keeper_id:
        _give(entry.customer, entry.pool.keeper, actor=actor, now=now)


def _give(customer: Customer, to: User, *, actor: User | None, now: datetime) -> None:
    give_customer(customer, to, actor=actor, now=now)
    index_customers([customer.pk])


def _record(event: Any, entry: PooledCustomer, *, actor: User | None, now: datetime, **more: Any) -> None:
    data = words_of_entry(entry) | {name: value for name, value in more.items() if value}
    record(event(subject=Ref.of(entry.customer), data=data), actor=actor, at=now)
