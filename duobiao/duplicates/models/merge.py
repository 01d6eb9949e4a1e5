"""Merges: what went into what, and for 30 days everything it takes to part them again."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref

UNDO_DAYS: Final = 30


def merge_ref() -> str:
    """Make the reference of a merge."""
    return new_ref("DM")


class Merge(models.Model):
    """One record went into another one."""

    kind = "merge"

    ref = models.CharField(max_length=16, unique=True, default=merge_ref)
    record_kind = models.CharField(max_length=40)
    keeper = models.CharField(max_length=40)
    other = models.CharField(max_length=40)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(keeper=F("other")), name="duplicates_merge_of_two"),
            models.UniqueConstraint(
                fields=["record_kind", "other"], condition=Q(undone_at__isnull=True), name="duplicates_merge_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="duplicates_merge_undone_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record_kind", "merged_at"], name="duplicates_merge_when"),
            models.Index(fields=["keeper"], name="duplicates_merge_keeper"),
        ]

    def __str__(self) -> str:
        return f"{self.other} into {self.keeper}"

    @property
    def undo_until(self) -> datetime:
        """The moment until which it can be undone."""
        return self.merged_at + timedelta(days=UNDO_DAYS)

    def is_undoable(self, now: datetime) -> bool:
        """Say whether it still can be undone, as far as time goes."""
        return self.undone_at is None and now < self.undo_until


class MergeMemory(models.Model):
    """What a merge changed, row by row; personal data among it, so the row is erased when the time for undoing is over.

    Attributes:
        changes: As ``domain.changes.Change`` writes itself.
    """

    merge = models.OneToOneField(Merge, on_delete=models.CASCADE, related_name="memory", primary_key=True)
    changes = models.JSONField()

    def __str__(self) -> str:
        return f"memory of {self.merge_id}"
