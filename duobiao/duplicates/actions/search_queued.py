"""Look for duplicates in the background: every night, and when somebody asks for it."""

from typing import Any

from django.utils import timezone
from django_tasks import task

from duobiao.duplicates.actions.find_duplicates import find_duplicates
from duobiao.duplicates.registry import kinds


@task()
def look_for_duplicates(only: str = "") -> dict[str, Any]:
    """Search every kind, or only one; returns how many pairs are new, by kind."""
    wanted = [kind for kind in kinds() if only in ("", kind.key)]
    return {kind.key: find_duplicates(kind, now=timezone.now()).proposed for kind in wanted}
