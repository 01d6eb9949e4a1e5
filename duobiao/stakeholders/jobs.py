"""Nightly work of decision chains."""

from django.utils import timezone
from django_tasks import task

from duobiao.stakeholders.actions.follow_chains import follow_all


@task()
def measure_chains() -> int:
    """Measure the chains of all open deals, as confidence fades with each day, and let the ledger follow; return how many."""
    return follow_all(now=timezone.now())
