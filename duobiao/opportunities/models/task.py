"""Tasks of a deal: what somebody promised to do, by when, and where the promise was made."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.deal import Opportunity


def task_ref() -> str:
    """Make the reference of a task."""
    return new_ref("J")


class DealTask(models.Model):
    """One thing somebody is to do for a deal; the conditions of a gate and the decisions of a meeting are such tasks.

    Attributes:
        source_kind: Kind of the record it came from (a review meeting, a gate review), "" where it was put by hand;
            ``source_ref`` its reference.
        done_at: When it was finished or dropped.
        dropped: It is no longer needed; ``result`` says why.
        reminded_on: Day on which its owner was reminded.
    """

    kind = "task"

    ref = models.CharField(max_length=16, unique=True, default=task_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(_("what is to be done"), max_length=200)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deal_tasks", verbose_name=_("who does it"))
    due_on = models.DateField(_("due on"))
    source_kind = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    dropped = models.BooleanField(default=False)
    result = models.CharField(_("result"), max_length=500, blank=True)
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="opportunities_task_says_what"),
            models.CheckConstraint(
                condition=Q(dropped=False) | (Q(done_at__isnull=False) & ~Q(result="")),
                name="opportunities_task_dropped_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "done_at", "due_on"], name="opportunities_task_deal"),
            models.Index(fields=["owner", "done_at", "due_on"], name="opportunities_task_owner"),
            models.Index(fields=["source_ref"], name="opportunities_task_source"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None
