"""Conditions of a review: what somebody has to do by a day; a promise until it is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.reviews.models.review import GateReview, ReviewState


def condition_ref() -> str:
    """Make the reference of a condition."""
    return new_ref("F")


class ConditionQuerySet(models.QuerySet["Condition"]):
    """Conditions of reviews."""

    def in_force(self) -> "ConditionQuerySet":
        """Keep those of decided reviews that no correction has replaced."""
        return self.filter(review__state=ReviewState.DECIDED, dropped_at=None)

    def open(self) -> "ConditionQuerySet":
        """Keep those in force that are not done."""
        return self.in_force().filter(done_at=None)


class Condition(models.Model):
    """One condition.

    Attributes:
        reminded_at: When its owner was told that it is overdue.
        dropped_at: When a correcting review took it away, or the deal ended without it.
    """

    kind = "review_condition"

    ref = models.CharField(max_length=16, unique=True, default=condition_ref)
    review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("what has to be done"), max_length=500)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    dropped_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "number"], name="reviews_condition_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="reviews_condition_says_what"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_on__isnull=True)
                | Q(done_at__isnull=False, done_on__isnull=False),
                name="reviews_condition_done_on_a_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "done_at", "due_on"], name="reviews_condition_of_owner")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"
