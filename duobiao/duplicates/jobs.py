"""Background work of duplicates: the nightly search, and forgetting what can no longer be undone."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task

from duobiao.duplicates.actions.find_duplicates import find_duplicates
from duobiao.duplicates.models import MergeMemory
from duobiao.duplicates.models.merge import UNDO_DAYS
from duobiao.duplicates.registry import kinds


@task()
def look_for_duplicates(only: str = "") -> dict[str, Any]:
    """Search every kind, or only one; returns how many pairs are new, by kind."""
    wanted = [kind for kind in kinds() if only in ("", kind.key)]
    return {kind.key: find_duplicates(kind, now=timezone.now()).proposed for kind in wanted}


@task()
def forget_merges() -> int:
    """Erase what merges of more than 30 days ago changed; personal data is among it."""
    until = timezone.now() - timedelta(days=UNDO_DAYS)
    count, _rows = MergeMemory.objects.filter(merge__merged_at__lte=until).delete()
    return count
