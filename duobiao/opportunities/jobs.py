"""Daily work of deals."""

from django.utils import timezone
from django_tasks import task

from duobiao.opportunities.actions.finish_task import remind_of_tasks
from duobiao.opportunities.actions.keep_thread import tell_of_cold_threads
from duobiao.opportunities.actions.look_again import look_again
from duobiao.opportunities.actions.note_suggestions import note_suggestions
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.reassess_due import reassess_due


@task()
def reassess_deals_that_are_due() -> int:
    """Judge again the deals whose evidence or waivers ran out; return how many."""
    return reassess_due(now=timezone.now())


@task()
def remind_of_tasks_due() -> int:
    """Tell people of their tasks that are due; return how many."""
    now = timezone.now()
    return remind_of_tasks(on=company_day(now), now=now)


@task()
def tell_of_threads_gone_cold() -> int:
    """Tell the keepers of contact lines that have gone cold; return how many."""
    now = timezone.now()
    return tell_of_cold_threads(on=company_day(now), now=now)


@task()
def note_what_is_suggested() -> int:
    """Note what stands at the top of each deal's list, and what became of it; return how many deals."""
    return note_suggestions(now=timezone.now())


@task()
def look_again_at_deals_given_up() -> int:
    """Tell the owners of deals that were given up that the day to look again has come; return how many."""
    return look_again(now=timezone.now())
