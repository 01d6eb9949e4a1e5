"""Keep the queue small: finished jobs and started slots are forgotten after a while."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from duobiao.jobs.models import ScheduleRun

KEEP_FINISHED_DAYS = 14
KEEP_SLOTS_DAYS = 60


@task()
def prune() -> dict[str, int]:
    """Delete old results of finished jobs and old slots; return how many of each."""
    now = timezone.now()
    finished, _ = (
        DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=KEEP_FINISHED_DAYS)).delete()
    )
    slots, _ = ScheduleRun.objects.filter(slot__lt=now - timedelta(days=KEEP_SLOTS_DAYS)).delete()
    return {"finished": finished, "slots": slots}
