"""Daily work of identity."""

from django.utils import timezone
from django_tasks import task

from duobiao.identity.actions.forget_keys import forget_old_keys
from duobiao.identity.own_sessions import forget_ended_sessions


@task()
def forget_idempotency_keys() -> int:
    """Delete idempotency keys that no sender repeats any more; return how many."""
    return forget_old_keys(timezone.now())


@task()
def forget_sessions() -> int:
    """Delete sessions that are over; return how many."""
    return forget_ended_sessions(timezone.now())
