"""Daily work of gate reviews."""

from django.utils import timezone
from django_tasks import task

from duobiao.reviews.actions.follow_others import remind_overdue


@task()
def remind_of_overdue_conditions() -> int:
    """Tell people which conditions they have let run over; return how many."""
    return remind_overdue(now=timezone.now())
