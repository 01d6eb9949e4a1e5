"""Judge all risk signals in a worker: each new day, and after figures of a rule were changed."""

from django.utils import timezone
from django_tasks import task

from duobiao.opportunities.actions.judge_signals import judge_all


@task()
def judge_signals_of_all() -> int:
    """Judge the risk signals of all open deals; return how many deals."""
    return judge_all(now=timezone.now())
