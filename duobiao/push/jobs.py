"""What the clock does for pushing."""

from django.utils import timezone
from django_tasks import task

from duobiao.push.actions.deliver import deliver_due
from duobiao.push.actions.forget import forget_old_deliveries
from duobiao.push.actions.route import route_new


@task()
def push_what_is_new() -> int:
    """Route new notifications and send what is due; return how many deliveries left."""
    route_new(now=timezone.now())
    return deliver_due(now=timezone.now())


@task()
def forget_what_was_sent() -> int:
    """Delete old deliveries; return how many."""
    return forget_old_deliveries(now=timezone.now())
