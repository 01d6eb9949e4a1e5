"""Forget what merges changed before the thirty days are over, because somebody's data must go."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db.models import Q

from duobiao.duplicates.models import MergeMemory
from duobiao.identity.models import User
from duobiao.timeline.events import DetailsErased


def forget_merges(*, refs: Collection[str], holds: Callable[[str, object], bool]) -> int:
    """Erase the memory of every merge of these records, and of every other that holds what must go.

    What was merged stays merged and can no longer be undone.

    Args:
        holds: Takes the reference of the record that was kept, and what the merge changed.

    Returns:
        How many merges were forgotten.
    """
    gone = [
        memory.pk
        for memory in MergeMemory.objects.select_related("merge").iterator()
        if memory.merge.keeper in refs or memory.merge.other in refs or holds(memory.merge.keeper, memory.changes)
    ]
    return MergeMemory.objects.filter(pk__in=gone).delete()[0]


def details_erased(event: DetailsErased, actor: User, at: datetime) -> None:
    """Forget what merges of a record changed, once its details are erased."""
    del actor, at
    touched = Q(merge__keeper=event.subject.ref) | Q(merge__other=event.subject.ref)
    MergeMemory.objects.filter(touched, merge__record_kind=event.subject.kind).delete()
