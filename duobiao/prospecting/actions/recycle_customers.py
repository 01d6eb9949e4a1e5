"""The daily job: customers of pools nobody works on come back; their holders are warned before."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.events import CustomerHandedOver, CustomersMerged
from duobiao.customers.models import Customer
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.prospecting.actions.pool_customers import hold_anew, lock_entry, release, words_of_entry
from duobiao.prospecting.domain.recycling import Due
from duobiao.prospecting.models import ClaimEnd, Content, CustomerClaim, Pool, PooledCustomer
from duobiao.prospecting.queries.pooled import busy_customers, last_worked
from duobiao.prospecting.work_events import CustomerNear
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record


def recycle_customers(*, on: date, now: datetime) -> tuple[int, int]:
    """Warn of customers that come back soon, take back those that are due; return how many of each.

    One with a tender, a deal that runs, a contract or a hold stays, however long nobody worked on it.
    """
    warned = recycled = 0
    zone = CompanySettings.load().time_zone
    for pool in Pool.objects.active().filter(content=Content.CUSTOMERS).exclude(recycle_days=None).order_by("pk"):
        held = PooledCustomer.objects.live().filter(pool=pool, holder__is_active=True).select_related("customer")
        entries = list(held.order_by("pk"))
        keys = [entry.customer_id for entry in entries]
        busy, worked = busy_customers(pool, keys, on=on), last_worked(keys)
        for entry in entries:
            if entry.customer_id not in busy:
                done = _look_at(entry, worked[entry.customer_id], zone=zone, on=on, now=now)
                warned += done is Due.WARN
                recycled += done is Due.RECYCLE
    return warned, recycled


@transaction.atomic
def _look_at(entry: PooledCustomer, worked_at: datetime, *, zone: str, on: date, now: datetime) -> Due:
    held = lock_entry(entry)
    rule, holder = held.pool.recycling, held.holder
    if rule is None or holder is None or held.customer_id in busy_customers(held.pool, [held.customer_id], on=on):
        return Due.NOTHING
    worked_on = local_day(max(worked_at, held.since_at), zone)
    warned_on = held.warned_on if held.warned_on is not None and held.warned_on > worked_on else None
    due = rule.due(worked_on, warned_on, on=on)
    if due is Due.WARN:
        PooledCustomer.objects.filter(pk=held.pk).update(warned_on=on)
        data = words_of_entry(held) | {"day": rule.recycles_on(worked_on, on).isoformat()}
        notify([holder], event=CustomerNear.name, url=f"/customers/{held.customer.ref}/", at=now, data=data)
        record(CustomerNear(subject=Ref.of(held.customer), data=data), actor=None, at=now)
    elif due is Due.RECYCLE:
        note = _("%(n)d days without work") % {"n": (on - worked_on).days}
        release(held, ClaimEnd.RECYCLED, actor=None, now=now, note=note)
    return due


def handed_over(event: CustomerHandedOver, actor: User | None, at: datetime) -> None:
    """Let who got a customer hold it in its pool; the keeper lets it lie free."""
    del actor
    rows = PooledCustomer.objects.select_related("pool", "customer", "holder")
    entry = rows.filter(customer__ref=event.subject.ref).first()
    if entry is None:
        return
    to = User.objects.get(ref=event.after.ref)
    free = to.pk == entry.pool.keeper_id
    if (free and entry.holder_id is None) or entry.holder_id == to.pk:
        return
    hold_anew(entry, None if free else to, now=at)


def customers_merged(event: CustomersMerged, actor: User | None, at: datetime) -> None:
    """Keep one place in a pool for two customers that became one: that of the one that was kept, where it has one."""
    del actor
    kept = Customer.objects.get(ref=event.subject.ref)
    other = Customer.objects.get(ref=event.merged.ref)
    entry = PooledCustomer.objects.filter(customer=other).first()
    if entry is not None and not PooledCustomer.objects.filter(customer=kept).exists():
        entry.customer = kept
        entry.holder = None if entry.holder is None and kept.owner_id == entry.pool.keeper_id else kept.owner
        entry.save(update_fields=["customer", "holder"])
        CustomerClaim.objects.filter(customer=other, ended_at=None).update(customer=kept, user=kept.owner)
    elif entry is not None:
        CustomerClaim.objects.filter(customer=other, ended_at=None).update(ended_at=at, ended_as=ClaimEnd.ASSIGNED)
        entry.delete()
