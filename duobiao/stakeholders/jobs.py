"""Nightly work of decision chains."""

from django.utils import timezone
from django_tasks import task

from duobiao.stakeholders.actions.keep_figures import measure_chains as measure_all


@task()
def measure_chains() -> int:
    """Measure the chains of all open deals, as confidence fades with each day; return how many."""
    return measure_all(now=timezone.now())
