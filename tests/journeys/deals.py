"""Deals as a journey needs them before it begins, made through the actions at the present hour."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from duobiao.customers.models import Contact, Customer
from duobiao.customers.tests import factories as customers
from duobiao.engagement.actions.log_call import Logged
from duobiao.engagement.tests.factories import log
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_deal, prove_stages


def a_customer(owner: User, name: str = "恒瑞精密制造有限公司", **values: Any) -> Customer:
    """Enter a customer."""
    return customers.customer(owner, name, **values)


def a_handler(customer: Customer, name: str = "王海涛") -> Contact:
    """Enter the person at the customer who handles the matter."""
    return customers.contact(customer, name, is_handler=True, position="设备部部长")


def a_deal(
    owner: User, customer: Customer | None = None, *, name: str = "恒瑞二期 MES 与产线集成", **fields: Any
) -> Opportunity:
    """Open a deal now, or at ``now``."""
    fields.setdefault("now", timezone.now())
    return make_deal(owner, customer or a_customer(owner), name=name, **fields)


def proved(deal: Opportunity, *stages: int, actor: User, days_ago: int = 0, skip: tuple[str, ...] = ()) -> None:
    """Prove whole stages of a direct purchase, on a day in the past."""
    then = timezone.now() - timedelta(days=days_ago)
    prove_stages(deal, *stages, actor=actor, now=then, on=timezone.localdate(then), skip=skip)


def a_call(actor: User, contact: Contact, deal: Opportunity, **values: Any) -> Logged:
    """Log a call of this morning that agreed a meeting two days from now, in the handler's words."""
    now = timezone.now()
    values.setdefault("meeting_at", now + timedelta(days=2))
    return log(actor, contact, deal, now=now, meeting=True, **values)


def wan(amount: int) -> Money:
    """Return an amount given in 10,000 yuan."""
    return Money.of(amount * 10_000)


def ago(days: int) -> datetime:
    """Return this hour some days ago."""
    return timezone.now() - timedelta(days=days)


def stored(ref: str) -> Opportunity:
    """Return a deal that was opened in the browser."""
    return Opportunity.objects.get(ref=ref)
