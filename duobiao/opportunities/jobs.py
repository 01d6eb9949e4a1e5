"""Daily work of deals."""

from django.utils import timezone
from django_tasks import task

from duobiao.opportunities.actions.reassess_due import reassess_due


@task()
def reassess_deals_that_are_due() -> int:
    """Judge again the deals whose evidence or waivers ran out; return how many."""
    return reassess_due(now=timezone.now())
