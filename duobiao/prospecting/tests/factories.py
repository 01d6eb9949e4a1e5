"""Plain builders of what tests of leads need."""

from datetime import datetime
from itertools import count

from django.db import transaction

from duobiao.identity.models import Unit, User
from duobiao.opportunities.tests.factories import NOW, TODAY
from duobiao.prospecting.actions.capture_lead import put_lead
from duobiao.prospecting.models import Campaign, Lead, Pool, PoolMember, WebForm

_numbers = count(1)


def make_lead(
    owner: User | None = None, *, pool: Pool | None = None, company: str = "", now: datetime = NOW, **values: object
) -> Lead:
    """Make a lead of a person, or one that lies free in a pool."""
    values = {"source": "INBOUND", **values, "company": company or f"线索公司{next(_numbers)}"}
    with transaction.atomic():
        return put_lead(values, owner=owner, pool=pool, actor=owner, now=now, captured_at=now)


def make_pool(name: str = "", *, unit: Unit | None = None, role: str = "", **fields: object) -> Pool:
    """Make a pool for a unit, for everybody without one."""
    pool = Pool.objects.create(name=name or f"Pool {next(_numbers)}", created_at=NOW, **fields)
    PoolMember.objects.create(pool=pool, unit=unit, role=role)
    return pool


def make_customer_pool(keeper: User, name: str = "", *, unit: Unit | None = None, **fields: object) -> Pool:
    """Make a pool of customers."""
    return make_pool(name, unit=unit, content="CUSTOMERS", keeper=keeper, **fields)


def make_web_form(pool: Pool, **fields: object) -> WebForm:
    """Make a form that is switched on."""
    fields = {"title": "联系我们", "is_on": True, **fields}
    return WebForm.objects.create(pool=pool, created_at=NOW, **fields)


def make_campaign(owner: User, **fields: object) -> Campaign:
    """Make a campaign of one day."""
    fields = {"way": "EXHIBITION", "starts_on": TODAY, "ends_on": TODAY, "created_at": NOW, **fields}
    fields.setdefault("name", f"Campaign {next(_numbers)}")
    return Campaign.objects.create(owner=owner, **fields)
