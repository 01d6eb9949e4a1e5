"""Daily work of customers."""

from django.utils import timezone
from django_tasks import task

from duobiao.customers.actions.solve_issues import escalate_issues
from duobiao.identity.models import CompanySettings
from duobiao.kernel.days import local_day


@task()
def escalate_late_issues() -> int:
    """Tell superiors of issues that are late; return how many."""
    now = timezone.now()
    return escalate_issues(on=local_day(now, CompanySettings.load().time_zone), now=now)
