"""Daily work of deals."""

from django.utils import timezone
from django_tasks import task

from duobiao.opportunities.actions.look_again import look_again
from duobiao.opportunities.actions.reassess_due import reassess_due


@task()
def reassess_deals_that_are_due() -> int:
    """Judge again the deals whose evidence or waivers ran out; return how many."""
    return reassess_due(now=timezone.now())


@task()
def look_again_at_deals_given_up() -> int:
    """Tell the owners of deals that were given up that the day to look again has come; return how many."""
    return look_again(now=timezone.now())
