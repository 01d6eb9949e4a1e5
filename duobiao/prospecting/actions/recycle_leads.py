"""The daily job: leads nobody works on go back to their pools; their owners are warned before."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.models import Customer, Hold
from duobiao.identity.models import CompanySettings
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.prospecting.actions.capture_lead import lead_page
from duobiao.prospecting.actions.claim_lead import release
from duobiao.prospecting.actions.keep_lead import event_data, lock_lead
from duobiao.prospecting.domain.recycling import Due
from duobiao.prospecting.events import LeadRecycled, LeadRecyclingNear
from duobiao.prospecting.models import ClaimEnd, Lead, Pool
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record


def recycle_leads(*, on: date, now: datetime) -> tuple[int, int]:
    """Warn of leads that go back soon, and take back those that are due; return how many of each.

    A lead stays where it is while a hold lives on a customer of the same name: somebody tenders or has a contract
    there.
    """
    warned = recycled = 0
    zone = CompanySettings.load().time_zone
    for pool in Pool.objects.active().of_leads().exclude(recycle_days=None).order_by("pk"):
        leads = Lead.objects.open().filter(pool=pool).exclude(owner=None).exclude(owner__is_active=False)
        held_names = names_held(leads.values("normal_name"), on=on)
        for lead in leads.order_by("pk").iterator(chunk_size=200):
            if lead.normal_name in held_names:
                continue
            done = _look_at(lead, pool, zone=zone, on=on, now=now)
            warned += done is Due.WARN
            recycled += done is Due.RECYCLE
    return warned, recycled


def names_held(names: QuerySet[Any, Any], *, on: date) -> set[str]:
    """Return which of these names of companies belong to customers that somebody holds on a day."""
    holds = Hold.objects.standing(on).values("customer_id")
    rows = Customer.objects.live().filter(normal_name__in=names, pk__in=holds)
    return set(rows.values_list("normal_name", flat=True))


@transaction.atomic
def _look_at(lead: Lead, pool: Pool, *, zone: str, on: date, now: datetime) -> Due:
    rule = pool.recycling
    held = lock_lead(lead)
    owner = held.owner
    if rule is None or owner is None or held.pool_id != pool.pk or not held.is_open:
        return Due.NOTHING
    touched_on = local_day(held.touched_at, zone)
    due = rule.due(touched_on, held.warned_on, on=on)
    if due is Due.WARN:
        held.warned_on = on
        held.save(update_fields=["warned_on"])
        day = rule.recycles_on(touched_on, on).isoformat()
        data = event_data(held, pool=pool.name, day=day)
        notify([owner], event=LeadRecyclingNear.name, url=lead_page(held), at=now, data=data)
        record(LeadRecyclingNear(subject=Ref.of(held), data=data), actor=None, at=now)
    elif due is Due.RECYCLE:
        release(held, ClaimEnd.RECYCLED, now=now)
        data = event_data(held, pool=pool.name, note=_("%(n)d days without work") % {"n": (on - touched_on).days})
        record(LeadRecycled(subject=Ref.of(held), data=data), actor=None, at=now)
        notify([owner], event=LeadRecycled.name, url="/leads/?place=pools", at=now, data=data)
    return due
