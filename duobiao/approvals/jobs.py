"""What the clock does for approvals."""

from django.utils import timezone
from django_tasks import task

from duobiao.approvals.actions.keep_moving import keep_moving


@task()
def keep_requests_moving() -> int:
    """Remind, escalate, and follow absences; return how many requests moved."""
    return keep_moving(now=timezone.now())
