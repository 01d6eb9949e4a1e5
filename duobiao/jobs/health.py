"""How the queue is doing."""

from datetime import datetime, timedelta

from django.db.models import Q
from django_tasks_db.models import DBTaskResult, get_date_max

WAIT = timedelta(minutes=10)
RECENT = timedelta(days=1)


def complaints(*, now: datetime) -> list[tuple[str, str]]:
    """Return what is wrong with the queue, each with its remedy; empty when all is well."""
    found = []
    at_once = Q(run_after=get_date_max(), enqueued_at__lt=now - WAIT)
    late = DBTaskResult.objects.ready().filter(at_once | Q(run_after__lt=now - WAIT)).count()
    if late:
        found.append((f"{late} jobs have waited for more than ten minutes", "run: duobiao worker"))
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=now - RECENT)
    for path in sorted(set(failed.order_by().values_list("task_path", flat=True))):
        number = failed.filter(task_path=path).count()
        found.append((f"{path} failed {number} times since yesterday", "read the worker's log"))
    return found
