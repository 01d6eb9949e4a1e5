"""Nightly work of duplicates: forgetting what can no longer be undone."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from duobiao.duplicates.models import MergeMemory
from duobiao.duplicates.models.merge import UNDO_DAYS


@task()
def forget_merges() -> int:
    """Erase what merges of more than 30 days ago changed; personal data is among it."""
    until = timezone.now() - timedelta(days=UNDO_DAYS)
    count, _rows = MergeMemory.objects.filter(merge__merged_at__lte=until).delete()
    return count
