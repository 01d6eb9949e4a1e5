"""Conditions of a review: what was decided that somebody has to do by a day; in force, a task of the deal."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import DealTask
from duobiao.reviews.models.review import GateReview


def condition_ref() -> str:
    """Make the reference of a condition."""
    return new_ref("F")


class ConditionQuerySet(models.QuerySet["Condition"]):
    """Conditions of reviews."""

    def open(self) -> "ConditionQuerySet":
        """Keep those in force whose task is neither done nor dropped."""
        return self.filter(task__isnull=False, task__done_at=None)


class Condition(models.Model):
    """One condition as it was decided.

    Attributes:
        task: What became of it once the decision was in force; whether it is kept is read there.
    """

    kind = "review_condition"

    ref = models.CharField(max_length=16, unique=True, default=condition_ref)
    review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("what has to be done"), max_length=200)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_on = models.DateField(_("due on"))
    task = models.OneToOneField(DealTask, null=True, on_delete=models.RESTRICT, related_name="condition")

    objects = ConditionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "number"], name="reviews_condition_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="reviews_condition_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"
