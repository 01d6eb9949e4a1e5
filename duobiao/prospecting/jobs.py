"""Daily work of leads."""

from django.utils import timezone
from django_tasks import task

from duobiao.opportunities.actions.reassess import company_day
from duobiao.prospecting.actions.follow_up import remind_of_follow_ups
from duobiao.prospecting.actions.recycle_customers import recycle_customers
from duobiao.prospecting.actions.recycle_leads import recycle_leads
from duobiao.prospecting.actions.register_project import let_expire
from duobiao.prospecting.actions.watch_manufacturers import watch_manufacturers


@task()
def take_leads_back() -> list[int]:
    """Warn of leads that go back to their pools soon, take back those that are due; return how many of each."""
    now = timezone.now()
    return list(recycle_leads(on=company_day(now), now=now))


@task()
def take_customers_back() -> list[int]:
    """Warn of customers that go back to their pools soon, take back those that are due; return how many of each."""
    now = timezone.now()
    return list(recycle_customers(on=company_day(now), now=now))


@task()
def remind_of_next_steps() -> int:
    """Tell people of their next steps on leads that are due; return how many."""
    now = timezone.now()
    return remind_of_follow_ups(on=company_day(now), now=now)


@task()
def let_registrations_expire() -> list[int]:
    """Warn of registrations that end soon, end those past their last day; return how many of each."""
    now = timezone.now()
    return list(let_expire(on=company_day(now), now=now))


@task()
def look_at_manufacturers() -> list[int]:
    """Warn of protections and letters of manufacturers that end soon, end what is over; return how many of each."""
    now = timezone.now()
    return list(watch_manufacturers(on=company_day(now), now=now))
