"""Daily work of the timeline."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from duobiao.kernel.days import local_day
from duobiao.timeline.actions.anchor_day import anchor_day


@task()
def anchor_yesterday() -> str:
    """Anchor the day that ended; return its fingerprint, which is worth keeping elsewhere."""
    now = timezone.now()
    day = local_day(now, settings.TIME_ZONE) - timedelta(days=1)
    return anchor_day(day=day, now=now).digest
