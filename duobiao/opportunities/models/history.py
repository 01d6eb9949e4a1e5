"""What changed on a deal over time: its place on the tracks, its amount and dates, and people's saved views."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.choices import State
from duobiao.opportunities.models.deal import Opportunity
from duobiao.playbooks.models import PlaybookVersion


def view_ref() -> str:
    """Make the reference of a saved view."""
    return new_ref("L")


class StageChange(models.Model):
    """The place of a deal changed, forward or backward, and what caused it.

    Attributes:
        on: Day of the judgement.
        cause: Name of the event that caused it; ``cause_ref`` the record; ``day_passed`` for expiry.
        playbook: The version whose stages the numbers are of, where they are not those the deal has now; of a change
            of the playbook itself the version it left. Figures of movement leave these rows out.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="stage_changes")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    on = models.DateField()
    stage_before = models.PositiveSmallIntegerField()
    stage_after = models.PositiveSmallIntegerField()
    state_before = models.CharField(max_length=12, choices=State.choices)
    state_after = models.CharField(max_length=12, choices=State.choices)
    completed_before = models.PositiveSmallIntegerField()
    completed_after = models.PositiveSmallIntegerField()
    rate_before = models.PositiveSmallIntegerField()
    rate_after = models.PositiveSmallIntegerField()
    buyer_before = models.PositiveSmallIntegerField()
    buyer_after = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=80)
    cause_ref = models.CharField(max_length=40, blank=True)
    cause_text = models.JSONField(default=dict)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    playbook = models.ForeignKey(PlaybookVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "sequence"], name="opportunities_stage_change_sequence"),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="opportunities_stage_change_at")]

    def __str__(self) -> str:
        return f"{self.stage_before}→{self.stage_after}"

    @property
    def is_backward(self) -> bool:
        """Whether our own track fell back."""
        before, after = (self.stage_before, self.completed_before), (self.stage_after, self.completed_after)
        return after < before


class FieldChange(models.Model):
    """A plain field of a deal changed: amount, expected signature, owner, name."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="field_changes")
    field = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["opportunity", "field", "at"], name="opportunities_field_change")]

    def __str__(self) -> str:
        return f"{self.field} of {self.opportunity_id}"


class SavedView(models.Model):
    """A list of deals somebody wants back: filters, order and columns.

    Attributes:
        shared: Colleagues may pick it too; it never widens what they see.
        is_default: Its author begins with it; at most one each.
    """

    kind = "view"

    ref = models.CharField(max_length=16, unique=True, default=view_ref)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=60)
    layout = models.CharField(max_length=8, default="list")
    query: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    columns: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    shared = models.BooleanField(_("shared"), default=False)
    is_default = models.BooleanField(_("default"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="opportunities_view_name_once"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="opportunities_view_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
