"""Look for duplicates in the background: every night, and when somebody asks for it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from duobiao.duplicates.actions.find_duplicates import find_duplicates
from duobiao.duplicates.registry import DuplicateKind, kinds
from duobiao.identity.actions.allocate_numbers import allocate_numbers
from duobiao.jobs.underway import calls_underway


@task()
def look_for_duplicates(only: str = "") -> dict[str, Any]:
    """Search every kind, or only one; returns how many pairs are new, by kind."""
    wanted = [kind for kind in kinds() if only in ("", kind.key)]
    return {kind.key: find_duplicates(kind, now=timezone.now()).proposed for kind in wanted}


@transaction.atomic
def queue_search(kind: DuplicateKind) -> bool:
    """Have one kind searched as soon as a worker is free; False where such a search waits or runs already.

    Who asks takes a number first, and so waits for whoever asks at the same moment: of two clicks one finds the
    search of the other.
    """
    allocate_numbers("duplicates.search")
    if any(call.get("only", "") in ("", kind.key) for call in calls_underway(look_for_duplicates)):
        return False
    look_for_duplicates.enqueue(only=kind.key)
    return True
