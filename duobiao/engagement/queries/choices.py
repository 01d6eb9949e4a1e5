"""People, slots and deals that the forms offer."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity

MOST_PEOPLE = 40
MOST_FOUND = 12
WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to call or visit: a deal, or a customer without one."""

    title: str
    detail: str
    query: str
    is_deal: bool


def contacts_of(customer: Customer, opportunity: Opportunity | None) -> list[Contact]:
    """Return the live contacts of the companies concerned, the 经手人 first."""
    companies = {customer.pk}
    if opportunity is not None:
        companies |= {opportunity.customer_id, *opportunity.participants.values_list("customer_id", flat=True)}
    rows = Contact.objects.live().filter(customer__in=companies).select_related("customer")
    found = list(rows.order_by("name", "pk")[:MOST_PEOPLE])
    return sorted(found, key=lambda row: (row.is_handler is not True, row.customer_id != customer.pk))


def deals_of(customer: Customer, user: User) -> list[Opportunity]:
    """Return the person's open deals with a customer, newest first."""
    rows = Opportunity.objects.visible_to(user).open().filter(customer=customer)
    return list(rows.order_by("-created_at", "-pk")[:MOST_FOUND])


def targets(user: User, text: str) -> list[Target]:
    """Return the person's own open deals and customers that match ``text``, the latest first."""
    deals = Opportunity.objects.visible_to(user).open().select_related("customer")
    customers = Customer.objects.visible_to(user).filter(is_placeholder=False)
    if text:
        deals = deals.filter(
            Q(name__icontains=text) | Q(customer__name__icontains=text) | Q(customer__short_name__icontains=text)
        )
        customers = customers.filter(Q(name__icontains=text) | Q(short_name__icontains=text))
    else:
        deals, customers = deals.filter(owner=user), customers.filter(owner=user)
    found = [
        Target(deal.name, deal.customer.label, f"opportunity={deal.ref}", is_deal=True)
        for deal in deals.order_by("-created_at", "-pk")[:MOST_FOUND]
    ]
    return [
        *found,
        *(
            Target(row.name, row.industry, f"customer={row.ref}", is_deal=False)
            for row in customers.order_by("-touched_at", "-pk")[:MOST_FOUND]
        ),
    ]


def meeting_slots(now: datetime, zone: str) -> list[datetime]:
    """Return three moments that suit most people: the next two working days, and a week ahead."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first = _workday(today + timedelta(days=1))
    second = _workday(first + timedelta(days=1))
    third = _workday(today + timedelta(days=7))
    hours = ((first, 10), (second, 14), (third, 10))
    return [datetime.combine(day, time(hour), ZoneInfo(zone)) for day, hour in hours]


def colleagues_of(opportunity: Opportunity | None, user: User) -> list[User]:
    """Return colleagues who may come along: the deal's team first, then the own unit."""
    people = User.objects.active().exclude(pk=user.pk)
    mine = Q(unit=user.unit_id) if user.unit_id else Q(pk__in=[])
    if opportunity is not None:
        mine |= Q(deal_memberships__opportunity=opportunity) | Q(pk=opportunity.owner_id)
    return list(people.filter(mine).distinct().order_by("name", "pk")[:MOST_PEOPLE])


def _workday(day: date) -> date:
    while day.weekday() >= WEEKEND:
        day += timedelta(days=1)
    return day
