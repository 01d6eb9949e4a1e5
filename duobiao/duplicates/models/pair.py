"""Two records that may be the same one, and the keys that bring likely ones together."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref


def pair_ref() -> str:
    """Make the reference of a pair."""
    return new_ref("DP")


class PairState(models.TextChoices):
    """What became of a pair."""

    OPEN = "OPEN", pgettext_lazy("duplicates", "to be looked at")
    DISMISSED = "DISMISSED", pgettext_lazy("duplicates", "not duplicates")
    MERGED = "MERGED", pgettext_lazy("duplicates", "merged")


class SignKey(models.Model):
    """One key of a record: records of a kind that share a key are compared."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    ref = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "ref"], name="duplicates_signkey_once"),
            models.CheckConstraint(condition=~Q(key=""), name="duplicates_signkey_says_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "ref"], name="duplicates_signkey_of")]

    def __str__(self) -> str:
        return f"{self.key} of {self.ref}"


class Pair(models.Model):
    """Two records of one kind that were proposed as one; a pair that was dismissed is not proposed again.

    Attributes:
        first, second: References of the records, the smaller one first.
        score: 0 to 1000, thousandths.
        reasons: Codes of what they have in common, strongest first.
    """

    kind = "duplicate_pair"

    ref = models.CharField(max_length=16, unique=True, default=pair_ref)
    record_kind = models.CharField(max_length=40)
    first = models.CharField(max_length=40)
    second = models.CharField(max_length=40)
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=PairState.choices, default=PairState.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_kind", "first", "second"], name="duplicates_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicates_pair_in_order"),
            models.CheckConstraint(condition=Q(score__range=(0, 1000)), name="duplicates_pair_score_in_range"),
            models.CheckConstraint(
                condition=Q(state=PairState.OPEN, settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state=PairState.OPEN) & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="duplicates_pair_settled_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record_kind", "state", "-score", "id"], name="duplicates_pair_to_look_at"),
            models.Index(fields=["second"], name="duplicates_pair_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
