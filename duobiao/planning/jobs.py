"""Daily work of plans."""

from django.utils import timezone
from django_tasks import task

from duobiao.opportunities.actions.reassess import company_day
from duobiao.planning.actions.keep_dates import remind_of_dates


@task()
def remind_of_plan_dates() -> int:
    """Tell people of the milestones and reviews of account plans that are due; return how many."""
    now = timezone.now()
    return remind_of_dates(on=company_day(now), now=now)
