"""The review of a give-up (放弃评审): why, what was proposed and tried, what would change our mind, who agreed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.choices import CloseReason
from duobiao.opportunities.models.deal import Opportunity

LONG = 1000


def give_up_ref() -> str:
    """Make the reference of the review of a give-up."""
    return new_ref("H")


class GiveUpState(models.TextChoices):
    """What became of the wish to give a deal up."""

    PENDING = "PENDING", pgettext_lazy("give-up", "waits for a decision")
    APPROVED = "APPROVED", pgettext_lazy("give-up", "agreed")
    REFUSED = "REFUSED", pgettext_lazy("give-up", "refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("give-up", "taken back")


class Fate(models.TextChoices):
    """What became of something that was proposed to catch up with the buyer."""

    DONE = "DONE", pgettext_lazy("proposal", "done")
    WAIVED = "WAIVED", pgettext_lazy("proposal", "waived")
    TRIED = "TRIED", pgettext_lazy("proposal", "tried without success")
    DECLINED = "DECLINED", pgettext_lazy("proposal", "the customer declined")
    NOT_TRIED = "NOT_TRIED", pgettext_lazy("proposal", "not tried")


class GiveUpReview(models.Model):
    """Somebody wants a deal given up.

    Attributes:
        proposals: What the program proposed to catch up, with what became of each: ``item``, ``stage``, ``title`` by
            language, ``fate``, ``on``.
        change_mind: What would let us take the project up again; looked at on ``look_again_on``.
        stage_number, buyer_stage, lag: Where both tracks stood.
        note: What the approver said.
        reminded_at: When the owner was told to look again.
    """

    kind = "give_up"

    ref = models.CharField(max_length=16, unique=True, default=give_up_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="give_ups")
    state = models.CharField(max_length=10, choices=GiveUpState.choices, default=GiveUpState.PENDING)
    reason = models.CharField(_("reason"), max_length=24, choices=CloseReason.choices)
    alternatives = models.TextField(_("alternatives tried"), max_length=LONG, blank=True)
    proposals: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    change_mind = models.TextField(_("what would change our mind"), max_length=LONG, blank=True)
    look_again_on = models.DateField(_("look again on"), null=True)
    lessons = models.TextField(_("lessons"), max_length=LONG, blank=True)
    stage_number = models.PositiveSmallIntegerField()
    buyer_stage = models.PositiveSmallIntegerField()
    lag = models.SmallIntegerField(null=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(max_length=LONG, blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity"], condition=Q(state=GiveUpState.PENDING), name="opportunities_give_up_one_pending"
            ),
            models.CheckConstraint(condition=Q(state__in=GiveUpState.values), name="opportunities_give_up_state_known"),
            models.CheckConstraint(
                condition=Q(state=GiveUpState.PENDING, decided_at__isnull=True)
                | (~Q(state=GiveUpState.PENDING) & Q(decided_at__isnull=False)),
                name="opportunities_give_up_decided_at_a_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "asked_at"], name="opportunities_give_up_of_deal"),
            models.Index(fields=["state", "look_again_on"], name="opportunities_give_up_look"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.state}"
