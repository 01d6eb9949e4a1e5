"""Forget what merges changed before the thirty days are over, because somebody's data must go."""

from collections.abc import Callable, Collection

from duobiao.duplicates.models import MergeMemory


def forget_merges(*, refs: Collection[str], holds: Callable[[object], bool]) -> int:
    """Erase the memory of every merge of these records, and of every other that holds what must go.

    What was merged stays merged and can no longer be undone.

    Returns:
        How many merges were forgotten.
    """
    gone = [
        memory.pk
        for memory in MergeMemory.objects.select_related("merge").iterator()
        if memory.merge.keeper in refs or memory.merge.other in refs or holds(memory.changes)
    ]
    return MergeMemory.objects.filter(pk__in=gone).delete()[0]
