"""Plain builders of what tests of calls and visits need."""

from datetime import datetime, timedelta
from typing import Any

from duobiao.customers.models import Contact, Customer
from duobiao.documents.actions.store_upload import store_upload
from duobiao.engagement.actions.log_call import Logged, log_call
from duobiao.engagement.actions.make_call_list import make_call_list
from duobiao.engagement.actions.plan_visit import Agreement, Planned, plan_visit
from duobiao.engagement.actions.record_visit import log_visit
from duobiao.engagement.actions.submit_draft import submit_draft
from duobiao.engagement.models import CallList, DraftVersion, Visit
from duobiao.engagement.queries.call_candidates import Wanted
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    make_contact,
    make_customer,
    make_deal,
    make_unit,
    make_user,
)

__all__ = [
    "GOOD_CALL",
    "MEETING_AT",
    "NOW",
    "SURVEY",
    "TODAY",
    "hold",
    "log",
    "make_contact",
    "make_customer",
    "make_deal",
    "make_list",
    "make_unit",
    "make_user",
    "plan",
    "submit",
]

MEETING_AT = NOW + timedelta(days=6, hours=4, minutes=40)
"""Tuesday the 22nd of September 2026, 14:00 in Shanghai."""

GOOD_CALL: dict[str, Any] = {
    "opened_with_consent": True,
    "problem": "峰谷策略靠人工排，上个月少赚 11 万",
    "problem_since": "半年",
    "interest": 4,
    "attitude": "POSITIVE",
}
MEETING: dict[str, Any] = {
    "meeting_at": MEETING_AT,
    "meeting_place": "1 号站集控室",
    "meeting_topic": "峰谷策略现状与改进",
}


def log(
    actor: User,
    contact: Contact,
    deal: Opportunity | None = None,
    *,
    now: datetime = NOW,
    meeting: bool = False,
    **values: Any,
) -> Logged:
    """Log a call through its action: interest 4, willing, with words; ``meeting`` agrees one."""
    given = {**GOOD_CALL, **(MEETING if meeting else {}), **values}
    return log_call(customer=contact.customer, contact=contact, opportunity=deal, values=given, actor=actor, now=now)


def plan(
    actor: User,
    customer: Customer,
    deal: Opportunity | None = None,
    *,
    with_: Contact | None = None,
    now: datetime = NOW,
    **values: Any,
) -> Planned:
    """Plan a visit through its action; ``with_`` agreed to it."""
    given = {"planned_at": MEETING_AT, "place": "1 号站集控室", "topic": "现状与改进", **values}
    agreed = Agreement(with_, "PHONE") if with_ else None
    return plan_visit(customer=customer, opportunity=deal, values=given, agreed=agreed, actor=actor, now=now)


SURVEY: dict[str, Any] = {
    "problem": "峰谷策略靠人工排",
    "impact": "上个月少赚 11 万",
    "wanted_by": "年底前",
    "budget_range": "400–480 万",
    "budget_source": "技改专项",
    "rivals": "另一家来过一次",
    "our_promises": "周五前发两家案例",
}


def hold(
    actor: User, contact: Contact, deal: Opportunity | None = None, *, now: datetime = NOW, **values: Any
) -> Visit:
    """Record a visit nobody planned, with a survey that nobody confirmed yet."""
    given = {"held_on": now.date(), "topic": "现状与改进", "place": "集控室", **SURVEY, **values}
    customer = contact.customer
    return log_visit(customer=customer, opportunity=deal, values=given, met=[contact], actor=actor, now=now).visit


def make_list(actor: User, *, owner: User | None = None, now: datetime = NOW, **wanted: Any) -> CallList:
    """Make a calling list through its action, of the customers of ``owner``."""
    filter_ = Wanted(**{"source": "CUSTOMERS", **wanted})
    return make_call_list(name="九月名单", wanted=filter_, owner=owner or actor, actor=actor, now=now).list


def submit(
    actor: User, person: Contact | None = None, deal: Opportunity | None = None, *, now: datetime = NOW, **values: Any
) -> DraftVersion:
    """Record a draft that a person received."""
    person = person or make_contact(make_customer(actor), is_handler=True)
    deal = deal or make_deal(actor, person.customer, now=now)
    file = store_upload(name="建议书.txt", chunks=["方向性建议".encode()], actor=actor, now=now)
    given = {"title": "建议书", "channel": "EMAIL", **values}
    return submit_draft(opportunity=deal, document=file, received_by=person, values=given, actor=actor, now=now)
