"""Daily work of customers."""

from django.utils import timezone
from django_tasks import task

from duobiao.customers.actions.solve_issues import escalate_issues
from duobiao.customers.actions.watch_admissions import watch_admissions
from duobiao.identity.models import CompanySettings
from duobiao.kernel.days import local_day


@task()
def escalate_late_issues() -> int:
    """Tell superiors of issues that are late; return how many."""
    now = timezone.now()
    return escalate_issues(on=local_day(now, CompanySettings.load().time_zone), now=now)


@task()
def look_at_admissions() -> list[int]:
    """Tell of supplier admissions that end soon, end those past their last day; return how many of each."""
    now = timezone.now()
    return list(watch_admissions(on=local_day(now, CompanySettings.load().time_zone), now=now))
