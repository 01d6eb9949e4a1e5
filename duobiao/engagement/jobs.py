"""What the clock does for calls and visits."""

from django.utils import timezone
from django_tasks import task

from duobiao.engagement.actions.remind import remind_of_call_backs, remind_of_visits


@task()
def remind_of_what_is_due() -> list[int]:
    """Tell people of call-backs and visits that are due; return how many of each."""
    now = timezone.now()
    return [remind_of_call_backs(now=now), remind_of_visits(now=now)]
